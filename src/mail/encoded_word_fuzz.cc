// mail/encoded_word_fuzz.cc: what we write is ASCII without line ends and reads back as it was; whatever comes is read as one line of UTF-8.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/utf8.h"
#include "mail/encoded_word.h"
#include "mail/field_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string decoded = ph::mail::decode_words(text);
    PH_ASSERT(ph::is_utf8(decoded));
    for (const char c : decoded) PH_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);

    if (size > 2000) return 0;
    const std::string encoded = ph::mail::encode_words(text);
    for (const char c : encoded) PH_ASSERT(c >= 0x20 && c < 0x7F);
    PH_ASSERT(ph::mail::decode_words(encoded) == ph::mail::clean_value(text, 2000));
    return 0;
}

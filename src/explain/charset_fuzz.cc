// explain/charset_fuzz.cc: any bytes come out as UTF-8, and UTF-8 that needs no decoding comes out as it is.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/utf8.h"
#include "explain/charset.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    std::string storage;
    ph::explain::Charset found{};
    const std::string_view text = ph::explain::to_utf8(bytes, storage, &found);
    PH_ASSERT(ph::is_utf8(text));
    PH_ASSERT(!ph::explain::to_text(found).empty());
    PH_ASSERT(text.data() == bytes.data() || text.data() == storage.data());
    PH_ASSERT(found == ph::explain::Charset::utf8 || text.data() == storage.data());
    PH_ASSERT(text.empty() == bytes.empty());
    return 0;
}

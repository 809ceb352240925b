// status/enhanced_code_fuzz.cc: what is read as an enhanced code is printed as it stood, and nothing past the end is looked at.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "status/enhanced_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using ph::status::EnhancedCode;
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::size_t length = 0;
    const auto head = EnhancedCode::parse_head(text, length);
    const auto whole = EnhancedCode::parse(text);
    PH_ASSERT(head.has_value() || length == 0);
    PH_ASSERT(whole.has_value() == (head.has_value() && length == text.size()));
    if (head) {
        PH_ASSERT(length >= 5 && length <= 9 && length <= text.size());
        PH_ASSERT(to_text(*head) == text.substr(0, length));
        PH_ASSERT(EnhancedCode::parse(to_text(*head)) == head);
        PH_ASSERT(head->subject <= 999 && head->detail <= 999 && (head->code_class == 2 || head->code_class == 4 || head->code_class == 5));
    }
    const auto code = ph::status::ReplyCode::parse(text);
    if (code) PH_ASSERT(to_text(*code) == text);
    return 0;
}

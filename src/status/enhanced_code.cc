// status/enhanced_code.cc: the grammar of RFC 3463 section 2.
#include "status/enhanced_code.h"

#include <charconv>

#include "base/ascii.h"

namespace ph::status {
namespace {

// RFC 3463 2: subject and detail are one to three digits without leading zeros.
std::optional<std::uint16_t> take_number(std::string_view text, std::size_t& at) {
    const std::size_t start = at;
    unsigned value = 0;
    while (at < text.size() && at - start < 3 && is_digit(text[at])) value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    const std::size_t digits = at - start;
    if (digits == 0 || (digits > 1 && text[start] == '0')) return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

bool goes_on(std::string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    if (is_alnum(text[at])) return true;
    return text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]);
}

}  // namespace

std::optional<EnhancedCode> EnhancedCode::parse_head(std::string_view text, std::size_t& length) {
    if (text.size() < 5 || text[1] != '.' || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return std::nullopt;
    EnhancedCode code;
    code.code_class = static_cast<std::uint8_t>(text[0] - '0');
    std::size_t at = 2;
    const auto subject = take_number(text, at);
    if (!subject || at >= text.size() || text[at] != '.') return std::nullopt;
    const auto detail = take_number(text, ++at);
    if (!detail || goes_on(text, at)) return std::nullopt;
    code.subject = *subject;
    code.detail = *detail;
    length = at;
    return code;
}

std::optional<EnhancedCode> EnhancedCode::parse(std::string_view text) {
    std::size_t length = 0;
    const auto code = parse_head(text, length);
    if (!code || length != text.size()) return std::nullopt;
    return code;
}

std::string to_text(EnhancedCode code) {
    char text[16];
    char* end = std::to_chars(text, text + sizeof text, code.code_class).ptr;
    *end++ = '.';
    end = std::to_chars(end, text + sizeof text, code.subject).ptr;
    *end++ = '.';
    end = std::to_chars(end, text + sizeof text, code.detail).ptr;
    return {text, end};
}

}  // namespace ph::status

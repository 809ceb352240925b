// base/utf8.cc: UTF-8 by the table of RFC 3629 section 4; overlong forms and surrogates are not UTF-8.
#include "base/utf8.h"

namespace ph {
namespace {

constexpr CodePoint broken{U'\uFFFD', 1, false};

char32_t low_bits(std::string_view text, std::size_t at, int bits) {
    return static_cast<unsigned char>(text[at]) & ((1U << bits) - 1U);
}

bool continues(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count >= text.size()) return false;
    for (std::size_t i = 1; i <= count; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return false;
    }
    return true;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
    const auto head = static_cast<unsigned char>(text[at]);
    if (head < 0x80) return {head, 1, true};
    if (head >= 0xC2 && head < 0xE0 && continues(text, at, 1)) {
        return {low_bits(text, at, 5) << 6U | low_bits(text, at + 1, 6), 2, true};
    }
    if (head >= 0xE0 && head < 0xF0 && continues(text, at, 2)) {
        const char32_t value = low_bits(text, at, 4) << 12U | low_bits(text, at + 1, 6) << 6U | low_bits(text, at + 2, 6);
        if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) return {value, 3, true};
    }
    if (head >= 0xF0 && head < 0xF5 && continues(text, at, 3)) {
        const char32_t value =
            low_bits(text, at, 3) << 18U | low_bits(text, at + 1, 6) << 12U | low_bits(text, at + 2, 6) << 6U | low_bits(text, at + 3, 6);
        if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4, true};
    }
    return broken;
}

void append_utf8(std::string& out, char32_t code_point) {
    if ((code_point >= 0xD800 && code_point <= 0xDFFF) || code_point > 0x10FFFF) code_point = broken.value;
    const auto byte = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
    if (code_point < 0x80) {
        byte(code_point);
    } else if (code_point < 0x800) {
        byte(0xC0U | code_point >> 6U);
        byte(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        byte(0xE0U | code_point >> 12U);
        byte(0x80U | (code_point >> 6U & 0x3FU));
        byte(0x80U | (code_point & 0x3FU));
    } else {
        byte(0xF0U | code_point >> 18U);
        byte(0x80U | (code_point >> 12U & 0x3FU));
        byte(0x80U | (code_point >> 6U & 0x3FU));
        byte(0x80U | (code_point & 0x3FU));
    }
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid) return false;
        at += point.length;
    }
    return true;
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        append_utf8(out, point.value);
        at += point.length;
    }
    return out;
}

}  // namespace ph

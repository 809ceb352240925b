// base/utf8.h: one code point at a time, in and out (RFC 3629); never reads past the end, never emits a surrogate.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ph {

struct CodePoint {
    char32_t value = 0;       // U+FFFD where the bytes are not UTF-8
    std::uint8_t length = 0;  // bytes taken, 1 to 4; 1 for a byte that is not UTF-8
    bool valid = false;
};

// The code point that starts at text[at]; at must be less than text.size().
CodePoint decode_utf8(std::string_view text, std::size_t at);

void append_utf8(std::string& out, char32_t code_point);

bool is_utf8(std::string_view text);

// `text` with every byte that is not UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace ph

// base/ascii.h: character classes and letter case of ASCII, the same in every locale.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace ph {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || is_upper(c);
}
// A table, because the scanners of replies ask this of every byte.
inline constexpr std::array<bool, 256> alnum_table = [] {
    std::array<bool, 256> table{};
    for (char c = 0; c < 127; ++c) table[static_cast<unsigned char>(c)] = is_digit(c) || is_alpha(c);
    return table;
}();
constexpr bool is_alnum(char c) {
    return alnum_table[static_cast<unsigned char>(c)];
}
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
constexpr char to_lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = to_lower(c);
    return lower;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
}

constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view head) {
    return text.size() >= head.size() && equals_ignoring_case(text.substr(0, head.size()), head);
}

constexpr bool ends_with_ignoring_case(std::string_view text, std::string_view tail) {
    return text.size() >= tail.size() && equals_ignoring_case(text.substr(text.size() - tail.size()), tail);
}

// Where `needle` (given in lower case) stands in `text` from `from` on, whatever the case of `text`; npos if nowhere.
constexpr std::size_t find_ignoring_case(std::string_view text, std::string_view needle, std::size_t from = 0) {
    if (needle.size() > text.size()) return std::string_view::npos;
    const char* bytes = text.data();
    const char first = needle.front();
    const std::size_t last = text.size() - needle.size();
    for (std::size_t at = from; at <= last; ++at) {
        if (to_lower(bytes[at]) == first && equals_ignoring_case(text.substr(at, needle.size()), needle)) return at;
    }
    return std::string_view::npos;
}

constexpr std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace ph

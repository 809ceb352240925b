// base/display.cc: columns by utf8proc's tables (Unicode East Asian Width); the breaking rules are the few that English and
// Chinese text of ours needs, not the whole of UAX 14.
#include "base/display.h"

#include <utf8proc.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph {
namespace {

std::size_t width_of(char32_t point) {
    if (point < 0x20 || point == 0x7F) return 0;
    if (point < 0x7F) return 1;
    const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(point));
    return width > 0 ? static_cast<std::size_t>(width) : 0;
}

constexpr bool is_wide(char32_t point) {
    return point >= 0x2E80 && point < 0xFFE7;
}

// Closing punctuation does not begin a line.
constexpr bool closes(char32_t point) {
    return std::u32string_view(U"，。、；：？！）》」』】”’…％,.;:?!)]}%").find(point) != std::u32string_view::npos;
}

// Opening punctuation does not end one.
constexpr bool opens(char32_t point) {
    return std::u32string_view(U"（《「『【“‘([{").find(point) != std::u32string_view::npos;
}

// The pieces between which a line may break: words with the blanks before them, single wide characters.
std::vector<std::string> pieces_of(std::string_view text) {
    std::vector<std::string> pieces;
    char32_t last = U' ';
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        const bool blank = point.value == U' ';
        const bool breaks =
            (blank && last != U' ') || (!blank && (is_wide(point.value) || is_wide(last)) && last != U' ' && !closes(point.value) && !opens(last));
        if (breaks || pieces.empty()) pieces.emplace_back();
        append_utf8(pieces.back(), point.value);
        last = point.value;
        at += point.length;
    }
    return pieces;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        columns += width_of(point.value);
        at += point.length;
    }
    return columns;
}

std::string pad(std::string_view text, std::size_t columns) {
    const std::size_t width = display_width(text);
    return std::string(text) + std::string(width < columns ? columns - width : 1, ' ');
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines(1);
    std::size_t used = 0;
    for (const std::string& piece : pieces_of(text)) {
        const std::size_t width = display_width(trim(piece));
        if (used != 0 && used + display_width(piece) > columns) {
            lines.emplace_back(trim(piece));
            used = width;
        } else {
            lines.back() += used == 0 ? std::string(trim(piece)) : piece;
            used = display_width(lines.back());
        }
    }
    return lines;
}

std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
        const bool reorders = (point.value >= 0x202A && point.value <= 0x202E) || (point.value >= 0x2066 && point.value <= 0x2069);
        if (point.value == U'\t' || point.value == U'\n') {
            out += ' ';
        } else if (!control && !reorders) {
            append_utf8(out, point.value);
        }
        at += point.length;
    }
    return out;
}

}  // namespace ph

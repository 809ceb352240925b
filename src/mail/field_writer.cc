// mail/field_writer.cc: makes values harmless and folds them. Unfolding gives the value back, blank for blank.
#include "mail/field_writer.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::mail {
namespace {

constexpr std::size_t max_column = 76;
constexpr std::size_t max_word = 900;

template <typename Place>
std::string clean(std::string_view text, std::size_t max, Place place) {
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < max;) {
        const CodePoint point = decode_utf8(text, at);
        const std::size_t before = out.size();
        place(out, point.value);
        if (out.size() > max) {
            out.resize(before);
            break;
        }
        at += point.length;
    }
    return std::string(trim(out));
}

bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

}  // namespace

std::string clean_value(std::string_view text, std::size_t max) {
    return clean(text, max, [](std::string& out, char32_t point) { append_utf8(out, is_control(point) ? U'?' : point); });
}

std::string clean_ascii_value(std::string_view text, std::size_t max) {
    return clean(text, max, [](std::string& out, char32_t point) { out += is_control(point) || point > 0x7E ? '?' : static_cast<char>(point); });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(":");
    std::size_t column = name.size() + 1;
    std::string spaced = " ";
    spaced.append(trim(value));
    std::string_view rest = spaced;
    while (!rest.empty()) {
        // Blanks and the word behind them stay together: so a line never consists of blanks.
        const std::size_t word = std::min(rest.find_first_not_of(' '), rest.size());
        const std::size_t length = std::min({rest.find(' ', word), rest.size(), word + max_word});
        const bool broken = rest.front() != ' ';
        if (broken || (column + length > max_column && column > name.size() + 1)) {
            out.append(broken ? "\r\n " : "\r\n");
            column = broken ? 1 : 0;
        }
        out.append(rest.substr(0, length));
        column += length;
        rest.remove_prefix(length);
    }
    out.append("\r\n");
}

}  // namespace ph::mail

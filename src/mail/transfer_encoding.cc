// mail/transfer_encoding.cc: the two encodings that carry 8-bit content over 7-bit SMTP.
// Quoted-printable here also hides what transports change: "From " and a dot at the start of a line, blanks at its end (RFC 2049 3).
#include "mail/transfer_encoding.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace ph::mail {
namespace {

constexpr std::size_t max_line = 76;
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t not_base64 = 0xFF;
constexpr std::array<std::uint8_t, 256> base64_values = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::uint8_t& value : table) value = not_base64;
    for (std::size_t i = 0; i < base64_digits.size(); ++i) table[static_cast<unsigned char>(base64_digits[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

bool is_literal(char c) {
    return c >= 32 && c < 127 && c != '=';
}

// One line, without its end.
void append_quoted_line(std::string& out, std::string_view line) {
    std::size_t column = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        const bool last = at + 1 == line.size();
        const bool risky = (c == ' ' && last) || (at == 0 && (c == '.' || line.starts_with("From ")));
        const std::size_t width = is_literal(c) && !risky ? 1 : 3;
        // The '=' of a soft line end needs a column too, but for the last character of the line.
        if (column + width > max_line - (last ? 0 : 1)) {
            out += "=\r\n";
            column = 0;
        }
        if (width == 1) {
            out += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out += {'=', hex_digits[octet >> 4U], hex_digits[octet & 15U]};
        }
        column += width;
    }
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Decodes one line without its end and without blanks at its end; true if the line goes on in the next.
Result<bool> append_decoded_line(std::string& out, std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] != '=') {
            out += line[at];
            continue;
        }
        if (at + 1 == line.size()) return true;
        const int high = hex_value(line[at + 1]);
        const int low = at + 2 < line.size() ? hex_value(line[at + 2]) : -1;
        if (high < 0 || low < 0) return fail(FaultKind::malformed, "'=' without two hexadecimal digits in quoted-printable");
        out += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return false;
}

void append_base64(std::string& out, std::string_view octets) {
    const auto digit = [&](unsigned value) { out += base64_digits[value & 63U]; };
    std::size_t at = 0;
    for (; at + 3 <= octets.size(); at += 3) {
        const unsigned group = static_cast<unsigned>(static_cast<unsigned char>(octets[at])) << 16U |
                               static_cast<unsigned>(static_cast<unsigned char>(octets[at + 1])) << 8U |
                               static_cast<unsigned>(static_cast<unsigned char>(octets[at + 2]));
        digit(group >> 18U);
        digit(group >> 12U);
        digit(group >> 6U);
        digit(group);
    }
    if (at == octets.size()) return;
    const bool two = octets.size() - at == 2;
    const unsigned group = static_cast<unsigned>(static_cast<unsigned char>(octets[at])) << 16U |
                           (two ? static_cast<unsigned>(static_cast<unsigned char>(octets[at + 1])) << 8U : 0U);
    digit(group >> 18U);
    digit(group >> 12U);
    if (two) digit(group >> 6U);
    out += two ? "=" : "==";
}

}  // namespace

std::string encode_quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 4 + 16);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        const bool crlf = end != std::string_view::npos && line.ends_with('\r');
        append_quoted_line(out, line.substr(0, line.size() - (crlf ? 1 : 0)));
        if (end == std::string_view::npos) break;
        out += "\r\n";
        text.remove_prefix(end + 1);
    }
    return out;
}

Result<std::string> decode_quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
        PH_TRY(const bool goes_on, append_decoded_line(out, line));
        if (end == std::string_view::npos) break;
        if (!goes_on) out += "\r\n";
        text.remove_prefix(end + 1);
    }
    return out;
}

std::string encode_base64(std::string_view octets) {
    constexpr std::size_t octets_of_line = max_line / 4 * 3;
    std::string out;
    out.reserve(base64_size(octets));
    for (; !octets.empty(); octets.remove_prefix(std::min(octets.size(), octets_of_line))) {
        append_base64(out, octets.substr(0, octets_of_line));
        out += "\r\n";
    }
    return out;
}

std::string encode_base64_word(std::string_view octets) {
    std::string out;
    append_base64(out, octets);
    return out;
}

Result<std::string> decode_base64(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (is_blank(c)) continue;
        const std::uint8_t value = base64_values[static_cast<unsigned char>(c)];
        if (c == '=') {
            ++padding;
        } else if (value == not_base64 || padding != 0) {
            return fail(FaultKind::malformed, "a character that is not base64, or one behind its end");
        } else {
            group = group << 6U | value;
            // The octets come out as soon as their bits are whole.
            if (++digits % 4 != 1) out += static_cast<char>(static_cast<unsigned char>(group >> (6U - 2U * ((digits - 1) & 3U))));
        }
    }
    const std::size_t rest = digits % 4;
    if (rest == 1 || padding != (rest == 0 ? 0 : 4 - rest)) return fail(FaultKind::malformed, "base64 with wrong padding");
    return out;
}

std::size_t quoted_printable_size(std::string_view text) {
    const auto quoted =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_literal(c) && c != '\r' && c != '\n'; }));
    const std::size_t size = text.size() + 2 * quoted;
    return size + size / max_line * 3;
}

std::size_t base64_size(std::string_view octets) {
    const std::size_t size = (octets.size() + 2) / 3 * 4;
    return size + (size + max_line - 1) / max_line * 2;
}

}  // namespace ph::mail

// smtp/syntax/dsn.cc: the grammars of RFC 3461 4 and RFC 6533 3. What comes out goes into bounces and log lines, so nothing that is decoded
// may be a control character.
#include "smtp/syntax/dsn.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::smtp {
namespace {

constexpr std::size_t max_orcpt = 500;  // RFC 3461 4.2
constexpr std::size_t max_envid = 100;  // RFC 3461 4.4

std::optional<unsigned> hex_digit(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

// RFC 6533 3: EmbeddedUnicodeChar = "\x{" HEXPOINT "}" at text[at]; HEXPOINT has two to six upper-case digits.
std::optional<char32_t> take_embedded(std::string_view text, std::size_t& at) {
    if (text.substr(at, 3) != "\\x{") return std::nullopt;
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos || close < at + 5 || close > at + 9) return std::nullopt;
    char32_t value = 0;
    for (const char c : text.substr(at + 3, close - at - 3)) {
        const auto digit = hex_digit(c);
        if (!digit) return std::nullopt;
        value = value << 4U | *digit;
    }
    at = close + 1;
    return value;
}

bool is_printable(char32_t point) {
    return point >= 0x20 && !(point >= 0x7F && point < 0xA0) && !(point >= 0xD800 && point <= 0xDFFF) && point <= 0x10FFFF;
}

// xtext as RFC 3461 4 has it, but any octet may be encoded.
std::optional<std::string> decode_xtext_octets(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c < '!' || c > '~' || c == '=') return std::nullopt;
        if (c == '+') {
            if (at + 2 >= text.size()) return std::nullopt;
            const auto high = hex_digit(text[at + 1]);
            const auto low = hex_digit(text[at + 2]);
            if (!high || !low) return std::nullopt;
            at += 2;
            c = static_cast<char>(*high << 4U | *low);
        }
        out += c;
    }
    return out;
}

bool is_printable_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid || !is_printable(point.value)) return false;
        at += point.length;
    }
    return true;
}

bool is_atom(std::string_view text) {
    static constexpr std::string_view specials = "()<>@,;:\\\".[]=+";
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 32 && c < 127 && specials.find(c) == std::string_view::npos; });
}

}  // namespace

std::optional<std::string> decode_xtext(std::string_view text) {
    auto out = decode_xtext_octets(text);
    if (!out || !std::all_of(out->begin(), out->end(), [](char c) { return c >= 0x20 && c <= 0x7E; })) return std::nullopt;
    return out;
}

std::optional<std::string> decode_utf8_address(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid || !is_printable(point.value)) return std::nullopt;
        if (point.value == '\\') {
            const auto embedded = take_embedded(text, at);
            if (!embedded || !is_printable(*embedded)) return std::nullopt;
            append_utf8(out, *embedded);
            continue;
        }
        if (point.value == '+' || point.value == '=' || point.value == ' ') return std::nullopt;
        out.append(text, at, point.length);
        at += point.length;
    }
    return out;
}

std::optional<mail::Notify> parse_notify(std::string_view text) {
    mail::Notify notify;
    if (equals_ignoring_case(text, "NEVER")) {
        notify.bits = mail::Notify::never;
        return notify;
    }
    while (true) {
        const std::size_t comma = text.find(',');
        const std::string_view word = text.substr(0, comma);
        std::uint8_t bit = 0;
        if (equals_ignoring_case(word, "SUCCESS")) bit = mail::Notify::success;
        if (equals_ignoring_case(word, "FAILURE")) bit = mail::Notify::failure;
        if (equals_ignoring_case(word, "DELAY")) bit = mail::Notify::delay;
        if (bit == 0) return std::nullopt;
        notify.bits = static_cast<std::uint8_t>(notify.bits | bit);
        if (comma == std::string_view::npos) return notify;
        text.remove_prefix(comma + 1);
    }
}

std::optional<std::string> parse_orcpt(std::string_view text) {
    const std::size_t semicolon = text.find(';');
    if (text.size() > max_orcpt || semicolon == std::string_view::npos) return std::nullopt;
    const std::string_view type = text.substr(0, semicolon);
    const std::string_view encoded = text.substr(semicolon + 1);
    if (!is_atom(type) || encoded.empty()) return std::nullopt;
    const auto address = equals_ignoring_case(type, "utf-8") ? decode_utf8_address(encoded) : decode_xtext(encoded);
    if (address) return to_lower(type) + ';' + *address;
    // Postfix (seen in 3.7) writes "rfc822;" before UTF-8 in xtext, where RFC 6533 3 wants "utf-8;". Refusing it would cost the message.
    const auto octets = equals_ignoring_case(type, "rfc822") ? decode_xtext_octets(encoded) : std::nullopt;
    if (!octets || !is_printable_utf8(*octets)) return std::nullopt;
    return "utf-8;" + *octets;
}

std::optional<std::string> parse_envid(std::string_view text) {
    if (text.empty() || text.size() > max_envid) return std::nullopt;
    return decode_xtext(text);
}

}  // namespace ph::smtp

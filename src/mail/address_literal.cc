// mail/address_literal.cc: IPv4 and IPv6 addresses as text, read strictly: an address that two parsers read differently is refused.
#include "mail/address_literal.h"

#include <algorithm>

#include "base/ascii.h"

namespace ph::mail {
namespace {

bool is_octet(std::string_view text) {
    if (text.empty() || text.size() > 3 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
    if (text.size() > 1 && text[0] == '0') return false;
    unsigned value = 0;
    for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
    return value <= 255;
}

bool is_group(std::string_view text) {
    return !text.empty() && text.size() <= 4 && std::all_of(text.begin(), text.end(), is_hex);
}

// The number of 16-bit groups in "a:b:c", 9 if it is not that. Nothing is no group; the last may be an IPv4 address, which is two.
std::size_t count_groups(std::string_view text, bool ipv4_allowed) {
    constexpr std::size_t bad = 9;
    if (text.empty()) return 0;
    std::size_t groups = 0;
    while (groups < bad) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        const bool last = colon == std::string_view::npos;
        if (is_group(group)) {
            groups += 1;
        } else if (last && ipv4_allowed && is_ipv4(group)) {
            groups += 2;
        } else {
            return bad;
        }
        if (last) return groups;
        text.remove_prefix(colon + 1);
    }
    return bad;
}

}  // namespace

bool is_ipv4(std::string_view text) {
    for (int dots = 0; dots < 3; ++dots) {
        const std::size_t dot = text.find('.');
        if (dot == std::string_view::npos || !is_octet(text.substr(0, dot))) return false;
        text.remove_prefix(dot + 1);
    }
    return is_octet(text);
}

bool is_ipv6(std::string_view text) {
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text, true) == 8;
    const std::size_t before = count_groups(text.substr(0, gap), false);
    const std::size_t after = count_groups(text.substr(gap + 2), true);
    return before + after <= 7;
}

std::string address_literal(std::string_view address) {
    if (is_ipv4(address)) return "[" + std::string(address) + "]";
    if (is_ipv6(address)) return "[IPv6:" + to_lower(address) + "]";
    return {};
}

}  // namespace ph::mail

// io/dns_wire.cc: record data with bounds checks. A name with octets that no host name has (blanks, controls, dots within a label) is refused
// here, so that none reaches a log, a header or a command.
#include "io/dns_wire.h"

#include <algorithm>

#include "base/ascii.h"

namespace ph::io {
namespace {

constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= max_label && std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

// The name that fills all of `data`; "" is the root.
std::optional<std::string> parse_wire_name(std::string_view data) {
    std::string name;
    while (!data.empty()) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(data[0]));
        data.remove_prefix(1);
        // RFC 1035 4.1.4: lengths above 63 would be compression, which has no place here.
        if (length == 0) return data.empty() && name.size() <= max_name ? std::optional(name) : std::nullopt;
        if (length > data.size() || !is_label(data.substr(0, length))) return std::nullopt;
        if (!name.empty()) name += '.';
        name += to_lower(data.substr(0, length));
        data.remove_prefix(length);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> plain_name(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty() || text.size() > max_name) return std::nullopt;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('.', at), text.size());
        if (!is_label(text.substr(at, end - at))) return std::nullopt;
        at = end + 1;
    }
    return to_lower(text);
}

std::string reverse_name(const IpAddress& address) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string name;
    // RFC 3596 2.5, RFC 1035 3.5
    for (std::size_t i = address.v6 ? 16 : 4; i-- > 0;) {
        const std::uint8_t byte = address.bytes[i];
        if (address.v6) {
            name.append(1, hex[byte & 0xFU]).append(1, '.').append(1, hex[byte >> 4U]).append(1, '.');
        } else {
            name += std::to_string(byte) + '.';
        }
    }
    return name + (address.v6 ? "ip6.arpa" : "in-addr.arpa");
}

std::optional<IpAddress> parse_a(std::string_view data) {
    if (data.size() != 4) return std::nullopt;
    IpAddress address;
    std::ranges::copy(data, address.bytes.begin());
    return address;
}

std::optional<IpAddress> parse_aaaa(std::string_view data) {
    if (data.size() != 16) return std::nullopt;
    IpAddress address;
    std::ranges::copy(data, address.bytes.begin());
    address.v6 = true;
    return address;
}

std::optional<MxRecord> parse_mx(std::string_view data) {
    if (data.size() < 3) return std::nullopt;
    auto host = parse_wire_name(data.substr(2));
    if (!host) return std::nullopt;
    const auto high = static_cast<unsigned char>(data[0]);
    const auto low = static_cast<unsigned char>(data[1]);
    return MxRecord{.preference = static_cast<std::uint16_t>((high << 8U) | low), .host = *std::move(host)};
}

std::optional<std::string> parse_ptr(std::string_view data) {
    auto name = parse_wire_name(data);
    if (!name || name->empty()) return std::nullopt;
    return name;
}

std::optional<std::string> parse_txt(std::string_view data) {
    std::string text;
    if (data.empty()) return std::nullopt;
    while (!data.empty()) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(data[0]));
        if (length >= data.size()) return std::nullopt;
        text += data.substr(1, length);
        data.remove_prefix(1 + length);
    }
    return text;
}

}  // namespace ph::io

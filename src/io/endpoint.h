// io/endpoint.h: where a server listens or is reached: an IP address with a port, or the path of a local socket.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ph::io {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  // IPv4 in the first four
    bool v6 = false;

    static std::optional<IpAddress> parse(std::string_view text);  // "192.0.2.1", "2001:db8::1"; v4-mapped becomes IPv4
    bool is_loopback() const;
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};
std::string to_text(const IpAddress& address);

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;
    std::string path;  // of a local socket; then the rest is empty

    bool is_local() const { return !path.empty(); }
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};
// "192.0.2.1:25", "[2001:db8::1]:25", "unix:/run/x".
std::string to_text(const Endpoint& endpoint);
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace ph::io

// io/endpoint.cc: addresses and endpoints from text and back. inet_pton is strict enough: no octal, no short forms, no zone ids.
// An IPv4-mapped IPv6 address is the IPv4 address it stands for, so that limits and tables see one host once.
#include "io/endpoint.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <sys/un.h>

namespace ph::io {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::string_view local_prefix = "unix:";

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

Result<Endpoint> parse_local(std::string_view path) {
    if (path.empty() || path.front() != '/') return fail(FaultKind::malformed, "the path of a local socket starts with '/': unix:/run/x");
    if (path.find('\0') != std::string_view::npos) return fail(FaultKind::malformed, "a path has no NUL octet");
    constexpr std::size_t max_path = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() > max_path) return fail(FaultKind::too_large, "the path of a local socket has at most " + std::to_string(max_path) + " octets");
    return Endpoint{.address = {}, .port = 0, .path = std::string(path)};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::ranges::copy(text, buffer.begin());
    IpAddress address;
    if (inet_pton(AF_INET, buffer.data(), address.bytes.data()) == 1) return address;
    if (inet_pton(AF_INET6, buffer.data(), address.bytes.data()) != 1) return std::nullopt;
    if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin())) {
        std::copy_n(address.bytes.begin() + mapped_prefix.size(), 4, address.bytes.begin());
        std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
    } else {
        address.v6 = true;
    }
    return address;
}

bool IpAddress::is_loopback() const {
    constexpr std::array<std::uint8_t, 16> one = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return v6 ? bytes == one : bytes[0] == 127;
}

std::string to_text(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer.data(), buffer.size());
    return buffer.data();
}

std::string to_text(const Endpoint& endpoint) {
    if (endpoint.is_local()) return std::string(local_prefix) + endpoint.path;
    const std::string address = to_text(endpoint.address);
    return (endpoint.address.v6 ? '[' + address + ']' : address) + ':' + std::to_string(endpoint.port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
    if (text.starts_with(local_prefix)) return parse_local(text.substr(local_prefix.size()));
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return fail(FaultKind::malformed, "write it as 192.0.2.1:25, [2001:db8::1]:25 or unix:/run/x");
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const auto address = IpAddress::parse(host);
    if (!address) return fail(FaultKind::malformed, "'" + std::string(host) + "' is no IP address");
    if (bracketed != (host.find(':') != std::string_view::npos)) {
        return fail(FaultKind::malformed, "brackets belong around an IPv6 address, and only there: [2001:db8::1]:25");
    }
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return fail(FaultKind::malformed, "'" + std::string(text.substr(colon + 1)) + "' is no port; it is a number from 0 to 65535");
    return Endpoint{.address = *address, .port = *port, .path = {}};
}

}  // namespace ph::io

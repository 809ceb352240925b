// server/own_endpoints.cc: the system's interfaces, by getifaddrs(3).
#include "server/own_endpoints.h"

#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace ph::server {
namespace {

std::optional<io::IpAddress> address_of(const sockaddr* address) {
    io::IpAddress ip;
    if (address == nullptr) return std::nullopt;
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::memcpy(ip.bytes.data(), &v4.sin_addr, 4);
        return ip;
    }
    if (address->sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(ip.bytes.data(), &v6.sin6_addr, 16);
    ip.v6 = true;
    return ip;
}

std::vector<io::IpAddress> interface_addresses() {
    std::vector<io::IpAddress> addresses;
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return addresses;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        if (const auto address = address_of(entry->ifa_addr)) addresses.push_back(*address);
    }
    freeifaddrs(first);
    return addresses;
}

}  // namespace

std::vector<io::Endpoint> own_endpoints(const std::vector<io::Endpoint>& listening) {
    std::vector<io::Endpoint> own;
    for (const io::Endpoint& endpoint : listening) {
        if (endpoint.is_local()) continue;
        if (endpoint.address.bytes != decltype(endpoint.address.bytes){}) {
            own.push_back(endpoint);
            continue;
        }
        // "::" alone takes IPv6 only: listeners set IPV6_V6ONLY.
        for (const io::IpAddress& address : interface_addresses()) {
            if (address.v6 == endpoint.address.v6) own.push_back({address, endpoint.port, {}});
        }
    }
    return own;
}

}  // namespace ph::server

// io/interfaces.cc: the system's interfaces, by getifaddrs(3).
#include "io/interfaces.h"

#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>

#include "io/net.h"

namespace ph::io {
namespace {

std::size_t size_of(int family) {
    return family == AF_INET ? sizeof(sockaddr_in) : family == AF_INET6 ? sizeof(sockaddr_in6) : 0;
}

}  // namespace

std::vector<IpAddress> interface_addresses() {
    std::vector<IpAddress> addresses;
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return addresses;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        const std::size_t size = entry->ifa_addr != nullptr ? size_of(entry->ifa_addr->sa_family) : 0;
        if (size == 0) continue;
        SocketAddress address;
        std::memcpy(address.get(), entry->ifa_addr, size);
        addresses.push_back(endpoint_of(address).address);
    }
    freeifaddrs(first);
    return addresses;
}

}  // namespace ph::io

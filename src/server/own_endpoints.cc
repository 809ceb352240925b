// server/own_endpoints.cc: a listener for all addresses stands for each of them.
#include "server/own_endpoints.h"

#include "io/interfaces.h"

namespace ph::server {

std::vector<io::Endpoint> own_endpoints(const std::vector<io::Endpoint>& listening) {
    std::vector<io::Endpoint> own;
    for (const io::Endpoint& endpoint : listening) {
        if (endpoint.is_local()) continue;
        if (endpoint.address.bytes != decltype(endpoint.address.bytes){}) {
            own.push_back(endpoint);
            continue;
        }
        // "::" alone takes IPv6 only: listeners set IPV6_V6ONLY.
        for (const io::IpAddress& address : io::interface_addresses()) {
            if (address.v6 == endpoint.address.v6) own.push_back({address, endpoint.port, {}});
        }
    }
    return own;
}

}  // namespace ph::server

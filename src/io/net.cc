// io/net.cc: Endpoint ↔ sockaddr, errno → IoTrouble.
#include "io/net.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <netinet/in.h>
#include <system_error>

namespace ph::io {
namespace {

IoTrouble trouble_of(int error) {
    switch (error) {
        case ECONNREFUSED:
        case ENOENT:
            return IoTrouble::refused;  // a local socket whose server is not there
        case ETIMEDOUT:
            return IoTrouble::timed_out;
        case ENETUNREACH:
        case EHOSTUNREACH:
        case ENETDOWN:
        case EHOSTDOWN:
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
            return IoTrouble::unreachable;
        case ECONNRESET:
        case ECONNABORTED:
        case EPIPE:
        case ENOTCONN:
        case ESHUTDOWN:
            return IoTrouble::closed;
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case ENOBUFS:
            return IoTrouble::exhausted;
        case ECANCELED:
            return IoTrouble::cancelled;
        default:
            return IoTrouble::other;
    }
}

}  // namespace

SocketAddress socket_address(const Endpoint& endpoint) {
    SocketAddress out;
    if (endpoint.is_local()) {
        auto& local = reinterpret_cast<sockaddr_un&>(out.storage);
        local.sun_family = AF_UNIX;
        const std::size_t length = std::min(endpoint.path.size(), sizeof(local.sun_path) - 1);
        std::memcpy(local.sun_path, endpoint.path.data(), length);
        out.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length + 1);
    } else if (endpoint.address.v6) {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(out.storage);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        std::memcpy(&v6.sin6_addr, endpoint.address.bytes.data(), sizeof(v6.sin6_addr));
        out.size = sizeof(sockaddr_in6);
    } else {
        auto& v4 = reinterpret_cast<sockaddr_in&>(out.storage);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.address.bytes.data(), sizeof(v4.sin_addr));
        out.size = sizeof(sockaddr_in);
    }
    return out;
}

Endpoint endpoint_of(const SocketAddress& address) {
    Endpoint out;
    if (address.storage.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.storage);
        std::memcpy(out.address.bytes.data(), &v4.sin_addr, sizeof(v4.sin_addr));
        out.port = ntohs(v4.sin_port);
    } else if (address.storage.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address.storage);
        std::array<char, INET6_ADDRSTRLEN> text{};
        // By way of text, so that a mapped address becomes IPv4 in one place.
        if (inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size()) != nullptr)
            out.address = IpAddress::parse(text.data()).value_or(IpAddress{});
        out.port = ntohs(v6.sin6_port);
    } else if (address.storage.ss_family == AF_UNIX) {
        const auto& local = reinterpret_cast<const sockaddr_un&>(address.storage);
        const std::size_t length = address.size > offsetof(sockaddr_un, sun_path) ? address.size - offsetof(sockaddr_un, sun_path) : 0;
        out.path.assign(local.sun_path, strnlen(local.sun_path, std::min(length, sizeof(local.sun_path))));
    }
    return out;
}

Endpoint local_endpoint(int descriptor) {
    SocketAddress address;
    if (getsockname(descriptor, address.get(), &address.size) != 0) return {};
    return endpoint_of(address);
}

IoFault fault_of(int error) {
    return {trouble_of(error), std::generic_category().message(error)};
}

}  // namespace ph::io

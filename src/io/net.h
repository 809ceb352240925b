// io/net.h: the few socket calls that the real world is made of: addresses for the kernel and from it, and what an errno means above.
// Private to the room.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "io/stream.h"

namespace ph::io {

// A socket address of any family that we speak.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
SocketAddress socket_address(const Endpoint& endpoint);
// Of a family that we do not know: an empty Endpoint.
Endpoint endpoint_of(const SocketAddress& address);

Endpoint local_endpoint(int descriptor);

IoFault fault_of(int error);
inline tl::unexpected<IoFault> io_error(int error) {
    return tl::unexpected(fault_of(error));
}
inline tl::unexpected<IoFault> io_error(IoTrouble trouble, std::string message) {
    return tl::unexpected(IoFault{trouble, std::move(message)});
}

// Calls again what a signal interrupted.
template <typename Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result == -1 && errno == EINTR) result = call();
    return result;
}

}  // namespace ph::io

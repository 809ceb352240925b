// io/socket_open.cc: how sockets come into being: bound and listening, inherited from systemd, or on their way to a server.
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/socket_stream.h"

namespace ph::io {
namespace {

constexpr int backlog = 1024;

// Closes it on every way out but the good one.
class Guard {
  public:
    explicit Guard(int descriptor) : descriptor_(descriptor) {}
    ~Guard() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    int get() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
};

tl::unexpected<IoFault> failed(const Endpoint& at, std::string_view what) {
    IoFault fault = fault_of(errno);
    fault.message = "cannot " + std::string(what) + ' ' + to_text(at) + ": " + fault.message;
    return tl::unexpected(std::move(fault));
}

void set_option(int socket, int level, int name) {
    const int on = 1;
    setsockopt(socket, level, name, &on, sizeof(on));
}

// Replies are written whole, so nothing is gained by waiting for more (Nagle); accepted sockets inherit it.
void set_no_delay(int socket, const Endpoint& at) {
    if (!at.is_local()) set_option(socket, IPPROTO_TCP, TCP_NODELAY);
}

bool bind_to(int socket, const Endpoint& at) {
    const SocketAddress address = socket_address(at);
    return bind(socket, address.get(), address.size) == 0;
}

// A file left behind by a process that is gone: a socket on which nobody listens.
bool is_stale(const Endpoint& at) {
    struct stat info {};
    if (lstat(at.path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
    const Guard probe(new_socket(at));
    const SocketAddress address = socket_address(at);
    return probe.get() >= 0 && connect(probe.get(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
}

}  // namespace

IoResult<int> listening_socket(const Endpoint& at) {
    Guard socket(new_socket(at));
    if (socket.get() < 0) return failed(at, "open a socket for");
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    // [::]:25 and 0.0.0.0:25 are two listeners: an IPv4 client is never seen as ::ffff:192.0.2.1.
    if (at.address.v6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
    set_no_delay(socket.get(), at);
    bool bound = bind_to(socket.get(), at);
    if (!bound && errno == EADDRINUSE && at.is_local()) {
        if (is_stale(at)) unlink(at.path.c_str());
        bound = bind_to(socket.get(), at);
    }
    if (!bound) return failed(at, "bind to");
    if (listen(socket.get(), backlog) != 0) return failed(at, "listen on");
    return socket.release();
}

IoResult<int> inherited_socket(int descriptor) {
    int listening = 0;
    socklen_t size = sizeof(listening);
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0) return io_error(errno);
    if (listening == 0) return io_error(IoTrouble::other, "descriptor " + std::to_string(descriptor) + " is no listening socket");
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return io_error(errno);
    set_no_delay(descriptor, local_endpoint(descriptor));
    return descriptor;
}

IoResult<int> connecting_socket(const Endpoint& to, const std::optional<IpAddress>& from) {
    Guard socket(new_socket(to));
    if (socket.get() < 0) return io_error(errno);
    set_no_delay(socket.get(), to);
    if (from && !to.is_local()) {
        // The port is chosen at connect, so that one address can have more than 28,000 connections.
        set_option(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
        if (!bind_to(socket.get(), Endpoint{.address = *from, .port = 0, .path = {}}))
            return failed({.address = *from, .port = 0, .path = {}}, "send from");
    }
    const SocketAddress address = socket_address(to);
    if (uninterrupted([&] { return connect(socket.get(), address.get(), address.size); }) != 0 && errno != EINPROGRESS && errno != EALREADY) {
        return io_error(errno);
    }
    return socket.release();
}

}  // namespace ph::io

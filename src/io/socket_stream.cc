// io/socket_stream.cc: reading and writing sockets. A read waits first and then takes what is there into the loop's buffer: three system calls
// (epoll_ctl, epoll_wait, recv) and none that comes back empty-handed. A write sends at once and waits only when the peer is slow.
#include "io/socket_stream.h"

#include <cerrno>
#include <netinet/tcp.h>
#include <unistd.h>

namespace ph::io {
namespace {

constexpr std::uint8_t max_full_reads = 8;  // then others have their turn

tl::unexpected<IoFault> not_ready(Wake why, bool open) {
    if (why == Wake::timed_out) return io_error(IoTrouble::timed_out, "timed out");
    return open ? io_error(IoTrouble::cancelled, "cancelled") : io_error(IoTrouble::closed, "connection closed");
}

// What accept(2) passes on from the connection that it would have given; the next one may be well.
bool of_one_connection(int error) {
    switch (error) {
        case ECONNABORTED:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EPERM:
            return true;
        default:
            return false;
    }
}

}  // namespace

Task<IoResult<void>> SocketStream::connected(Milliseconds timeout) {
    const Wake why = co_await socket_.writable(timeout);
    if (why != Wake::notified) co_return not_ready(why, socket_.open());
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) co_return io_error(error);
    co_return IoResult<void>();
}

Task<IoResult<std::string_view>> SocketStream::read(Milliseconds timeout) {
    // A read that filled the buffer has left more behind: no need to ask.
    bool wait = full_reads_ == 0 || full_reads_ > max_full_reads;
    while (true) {
        if (wait) {
            full_reads_ = 0;
            const Wake why = co_await socket_.readable(timeout);
            if (why != Wake::notified) co_return not_ready(why, socket_.open());
        }
        auto& buffer = loop_.buffer();
        const ssize_t count = uninterrupted([&] { return recv(socket_.get(), buffer.data(), buffer.size(), 0); });
        if (count >= 0) {
            const auto size = static_cast<std::size_t>(count);
            full_reads_ = size == buffer.size() ? static_cast<std::uint8_t>(full_reads_ + 1) : std::uint8_t{0};
            co_return std::string_view(buffer.data(), size);
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) co_return socket_.open() ? io_error(errno) : not_ready(Wake::cancelled, false);
        wait = true;
    }
}

Task<IoResult<void>> SocketStream::write(std::string_view bytes, Milliseconds timeout) {
    while (!bytes.empty()) {
        if (!socket_.open()) co_return not_ready(Wake::cancelled, false);
        const ssize_t count = uninterrupted([&] { return send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) co_return io_error(errno);
        const Wake why = co_await socket_.writable(timeout);
        if (why != Wake::notified) co_return not_ready(why, socket_.open());
    }
    co_return IoResult<void>();
}

const Endpoint& SocketStream::local() const {
    if (!local_) local_ = std::make_unique<Endpoint>(local_endpoint(socket_.get()));
    return *local_;
}

Task<IoResult<std::unique_ptr<Stream>>> SocketListener::accept() {
    while (socket_.open()) {
        SocketAddress address;
        // Tried before waiting: connections come in bursts.
        const int accepted = accept4(socket_.get(), address.get(), &address.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0) {
            // The client of a local socket has no name: it is known by the server's.
            std::unique_ptr<Stream> stream = std::make_unique<SocketStream>(loop_, accepted, local_.is_local() ? local_ : endpoint_of(address));
            co_return stream;
        }
        if (errno == EINTR || of_one_connection(errno)) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) co_return io_error(errno);
        const Wake why = co_await socket_.readable(never);
        if (why != Wake::notified) break;
    }
    co_return io_error(socket_.open() ? IoTrouble::cancelled : IoTrouble::closed, "listener closed");
}

void SocketListener::close() {
    if (socket_.open() && path_ == Path::own && local_.is_local()) unlink(local_.path.c_str());
    socket_.close();
}

int new_socket(const Endpoint& like) {
    const int family = like.is_local() ? AF_UNIX : like.address.v6 ? AF_INET6 : AF_INET;
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

}  // namespace ph::io

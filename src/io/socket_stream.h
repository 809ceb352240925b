// io/socket_stream.h: a Stream over a TCP or local socket, and the Listener that accepts them. Private to the room: others have World.
#pragma once

#include <memory>

#include "io/descriptor.h"
#include "io/net.h"
#include "io/real_loop.h"
#include "io/stream.h"

namespace ph::io {

class SocketStream final : public Stream {
  public:
    // Takes a connected, non-blocking socket, or one that is connecting: then connected() comes first.
    SocketStream(RealLoop& loop, int socket, Endpoint peer) : loop_(loop), socket_(loop, socket), peer_(std::move(peer)) {}

    Task<IoResult<void>> connected(Milliseconds timeout);

    Task<IoResult<std::string_view>> read(Milliseconds timeout) override;
    Task<IoResult<void>> write(std::string_view bytes, Milliseconds timeout) override;
    void cancel() override { socket_.cancel(); }
    void close() override { socket_.close(); }
    const Endpoint& peer() const override { return peer_; }
    const Endpoint& local() const override;

  private:
    RealLoop& loop_;
    mutable Descriptor socket_;
    Endpoint peer_;
    mutable std::unique_ptr<Endpoint> local_;  // asked for once, and only if somebody wants to know
    std::uint8_t full_reads_ = 0;              // reads in a row that filled the buffer
};

class SocketListener final : public Listener {
  public:
    // Takes a listening, non-blocking socket. `owns_path`: the local socket's file goes with it.
    enum class Path : std::uint8_t { own, foreign };
    SocketListener(RealLoop& loop, int socket, Path path) : loop_(loop), socket_(loop, socket), local_(local_endpoint(socket)), path_(path) {}
    ~SocketListener() override { close(); }

    Task<IoResult<std::unique_ptr<Stream>>> accept() override;
    void close() override;
    const Endpoint& local() const override { return local_; }

  private:
    RealLoop& loop_;
    Descriptor socket_;
    Endpoint local_;
    Path path_;
};

// A new stream socket, non-blocking, that programs do not inherit; -1 and errno.
int new_socket(const Endpoint& like);
IoResult<int> listening_socket(const Endpoint& at);
// Checks a socket that somebody else opened and makes it fit.
IoResult<int> inherited_socket(int descriptor);
// A socket on its way to `to`; connected() tells when it is there.
IoResult<int> connecting_socket(const Endpoint& to, const std::optional<IpAddress>& from);

}  // namespace ph::io

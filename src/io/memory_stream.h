// io/memory_stream.h: two connected Streams in memory, for tests and simulation: the same promises as sockets (bounded buffers, so that a writer
// has to wait; timeouts; end of stream; reset), and input that can be cut into pieces of any size.
#pragma once

#include <memory>
#include <utility>

#include "io/stream.h"
#include "io/world.h"

namespace ph::io {

struct MemoryStreamOptions {
    std::size_t capacity = 64 * 1024;  // octets on their way in one direction; beyond it a writer waits
    std::size_t max_read = 64 * 1024;  // octets that one read gives at most
};

struct MemoryPipe;

class MemoryStream final : public Stream {
  public:
    MemoryStream(Endpoint local, Endpoint peer, std::shared_ptr<MemoryPipe> in, std::shared_ptr<MemoryPipe> out);
    ~MemoryStream() override;

    Task<IoResult<std::string_view>> read(Milliseconds timeout) override;
    Task<IoResult<void>> write(std::string_view bytes, Milliseconds timeout) override;
    void cancel() override;
    // The peer reads what was written before, then the end.
    void close() override;
    // As when the peer's host restarts: both directions end at once, and what was on its way is lost.
    void reset();
    const Endpoint& peer() const override { return peer_; }
    const Endpoint& local() const override { return local_; }

  private:
    Endpoint local_;
    Endpoint peer_;
    std::shared_ptr<MemoryPipe> in_;
    std::shared_ptr<MemoryPipe> out_;
    std::string taken_;  // what the last read gave
    bool closed_ = false;
};

struct MemoryStreamPair {
    std::unique_ptr<MemoryStream> near;
    std::unique_ptr<MemoryStream> far;
};
// near.local is far.peer and the other way round.
MemoryStreamPair memory_stream_pair(World& world, const Endpoint& near, const Endpoint& far, MemoryStreamOptions options = {});

}  // namespace ph::io

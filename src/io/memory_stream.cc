// io/memory_stream.cc: each direction is a MemoryPipe that both ends share: octets, who waits, and how it ended.
#include "io/memory_stream.h"

#include <algorithm>

#include "io/wait_list.h"

namespace ph::io {

struct MemoryPipe {
    MemoryPipe(Loop& loop, MemoryStreamOptions with) : options(with), readers(loop), writers(loop) {}

    MemoryStreamOptions options;
    std::string bytes;
    bool writer_closed = false;
    bool reader_closed = false;
    bool was_reset = false;
    WaitList readers;
    WaitList writers;

    void wake(Wake why = Wake::notified) {
        readers.wake_all(why);
        writers.wake_all(why);
    }
};

namespace {

tl::unexpected<IoFault> fault(IoTrouble trouble, std::string message) {
    return tl::unexpected(IoFault{trouble, std::move(message)});
}
tl::unexpected<IoFault> not_woken(Wake why) {
    if (why == Wake::timed_out) return fault(IoTrouble::timed_out, "timed out");
    return fault(IoTrouble::cancelled, "cancelled");
}
tl::unexpected<IoFault> reset_fault() {
    return fault(IoTrouble::closed, "connection reset by peer");
}
tl::unexpected<IoFault> closed_fault() {
    return fault(IoTrouble::closed, "connection closed");
}

}  // namespace

MemoryStream::MemoryStream(Endpoint local, Endpoint peer, std::shared_ptr<MemoryPipe> in, std::shared_ptr<MemoryPipe> out)
    : local_(std::move(local)), peer_(std::move(peer)), in_(std::move(in)), out_(std::move(out)) {}

MemoryStream::~MemoryStream() {
    close();
}

Task<IoResult<std::string_view>> MemoryStream::read(Milliseconds timeout) {
    while (!closed_ && in_->bytes.empty() && !in_->writer_closed && !in_->was_reset) {
        const Wake why = co_await in_->readers.wait(timeout);
        if (closed_) break;
        if (why != Wake::notified) co_return not_woken(why);
    }
    if (closed_) co_return closed_fault();
    if (in_->was_reset) co_return reset_fault();
    const std::size_t count = std::min(in_->bytes.size(), in_->options.max_read);
    taken_ = in_->bytes.substr(0, count);
    in_->bytes.erase(0, count);
    in_->writers.wake_all();
    co_return std::string_view(taken_);
}

Task<IoResult<void>> MemoryStream::write(std::string_view bytes, Milliseconds timeout) {
    while (!bytes.empty()) {
        if (closed_) co_return closed_fault();
        if (out_->was_reset) co_return reset_fault();
        if (out_->reader_closed) co_return fault(IoTrouble::closed, "broken pipe");
        const std::size_t room = out_->options.capacity - std::min(out_->options.capacity, out_->bytes.size());
        if (room == 0) {
            const Wake why = co_await out_->writers.wait(timeout);
            if (why != Wake::notified && !closed_) co_return not_woken(why);
            continue;
        }
        out_->bytes += bytes.substr(0, room);
        bytes.remove_prefix(std::min(room, bytes.size()));
        out_->readers.wake_all();
    }
    co_return IoResult<void>();
}

void MemoryStream::cancel() {
    in_->readers.wake_all(Wake::cancelled);
    out_->writers.wake_all(Wake::cancelled);
}

void MemoryStream::close() {
    if (closed_) return;
    closed_ = true;
    in_->reader_closed = true;
    out_->writer_closed = true;
    in_->wake();
    out_->wake();
}

void MemoryStream::reset() {
    in_->was_reset = true;
    out_->was_reset = true;
    close();
}

MemoryStreamPair memory_stream_pair(World& world, const Endpoint& near, const Endpoint& far, MemoryStreamOptions options) {
    const auto there = std::make_shared<MemoryPipe>(world.loop(), options);
    const auto back = std::make_shared<MemoryPipe>(world.loop(), options);
    return {std::make_unique<MemoryStream>(near, far, back, there), std::make_unique<MemoryStream>(far, near, there, back)};
}

}  // namespace ph::io

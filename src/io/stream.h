// io/stream.h: a connection, whatever it runs over. Results are values: what ended a read matters to the protocol above.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "io/endpoint.h"
#include "io/task.h"

namespace ph::io {

enum class IoTrouble : std::uint8_t { closed, timed_out, refused, unreachable, cancelled, exhausted, other };  // exhausted: no descriptors or memory
struct IoFault {
    IoTrouble trouble;
    std::string message;
};
template <typename T>
using IoResult = tl::expected<T, IoFault>;

class Stream {
  public:
    virtual ~Stream() = default;  // closes
    // Waits at most `timeout` for octets. The view is into a buffer of the loop and lives until the calling coroutine awaits again, so that
    // an idle connection costs no buffer. Empty at end of stream.
    virtual Task<IoResult<std::string_view>> read(Milliseconds timeout) = 0;
    // All of it; the timeout is for each time that the peer takes nothing. `bytes` must live until then.
    virtual Task<IoResult<void>> write(std::string_view bytes, Milliseconds timeout) = 0;
    // A read or write that waits ends with `cancelled`; may be called from the loop at any time.
    virtual void cancel() = 0;
    virtual void close() = 0;
    virtual const Endpoint& peer() const = 0;
    virtual const Endpoint& local() const = 0;
};

class Listener {
  public:
    virtual ~Listener() = default;
    virtual Task<IoResult<std::unique_ptr<Stream>>> accept() = 0;
    virtual void close() = 0;
    virtual const Endpoint& local() const = 0;  // with the port that the system chose, if 0 was asked for
};

}  // namespace ph::io

// io/descriptor.h: a file descriptor that the real loop watches: sockets, pipes, process ends. Owns and closes it. Private to the room.
#pragma once

#include <memory>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "io/loop.h"
#include "io/task.h"
#include "io/wait_list.h"

namespace ph::io {

class Descriptor {
  public:
    // `descriptor` is non-blocking; -1 makes a closed one.
    Descriptor(Loop& loop, int descriptor);
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() { return socket_.is_open() ? socket_.native_handle() : -1; }
    bool open() const { return socket_.is_open(); }

    // `notified`: ready. Cancelled by cancel() and close(). The Descriptor outlives those who wait.
    Task<Wake> readable(Milliseconds timeout);
    Task<Wake> writable(Milliseconds timeout);
    void cancel();
    void close();

  private:
    using Socket = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
    class Deadline;
    enum class Ready : std::uint8_t { read, write };
    static Task<Wake> wait(Descriptor& self, Ready ready, Milliseconds timeout);

    Loop& loop_;
    Socket socket_;
    std::uint32_t cancels_ = 0;
};

}  // namespace ph::io

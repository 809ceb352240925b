// io/descriptor.cc: waiting is Asio's wait for readiness, without a buffer; the deadline is an alarm of the loop that cancels it.
// Asio can only cancel all waits of a descriptor, so a wait that was not meant goes on waiting.
#include "io/descriptor.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace ph::io {

class Descriptor::Deadline final : public Alarm {
  public:
    explicit Deadline(Socket& socket) : socket_(socket) {}
    void ring() override {
        rung = true;
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }
    bool rung = false;

  private:
    Socket& socket_;
};

Descriptor::Descriptor(Loop& loop, int descriptor) : loop_(loop), socket_(loop.context()) {
    boost::system::error_code error;
    if (descriptor >= 0) socket_.assign(descriptor, error);
    if (error) ::close(descriptor);  // what epoll cannot watch is nothing that we could use
}

Task<Wake> Descriptor::readable(Milliseconds timeout) {
    return wait(*this, Ready::read, timeout);
}

Task<Wake> Descriptor::writable(Milliseconds timeout) {
    return wait(*this, Ready::write, timeout);
}

Task<Wake> Descriptor::wait(Descriptor& self, Ready ready, Milliseconds timeout) {
    Deadline deadline(self.socket_);
    const Milliseconds end = deadline_of(self.loop_, timeout);
    if (end != never) self.loop_.set_alarm(deadline, end);
    const std::uint32_t cancels = self.cancels_;
    const auto what = ready == Ready::read ? Socket::wait_read : Socket::wait_write;
    while (self.cancels_ == cancels && self.open()) {
        auto waiting = self.socket_.async_wait(what, boost::asio::as_tuple(boost::asio::deferred));
        const auto [error] = co_await std::move(waiting);
        if (!error) co_return Wake::notified;
        if (error != boost::asio::error::operation_aborted) break;
        if (deadline.rung) co_return Wake::timed_out;
    }
    co_return Wake::cancelled;
}

void Descriptor::cancel() {
    ++cancels_;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Descriptor::close() {
    ++cancels_;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace ph::io

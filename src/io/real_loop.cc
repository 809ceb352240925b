// io/real_loop.cc: sweeps the wheel four times a second as long as any deadline is set; an idle process sleeps.
#include "io/real_loop.h"

#include "io/descriptor.h"

namespace ph::io {
namespace {

Milliseconds steady_now() {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

// UNSAFE_IO: only the loop's thread touches sockets and timers, so the reactor takes no locks for them; the scheduler keeps its own, so that
// post() works from any thread.
RealLoop::RealLoop()
    : Loop(context_),
      wheel_(steady_now()),
      buffer_(std::make_unique<std::array<char, 64 * 1024>>()),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      sweep_(context_) {}

Milliseconds RealLoop::ticks() const {
    return steady_now();
}

void RealLoop::set_alarm(Alarm& alarm, Milliseconds at) {
    wheel_.set(alarm, at);
    if (!sweeping_) sweep_later();
}

void RealLoop::sweep_later() {
    sweeping_ = true;
    sweep_.expires_after(TimerWheel::tick);
    sweep_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        wheel_.sweep(ticks());
        sweeping_ = false;
        if (!wheel_.empty()) sweep_later();
    });
}

}  // namespace ph::io

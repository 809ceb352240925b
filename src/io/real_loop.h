// io/real_loop.h: the loop of the real world: one io_context, one wheel of deadlines, one buffer that every stream reads into.
#pragma once

#include <array>
#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "io/loop.h"
#include "io/timer_wheel.h"

namespace ph::io {

class RealLoop final : public Loop {
  public:
    RealLoop();

    Milliseconds ticks() const override;
    // At most two ticks of the wheel late.
    void set_alarm(Alarm& alarm, Milliseconds at) override;
    // What a stream reads is there until something else runs.
    std::array<char, 64 * 1024>& buffer() { return *buffer_; }

  private:
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                                    boost::asio::io_context::executor_type>;
    void sweep_later();

    TimerWheel wheel_;  // outlives the coroutines that the context destroys
    bool sweeping_ = false;
    std::unique_ptr<std::array<char, 64 * 1024>> buffer_;
    boost::asio::io_context context_;
    Timer sweep_;
};

}  // namespace ph::io

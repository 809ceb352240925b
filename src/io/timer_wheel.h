// io/timer_wheel.h: many alarms that ring a little late: a ring of slots of one tick each, so that setting, clearing and sweeping cost the same
// with ten thousand idle sessions as with one. An alarm never rings early, and at most one tick late. Pure: time is an argument.
#pragma once

#include <array>

#include "io/loop.h"

namespace ph::io {

class TimerWheel {
  public:
    explicit TimerWheel(Milliseconds now) : swept_(slot_of(now)) {}

    // An alarm that is set already moves.
    void set(Alarm& alarm, Milliseconds at);
    // Rings what is due at `now`.
    void sweep(Milliseconds now);
    bool empty() const;

    static constexpr Milliseconds tick{250};

  private:
    static constexpr std::size_t slots = 2048;  // 512 seconds: SMTP's timeouts of five minutes never meet a round that is not theirs
    static std::int64_t slot_of(Milliseconds time) { return time.count() / tick.count(); }

    std::array<Link, slots> ring_;
    std::int64_t swept_;  // all slots up to this one
};

}  // namespace ph::io

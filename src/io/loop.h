// io/loop.h: what everything that waits is made of: a clock that never steps, alarms, and the io_context whose thread runs it all.
// RealWorld and TestWorld each have one; other rooms meet it only as an argument of Signal and Completion, by way of their World.
#pragma once

#include <boost/asio/io_context.hpp>

#include "base/time.h"

namespace ph::io {

// A place in a ring; an empty ring is a link to itself. Whoever is destroyed leaves its ring.
struct Link {
    Link* previous = this;
    Link* next = this;

    Link() = default;
    ~Link() { unlink(); }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    bool linked() const { return next != this; }
    void insert_before(Link& other) {
        previous = other.previous;
        next = &other;
        previous->next = this;
        other.previous = this;
    }
    void unlink() {
        previous->next = next;
        next->previous = previous;
        previous = next = this;
    }
};

class Loop;

// Rings once. Lives where it is needed, mostly in the frame of the coroutine that waits; its destruction clears it.
class Alarm : public Link {
  public:
    virtual void ring() = 0;

    Milliseconds at{};
    std::uint64_t order = 0;  // free for the loop: among alarms of the same time the first set rings first

  protected:
    ~Alarm() = default;
};

class Loop {
  public:
    virtual Milliseconds ticks() const = 0;
    // Rings at or soon after that time: the real loop sweeps a few times a second. An alarm that is set again moves.
    virtual void set_alarm(Alarm& alarm, Milliseconds at) = 0;

    boost::asio::io_context& context() { return context_; }

  protected:
    explicit Loop(boost::asio::io_context& context) : context_(context) {}
    ~Loop() = default;

  private:
    boost::asio::io_context& context_;
};

// The point of time `timeout` from now; beyond a year it is never.
inline constexpr Milliseconds never = Milliseconds::max();
inline Milliseconds deadline_of(const Loop& loop, Milliseconds timeout) {
    constexpr Milliseconds year = std::chrono::hours(366 * 24);
    return timeout > year ? never : loop.ticks() + timeout;
}

}  // namespace ph::io

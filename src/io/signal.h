// io/signal.h: Signal, "something changed, look again". It has no memory: a notify() that nobody waits for is gone, so look at the state
// first and wait only if there is nothing to do; on the one loop thread nothing can come between the two.
#pragma once

#include "io/wait_list.h"
#include "io/world.h"

namespace ph::io {

class Signal {
  public:
    explicit Signal(World& world) : waiting_(world.loop()) {}

    void notify() { waiting_.wake_all(); }
    // True: notified. False: the time is over, or the Signal was destroyed.
    Task<bool> wait(Milliseconds timeout = never) { return notified(waiting_.wait(timeout)); }

  private:
    static Task<bool> notified(Task<Wake> waiting) {
        const Wake why = co_await std::move(waiting);
        co_return why == Wake::notified;
    }

    WaitList waiting_;
};

}  // namespace ph::io

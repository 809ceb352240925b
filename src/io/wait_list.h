// io/wait_list.h: coroutines that wait for something on the loop's thread, and what wakes them. Completion and Signal, streams in memory and
// the resolver are made of it. A wake only makes the coroutine runnable: it runs later from the loop, never inside the call that woke it.
#pragma once

#include "io/loop.h"
#include "io/task.h"

namespace ph::io {

enum class Wake : std::uint8_t { notified, timed_out, cancelled };

class WaitList {
  public:
    explicit WaitList(Loop& loop) : loop_(loop) {}
    // Those who still wait are woken as cancelled.
    ~WaitList() { wake_all(Wake::cancelled); }
    WaitList(const WaitList&) = delete;
    WaitList& operator=(const WaitList&) = delete;

    // A coroutine that is destroyed while it waits leaves the list. `timeout` may be `never`.
    Task<Wake> wait(Milliseconds timeout = never);
    void wake_one(Wake why = Wake::notified);
    void wake_all(Wake why = Wake::notified);
    bool empty() const { return !waiters_.linked(); }

  private:
    Loop& loop_;
    Link waiters_;
};

}  // namespace ph::io

// store/log/lane.h: where blocking work runs, one piece after the other: a thread of its own, or in a simulation the hand of the test.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"

namespace ph::store::log {

class Lane {
  public:
    virtual ~Lane() = default;
    // Both from any thread. What is queued when stop() is called does not run.
    virtual void run(std::function<void()> work) = 0;
    virtual void run_after(Milliseconds delay, std::function<void()> work) = 0;
    // Waits for what runs just now; nothing runs after it.
    virtual void stop() = 0;
};

using MakeLane = std::function<std::unique_ptr<Lane>(const char* name)>;
std::unique_ptr<Lane> thread_lane(const char* name);

}  // namespace ph::store::log

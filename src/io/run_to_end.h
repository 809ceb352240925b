// io/run_to_end.h: runs the loop of a RealWorld until a task has ended: for tests, and for commands that ask a server one thing.
#pragma once

#include <optional>
#include <utility>

#include "io/real_world.h"

namespace ph::io {

template <typename T>
Task<void> keep_and_stop(RealWorld& world, Task<T> task, std::optional<T>& value) {
    value.emplace(co_await std::move(task));
    world.stop();
}

template <typename T>
T run_to_end(RealWorld& world, Task<T> task) {
    std::optional<T> value;
    world.spawn(keep_and_stop(world, std::move(task), value));
    world.run_loop();
    return std::move(*value);
}

inline Task<bool> ended(Task<void> task) {
    co_await std::move(task);
    co_return true;
}

inline void run_to_end(RealWorld& world, Task<void> task) {
    run_to_end(world, ended(std::move(task)));
}

}  // namespace ph::io

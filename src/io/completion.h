// io/completion.h: Completion<T>, the bridge from a callback on the loop's thread to a coroutine:
//     Completion<T> done(world);
//     start(done.callback());
//     T value = co_await done.take();
// The callback may come before or after take(), and never is fine too; a second call is ignored. It may outlive the Completion and the
// coroutine. take() is called once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "io/wait_list.h"
#include "io/world.h"

namespace ph::io {

template <typename T>
class Completion {
  public:
    explicit Completion(World& world) : state_(std::make_shared<State>(world.loop())) {}

    std::function<void(T)> callback() const {
        return [state = state_](T value) {
            if (state->value) return;
            state->value.emplace(std::move(value));
            state->waiting.wake_all();
        };
    }
    Task<T> take() { return take_from(state_); }

  private:
    struct State {
        explicit State(Loop& loop) : waiting(loop) {}
        WaitList waiting;
        std::optional<T> value;
    };
    static Task<T> take_from(std::shared_ptr<State> state) {
        if (!state->value) co_await state->waiting.wait();
        co_return std::move(*state->value);
    }

    std::shared_ptr<State> state_;
};

template <>
class Completion<void> {
  public:
    explicit Completion(World& world) : done_(world) {}

    std::function<void()> callback() const {
        return [done = done_.callback()] { done(true); };
    }
    Task<void> take() { return take_from(done_.take()); }

  private:
    static Task<void> take_from(Task<bool> done) { co_await std::move(done); }

    Completion<bool> done_;
};

}  // namespace ph::io

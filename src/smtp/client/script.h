// smtp/client/script.h: Script, a coroutine without I/O: a protocol in which we choose the order, written straight down. It never waits for
// anything but the next step(); a Script may await another one, which then runs in its place.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace ph::smtp::client {

class [[nodiscard]] Script {
  public:
    struct promise_type;
    using Handle = std::coroutine_handle<promise_type>;

    // At its end a script goes on with the one that awaited it; the outermost returns to step().
    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(Handle done) const noexcept { return done.promise().parent; }
        void await_resume() const noexcept {}
    };
    struct promise_type {
        std::coroutine_handle<> parent = std::noop_coroutine();

        Script get_return_object() { return Script(Handle::from_promise(*this)); }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        FinalAwaiter final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };

    Script() = default;
    Script(Script&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Script& operator=(Script&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;
    ~Script() {
        if (handle_) handle_.destroy();
    }

    void start() { handle_.resume(); }
    bool done() const { return !handle_ || handle_.done(); }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) const noexcept {
        handle_.promise().parent = parent;
        return handle_;
    }
    void await_resume() const noexcept {}

  private:
    explicit Script(Handle handle) : handle_(handle) {}
    Handle handle_;
};

}  // namespace ph::smtp::client

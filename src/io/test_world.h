// io/test_world.h: a World in memory for tests and simulation: time passes only when it is told to, connections are pairs of memory streams,
// names are scripted, randomness comes from a seed, blocking work and programs run inline. The same test runs the same way each time.
//     TestWorld world;
//     world.names().set_mx("example.org", {{10, "mx.example.org"}});
//     world.spawn(server_task(world));
//     const auto outcome = world.wait_for(client_task(world));   // runs the loop; time passes as it must
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "base/assert.h"
#include "io/loop.h"
#include "io/memory_stream.h"
#include "io/scripted_resolver.h"
#include "io/world.h"

namespace ph::io {

class TestListener;

class TestWorld final : public World {
  public:
    explicit TestWorld(std::uint64_t seed = 1);  // it is 2026-11-24 19:06:31.042 UTC
    ~TestWorld() override;

    // --- Running. Only these make anything happen.
    // Runs what can run now; no time passes.
    void run_until_idle();
    // Lets time pass, from alarm to alarm, and runs what each wakes.
    void advance(Milliseconds time);
    // Runs until `done`, letting as much time pass as that takes, at most `limit`. False: not done by then, or nothing is left that could happen.
    bool run_until(const std::function<bool()>& done, Milliseconds limit = std::chrono::hours(24 * 30));
    // Runs a task to its end. A task that never ends is a failed assertion.
    template <typename T>
    T wait_for(Task<T> task) {
        std::optional<T> value;
        spawn(keep_result(std::move(task), value));
        PH_ASSERT(run_until([&] { return value.has_value(); }));
        return std::move(*value);
    }
    void wait_for(Task<void> task) { wait_for(keep_end(std::move(task))); }
    // Other threads may post to this world (a store on disk): in run_until and wait_for they get this much real time before time here passes.
    void set_patience(Milliseconds real_time) { patience_ = real_time; }
    // now() steps, ticks() do not.
    void step_clock(Milliseconds by) { clock_offset_ += by; }

    // --- What is out there.
    ScriptedResolver& names() { return names_; }
    enum class Reach : std::uint8_t { normal, refused, unreachable, silent };  // silent: connect() times out
    void set_reach(const Endpoint& to, Reach reach);
    void set_streams(MemoryStreamOptions options) { streams_ = options; }
    // Connects as a client from `from` would, without waiting; nullptr if nobody listens.
    std::unique_ptr<MemoryStream> dial(const Endpoint& to, const Endpoint& from);
    // What run() does; without it every program is missing. `input` is all that went into its standard input.
    std::function<Result<ProgramResult>(const Program& program, const std::string& input)> on_run;

    // --- World
    TimePoint now() const override;
    Milliseconds ticks() const override;
    std::uint64_t random() override { return random_(); }
    Task<void> sleep(Milliseconds time) override;
    void spawn(Task<void> task) override;
    void post(std::function<void()> run) override;
    Task<void> blocking(std::function<void()> work) override;
    Task<IoResult<std::unique_ptr<Stream>>> connect(Endpoint to, std::optional<IpAddress> from, Milliseconds timeout) override;
    IoResult<std::unique_ptr<Listener>> listen(const Endpoint& at) override;
    Resolver& resolver() override { return names_; }
    Task<Result<ProgramResult>> run(Program program, std::function<std::string()> next_input) override;
    Loop& loop() override;

  private:
    class VirtualLoop;
    friend class TestListener;

    template <typename T>
    static Task<void> keep_result(Task<T> task, std::optional<T>& value) {
        value.emplace(co_await std::move(task));
    }
    static Task<bool> keep_end(Task<void> task) {
        co_await std::move(task);
        co_return true;
    }
    TestListener* listener_for(const Endpoint& to);
    std::unique_ptr<MemoryStream> open(TestListener& listener, const Endpoint& to, const Endpoint& from);

    std::unique_ptr<VirtualLoop> loop_;
    std::mt19937_64 random_;
    Milliseconds clock_offset_{};
    Milliseconds patience_{};
    MemoryStreamOptions streams_;
    std::map<Endpoint, Reach> reaches_;
    std::map<Endpoint, TestListener*> listeners_;
    std::uint16_t next_port_ = 40'000;
    ScriptedResolver names_;
};

}  // namespace ph::io

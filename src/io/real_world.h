// io/real_world.h: the World that there is: one loop on one thread, sockets, libunbound, programs, and a few threads for work that blocks.
// Everything that came from it (streams, listeners, Signals) goes before it does. One in a process.
#pragma once

#include <array>
#include <csignal>
#include <memory>
#include <vector>

#include "io/params.h"
#include "io/world.h"

namespace ph::io {

class RealLoop;
class ThreadPool;
class UnboundResolver;

class RealWorld final : public World {
  public:
    explicit RealWorld(std::size_t max_threads = 4);
    // Waits for blocking work in progress; coroutines that still wait are destroyed.
    ~RealWorld() override;

    // Before the first question for a name.
    Result<void> use_dns(const DnsParams& params);
    // Runs until stop(); the thread that calls it is the loop's.
    void run_loop();
    void stop();  // from any thread
    // Calls back on the loop's thread each time the signal comes.
    void on_signal(int number, std::function<void()> then);
    // A socket that somebody else opened and listens on (systemd); the world owns the descriptor.
    IoResult<std::unique_ptr<Listener>> listen_on(int descriptor);

    TimePoint now() const override;
    Milliseconds ticks() const override;
    std::uint64_t random() override;  // from the system's generator
    Task<void> sleep(Milliseconds time) override;
    void spawn(Task<void> task) override;
    void post(std::function<void()> run) override;
    Task<void> blocking(std::function<void()> work) override;
    Task<IoResult<std::unique_ptr<Stream>>> connect(Endpoint to, std::optional<IpAddress> from, Milliseconds timeout) override;
    IoResult<std::unique_ptr<Listener>> listen(const Endpoint& at) override;
    Resolver& resolver() override;
    Task<Result<ProgramResult>> run(Program program, std::function<std::string()> next_input) override;
    Loop& loop() override;

  private:
    struct SignalWatch;

    // Destroyed from the last to the first: threads, then the loop with its coroutines, then what those refer to.
    std::unique_ptr<UnboundResolver> resolver_;
    std::unique_ptr<RealLoop> loop_;
    std::vector<std::unique_ptr<SignalWatch>> signals_;
    std::unique_ptr<ThreadPool> pool_;
    std::array<std::uint64_t, 256> random_{};
    std::size_t random_left_ = 0;
};

}  // namespace ph::io

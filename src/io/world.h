// io/world.h: everything outside of the program: clock, network, names, randomness, slow work, programs. The server is written against it,
// so that a simulated world made of a seed can take its place; the real one is io/real_world.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "io/resolver.h"
#include "io/stream.h"
#include "io/task.h"

namespace ph::io {

class Loop;

// A program to run without a shell: argv[0] is an absolute path.
struct Program {
    std::vector<std::string> argv;
    std::vector<std::string> environment = {};  // "NAME=value"; nothing is inherited
    std::string directory = "/";
    std::optional<std::uint32_t> user = {};  // uid and gid to run as
    std::optional<std::uint32_t> group = {};
    Milliseconds timeout{};  // then it is killed, with its group
    std::size_t max_output = 4096;
};
struct ProgramResult {
    int status = 0;  // exit status, or 128 + signal
    bool timed_out = false;
    std::string output;  // standard output and error, cut at max_output
};

class World {
  public:
    virtual ~World() = default;

    virtual TimePoint now() const = 0;       // may step
    virtual Milliseconds ticks() const = 0;  // never steps; for timeouts and rates
    virtual std::uint64_t random() = 0;
    virtual Task<void> sleep(Milliseconds time) = 0;
    virtual void spawn(Task<void> task) = 0;           // runs by itself; an exception in it ends the process
    virtual void post(std::function<void()> run) = 0;  // from any thread, to the loop
    // Blocking work (a Maildir file, an fsync) on a thread of its own pool; comes back to the loop.
    virtual Task<void> blocking(std::function<void()> work) = 0;

    // `from`: the local address to use, if set.
    virtual Task<IoResult<std::unique_ptr<Stream>>> connect(Endpoint to, std::optional<IpAddress> from, Milliseconds timeout) = 0;
    virtual IoResult<std::unique_ptr<Listener>> listen(const Endpoint& at) = 0;
    virtual Resolver& resolver() = 0;
    virtual Task<Result<ProgramResult>> run(Program program, std::function<std::string()> next_input) = 0;  // "" ends its standard input
    virtual Loop& loop() = 0;                                                                               // for Signal and Completion
};

}  // namespace ph::io

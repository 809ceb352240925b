// io/program.cc: feeds a program, keeps the beginning of what it says, waits for its end, and kills its whole group when its time is over.
// What it leaves running in the background is not waited for.
#include "io/program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

#include "io/child.h"
#include "io/descriptor.h"
#include "io/net.h"
#include "io/spawn.h"

namespace ph::io {
namespace {

constexpr Milliseconds after_kill = Seconds(5);

// Shared by the three coroutines that look after one program.
struct Running {
    Running(Loop& loop, const Child& child, std::size_t limit)
        : pid(child.pid),
          process(loop, child.process),
          input(loop, child.input),
          output(loop, child.output),
          trouble(loop, child.trouble),
          max_output(limit),
          helper_ended(loop) {}
    // The world ends while it runs.
    ~Running() {
        if (!reaped) kill_group();
        if (!reaped) waitpid(pid, nullptr, WNOHANG);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    // Before it is reaped: its number is still its own.
    void kill_group() const {
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
    }

    pid_t pid;
    Descriptor process;
    Descriptor input;
    Descriptor output;
    Descriptor trouble;
    std::size_t max_output;
    std::string said;
    bool reaped = false;
    int helpers = 0;
    WaitList helper_ended;
};

void end_helper(Running& running) {
    --running.helpers;
    running.helper_ended.wake_all();
}

Task<void> feed(std::shared_ptr<Running> running, std::function<std::string()> next_input) {
    while (running->input.open()) {
        const std::string chunk = next_input ? next_input() : std::string();
        if (chunk.empty()) break;
        std::string_view left = chunk;
        while (!left.empty() && running->input.open()) {
            const ssize_t count = uninterrupted([&] { return write(running->input.get(), left.data(), left.size()); });
            if (count >= 0) {
                left.remove_prefix(static_cast<std::size_t>(count));
            } else if (errno == EAGAIN) {
                co_await running->input.writable(never);
            } else {
                running->input.close();  // EPIPE: it does not want more
            }
        }
    }
    running->input.close();
    end_helper(*running);
}

enum class More : std::uint8_t { later, no };
More take_output(Running& running) {
    std::array<char, 4096> buffer{};
    // A pipe holds 64 KiB; one that fills as fast as it is read must not keep the loop.
    for (int reads = 0; reads < 16; ++reads) {
        const ssize_t count = uninterrupted([&] { return read(running.output.get(), buffer.data(), buffer.size()); });
        if (count < 0 && errno == EAGAIN) return More::later;
        if (count <= 0) return More::no;
        // The rest is read too, and dropped: a program that says much must not stand still.
        const std::size_t room = running.max_output - running.said.size();
        running.said.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
    }
    return More::later;
}

Task<void> listen_to(std::shared_ptr<Running> running) {
    while (running->output.open() && take_output(*running) == More::later) {
        const Wake why = co_await running->output.readable(never);
        if (why != Wake::notified) break;
    }
    end_helper(*running);
}

// The child says through the pipe why there is no program, or exec closes it.
Task<std::optional<ChildTrouble>> start_trouble(std::shared_ptr<Running> running, Milliseconds timeout) {
    const Wake why = co_await running->trouble.readable(timeout);
    if (why != Wake::notified) co_return std::nullopt;
    ChildTrouble trouble{};
    const ssize_t count = uninterrupted([&] { return read(running->trouble.get(), &trouble, sizeof(trouble)); });
    running->trouble.close();
    if (count != sizeof(trouble)) co_return std::nullopt;
    co_return trouble;
}

int exit_status(Running& running) {
    int status = 0;
    const pid_t ended = uninterrupted([&] { return waitpid(running.pid, &status, WNOHANG); });
    running.reaped = ended == running.pid;
    if (!running.reaped) return 128 + SIGKILL;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Task<Result<ProgramResult>> run_program(Loop& loop, Program program, std::function<std::string()> next_input) {
    Result<Child> child = start_child(program);
    if (!child) co_return tl::unexpected(child.error());
    const auto running = std::make_shared<Running>(loop, *child, program.max_output);
    if (!running->process.open()) co_return fail(FaultKind::unreadable, program.argv[0] + ": the system lacks pidfd_open (Linux 5.3)");
    const Milliseconds timeout = program.timeout > Milliseconds{} ? program.timeout : never;
    const std::optional<ChildTrouble> trouble = co_await start_trouble(running, timeout);
    if (!trouble) {
        running->helpers = 2;
        spawn_on(loop.context(), feed(running, std::move(next_input)));
        spawn_on(loop.context(), listen_to(running));
    }
    ProgramResult result;
    const Wake why = co_await running->process.readable(timeout);
    if (why != Wake::notified) {
        result.timed_out = true;
        running->kill_group();
        co_await running->process.readable(after_kill);
    }
    result.status = exit_status(*running);
    take_output(*running);
    running->input.close();
    running->output.close();
    while (running->helpers > 0) co_await running->helper_ended.wait();
    if (trouble) co_return tl::unexpected(to_fault(*trouble, program));
    result.output = std::move(running->said);
    co_return result;
}

}  // namespace ph::io

// io/child.cc: the few lines between fork and exec. Everything the child needs is prepared before the fork; it allocates nothing, takes no lock,
// and tells what went wrong through a pipe that exec closes.
#include "io/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ph::io {
namespace {

class Pipe {
  public:
    Pipe() = default;
    ~Pipe() {
        close_end(read_);
        close_end(write_);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    bool open() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        read_ = ends[0];
        write_ = ends[1];
        return true;
    }
    int reader() const { return read_; }
    int writer() const { return write_; }
    int take_reader() { return take(read_); }
    int take_writer() { return take(write_); }

  private:
    static void close_end(int end) {
        if (end >= 0) close(end);
    }
    // Ours from now on, and non-blocking: the other end has a file description of its own and keeps blocking, as programs expect.
    static int take(int& end) {
        fcntl(end, F_SETFL, O_NONBLOCK | (fcntl(end, F_GETFL) & ~O_ACCMODE));
        return std::exchange(end, -1);
    }
    int read_ = -1;
    int write_ = -1;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

struct Plan {
    const Program& program;
    std::vector<char*> argv = pointers(program.argv);
    std::vector<char*> environment = pointers(program.environment);
    int input;
    int output;
    int trouble;
};

[[noreturn]] void give_up(const Plan& plan, ChildStep step) {
    const ChildTrouble trouble{step, errno};
    static_cast<void>(!write(plan.trouble, &trouble, sizeof(trouble)));
    _exit(127);
}

// Nothing of ours stays open in the program: neither the spool nor a client's connection.
void close_the_rest() {
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    rlimit limit{};
    const int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1'000'000 ? static_cast<int>(limit.rlim_cur) : 1'000'000;
    for (int descriptor = 3; descriptor < end; ++descriptor) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void reset_signals() {
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) sigaction(number, &plain, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void become(const Plan& plan) {
    const Program& program = plan.program;
    const gid_t group = program.group.value_or(getegid());
    const bool change = (program.user && *program.user != geteuid()) || group != getegid();
    if (!change) return;
    if (setgroups(1, &group) != 0 || setresgid(group, group, group) != 0) give_up(plan, ChildStep::group);
    const uid_t user = program.user.value_or(geteuid());
    if (setresuid(user, user, user) != 0) give_up(plan, ChildStep::user);
}

[[noreturn]] void run_child(const Plan& plan) {
    setsid();
    dup2(plan.input, STDIN_FILENO);
    dup2(plan.output, STDOUT_FILENO);
    dup2(plan.output, STDERR_FILENO);
    close_the_rest();
    reset_signals();
    umask(S_IRWXG | S_IRWXO);
    become(plan);
    if (chdir(plan.program.directory.c_str()) != 0) give_up(plan, ChildStep::directory);
    execve(plan.argv[0], plan.argv.data(), plan.environment.data());
    give_up(plan, ChildStep::program);
}

// With all signals blocked, so that no handler of ours runs in the child before it has reset them.
pid_t fork_quietly(const Plan& plan) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    const pid_t pid = fork();
    if (pid == 0) run_child(plan);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

tl::unexpected<Fault> failed(const Program& program) {
    return fail(FaultKind::unreadable, "cannot run " + program.argv[0] + ": " + std::generic_category().message(errno));
}

}  // namespace

Fault to_fault(const ChildTrouble& trouble, const Program& program) {
    std::string what;
    switch (trouble.step) {
        case ChildStep::group:
            what = "cannot change to group " + std::to_string(program.group.value_or(0));
            break;
        case ChildStep::user:
            what = "cannot change to user " + std::to_string(program.user.value_or(0));
            break;
        case ChildStep::directory:
            what = "cannot enter " + program.directory;
            break;
        case ChildStep::program:
            what = "cannot run it";
            break;
    }
    const bool missing = trouble.step == ChildStep::program && trouble.error == ENOENT;
    return {missing ? FaultKind::missing : FaultKind::unreadable,
            program.argv[0] + ": " + what + ": " + std::generic_category().message(trouble.error),
            {}};
}

Result<Child> start_child(const Program& program) {
    if (program.argv.empty() || !program.argv[0].starts_with('/')) return fail(FaultKind::bad_value, "a program is named by its absolute path");
    Pipe input;
    Pipe output;
    Pipe trouble;
    if (!input.open() || !output.open() || !trouble.open()) return failed(program);
    const Plan plan{.program = program, .input = input.reader(), .output = output.writer(), .trouble = trouble.writer()};
    Child child;
    child.pid = fork_quietly(plan);
    if (child.pid < 0) return failed(program);
    child.process = static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0));
    child.input = input.take_writer();
    child.output = output.take_reader();
    child.trouble = trouble.take_reader();
    return child;
}

}  // namespace ph::io

// io/program_test.cc: programs run without a shell: status, output, timeout, environment.
#include "io/program.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "io/run_to_end.h"

namespace ph::io {
namespace {

// "Z" for a zombie, "gone" for no process.
std::string state_of(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    return stat >> number >> name >> state ? state : "gone";
}

// A process that was killed and whose parent is somebody else, or nobody yet.
bool ends(pid_t pid) {
    for (int i = 0; i < 1'000'000; ++i) {
        const std::string state = state_of(pid);
        if (state == "gone" || state == "Z") return true;
        std::this_thread::yield();
    }
    return false;
}

class IoProgram : public ::testing::Test {
  protected:
    Result<ProgramResult> shell(const std::string& script, const std::string& input = "", Milliseconds timeout = Seconds(20),
                                std::size_t max_output = 4096) {
        Program program{
            .argv = {"/bin/sh", "-c", script}, .environment = {"PATH=/usr/bin:/bin", "COLOUR=blue"}, .timeout = timeout, .max_output = max_output};
        return run(program, input);
    }
    Result<ProgramResult> run(const Program& program, const std::string& input = "") {
        std::size_t at = 0;
        return run_to_end(world, world.run(program, [&] {
            const std::string chunk = input.substr(at, 10'000);
            at += chunk.size();
            return chunk;
        }));
    }
    RealWorld world;
};

TEST_F(IoProgram, GivesTheExitStatus) {
    for (const int status : {0, 1, 75, 255}) {
        const auto result = shell("exit " + std::to_string(status));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, status);
        EXPECT_FALSE(result->timed_out);
    }
    EXPECT_EQ(shell("kill -9 $$")->status, 128 + SIGKILL);
}

TEST_F(IoProgram, FeedsStandardInputAndKeepsOutputAndErrors) {
    EXPECT_EQ(shell("cat; echo oops >&2", "hello ")->output, "hello oops\n");
    const std::string much(1 << 20, 'm');
    EXPECT_EQ(shell("wc -c", much)->output, "1048576\n");
}

TEST_F(IoProgram, CutsTheOutputAtItsBound) {
    const auto result = shell("head -c 1000000 /dev/zero | tr '\\0' 'x'; exit 3", "", Seconds(20), 100);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 3);
    EXPECT_EQ(result->output, std::string(100, 'x'));
}

TEST_F(IoProgram, LetsAProgramIgnoreItsInput) {
    const auto result = shell("exec 0<&-; exit 4", std::string(1 << 20, 'x'));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 4);
}

TEST_F(IoProgram, KillsTheWholeGroupWhenTheTimeIsOver) {
    const auto result = shell("sleep 1000 & echo $!; wait", "", Milliseconds(300));
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->timed_out);
    EXPECT_EQ(result->status, 128 + SIGKILL);
    EXPECT_TRUE(ends(std::stoi(result->output)));
}

TEST_F(IoProgram, DoesNotWaitForWhatIsLeftInTheBackground) {
    const auto result = shell("sleep 20 & echo $!; exit 5");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 5);
    EXPECT_FALSE(result->timed_out);
    EXPECT_EQ(kill(std::stoi(result->output), SIGKILL), 0);
}

TEST_F(IoProgram, HandsNothingDown) {
    ASSERT_EQ(setenv("POSTHORN_TEST_SECRET", "x", 1), 0);
    const int leak = dup(STDOUT_FILENO);
    const auto result = run({.argv = {"/usr/bin/env"}, .environment = {"A=1", "B=2"}, .timeout = Seconds(20)});
    EXPECT_EQ(result->output, "A=1\nB=2\n");
    EXPECT_EQ(shell("ls /proc/self/fd | sort -n | tr '\\n' ' '")->output, "0 1 2 3 ") << "3 is the folder that ls reads";
    EXPECT_EQ(shell("grep SigIgn /proc/self/status")->output, "SigIgn:\t0000000000000000\n");
    EXPECT_EQ(shell("grep SigBlk /proc/self/status")->output, "SigBlk:\t0000000000000000\n");
    EXPECT_EQ(shell("umask")->output, "0077\n");
    close(leak);
    unsetenv("POSTHORN_TEST_SECRET");
}

TEST_F(IoProgram, RunsInItsFolder) {
    EXPECT_EQ(run({.argv = {"/bin/pwd"}, .directory = "/usr", .timeout = Seconds(20)})->output, "/usr\n");
    const auto missing = run({.argv = {"/bin/pwd"}, .directory = "/nowhere", .timeout = Seconds(20)});
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("/nowhere"), std::string::npos);
}

TEST_F(IoProgram, SaysWhyThereIsNoProgram) {
    const auto missing = run({.argv = {"/nowhere/program"}, .timeout = Seconds(20)}, "input");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, FaultKind::missing);
    EXPECT_NE(missing.error().message.find("/nowhere/program"), std::string::npos);
    EXPECT_EQ(run({.argv = {"/etc/passwd"}, .timeout = Seconds(20)}).error().kind, FaultKind::unreadable);
    EXPECT_EQ(run({.argv = {"sh"}, .timeout = Seconds(20)}).error().kind, FaultKind::bad_value);
    EXPECT_FALSE(run({}));
}

TEST_F(IoProgram, RunsAsTheUserThatIsAskedFor) {
    if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: changing the user needs root";
    const auto result = run({.argv = {"/usr/bin/id"}, .user = 65534, .group = 65534, .timeout = Seconds(20)});
    ASSERT_TRUE(result);
    EXPECT_NE(result->output.find("uid=65534"), std::string::npos);
    EXPECT_NE(result->output.find("gid=65534"), std::string::npos);
    EXPECT_EQ(result->output.find("(root)"), std::string::npos);
}

TEST_F(IoProgram, ThatRunsWhenTheWorldEndsIsKilled) {
    std::string pattern = std::filesystem::temp_directory_path() / "posthorn-XXXXXX";
    const std::string folder = mkdtemp(pattern.data());
    pid_t pid = -1;
    {
        RealWorld other;
        const std::string file = folder + "/pid";
        other.spawn([](World& there, std::string path) -> Task<void> {
            Program program{.argv = {"/bin/sh", "-c", "echo $$ >" + path + ".new; mv " + path + ".new " + path + "; sleep 1000"},
                            .environment = {"PATH=/usr/bin:/bin"}};
            co_await there.run(std::move(program), nullptr);
        }(other, file));
        while (!std::filesystem::exists(file)) run_to_end(other, other.sleep(Milliseconds(5)));
        std::ifstream(file) >> pid;
    }
    EXPECT_TRUE(ends(pid));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace ph::io

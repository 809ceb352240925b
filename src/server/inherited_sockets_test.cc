// server/inherited_sockets_test.cc: take_inherited_sockets, with the environment that systemd would make.
#include "server/inherited_sockets.h"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace ph::server {
namespace {

constexpr int first = 3;

// Descriptors 3 and 4 as they were, whatever a test does to them.
class InheritedSockets : public testing::Test {
  protected:
    InheritedSockets() {
        for (int i = 0; i < 2; ++i) flags_[i] = fcntl(first + i, F_GETFD);
    }
    ~InheritedSockets() override {
        for (int i = 0; i < 2; ++i) {
            if (flags_[i] >= 0) fcntl(first + i, F_SETFD, flags_[i]);
        }
    }
    static void environment(const std::string& pid, const char* count, const char* names) {
        setenv("LISTEN_PID", pid.c_str(), 1);
        setenv("LISTEN_FDS", count, 1);
        if (names != nullptr) setenv("LISTEN_FDNAMES", names, 1);
    }
    static bool environment_is_clean() {
        return std::getenv("LISTEN_PID") == nullptr && std::getenv("LISTEN_FDS") == nullptr && std::getenv("LISTEN_FDNAMES") == nullptr;
    }
    const std::string me_ = std::to_string(getpid());

  private:
    int flags_[2];
};

TEST_F(InheritedSockets, AreNamedInTheirOrder) {
    environment(me_, "2", "smtp:submission");
    const auto sockets = take_inherited_sockets();
    ASSERT_EQ(sockets.size(), 2U);
    EXPECT_EQ(sockets[0].descriptor, 3);
    EXPECT_EQ(sockets[0].name, "smtp");
    EXPECT_EQ(sockets[1].descriptor, 4);
    EXPECT_EQ(sockets[1].name, "submission");
    EXPECT_TRUE(environment_is_clean());
    EXPECT_TRUE(take_inherited_sockets().empty()) << "only once";
}

TEST_F(InheritedSockets, MayHaveNoNames) {
    environment(me_, "2", nullptr);
    const auto sockets = take_inherited_sockets();
    ASSERT_EQ(sockets.size(), 2U);
    EXPECT_EQ(sockets[0].name, "");
    EXPECT_EQ(sockets[1].name, "");
}

TEST_F(InheritedSockets, AreNotPassedOnToPrograms) {
    const int null = open("/dev/null", O_RDONLY);
    const bool made = null >= 0 && fcntl(first, F_GETFD) < 0 && dup2(null, first) == first;
    if (null >= 0 && null != first) close(null);
    if (fcntl(first, F_GETFD) < 0) GTEST_SKIP() << "descriptor 3 cannot be had";
    fcntl(first, F_SETFD, 0);
    environment(me_, "1", "smtp");
    EXPECT_EQ(take_inherited_sockets().size(), 1U);
    EXPECT_EQ(fcntl(first, F_GETFD), FD_CLOEXEC);
    if (made || null == first) close(first);
}

TEST_F(InheritedSockets, OfAnotherProcessAreLeftAlone) {
    environment("1", "2", "smtp:submission");
    EXPECT_TRUE(take_inherited_sockets().empty());
    EXPECT_TRUE(environment_is_clean());
}

TEST_F(InheritedSockets, ACountThatIsNoneIsNone) {
    for (const char* count : {"", "x", "2x", "-1", "0", "101", "99999999999999999999"}) {
        environment(me_, count, "smtp");
        EXPECT_TRUE(take_inherited_sockets().empty()) << count;
        EXPECT_TRUE(environment_is_clean()) << count;
    }
}

}  // namespace
}  // namespace ph::server

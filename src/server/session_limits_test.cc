// server/session_limits_test.cc: SessionLimits.
#include "server/session_limits.h"

#include <gtest/gtest.h>

namespace ph::server {
namespace {

const io::IpAddress first = *io::IpAddress::parse("192.0.2.1");
const io::IpAddress second = *io::IpAddress::parse("192.0.2.2");
constexpr Milliseconds start{600'000};

TEST(SessionLimits, OneClientCannotTakeEverySession) {
    SessionLimits limits;
    const SessionLimitParams params{.in_all = 10, .per_client = 2};
    EXPECT_EQ(limits.enter(first, start, params), Admission::admitted);
    EXPECT_EQ(limits.enter(first, start, params), Admission::admitted);
    EXPECT_EQ(limits.enter(first, start, params), Admission::too_many_from_client);
    EXPECT_EQ(limits.enter(second, start, params), Admission::admitted);
    limits.leave(first);
    EXPECT_EQ(limits.enter(first, start, params), Admission::admitted);
}

TEST(SessionLimits, AllTogetherHaveALimitThatLoopbackCountsFor) {
    SessionLimits limits;
    const SessionLimitParams params{.in_all = 2, .per_client = 1};
    const io::IpAddress loopback = *io::IpAddress::parse("127.0.0.1");
    EXPECT_EQ(limits.enter(loopback, start, params), Admission::admitted);
    EXPECT_EQ(limits.enter(loopback, start, params), Admission::admitted);
    EXPECT_EQ(limits.enter(first, start, params), Admission::too_many_in_all);
    limits.leave(loopback);
    EXPECT_EQ(limits.enter(first, start, params), Admission::admitted);
}

TEST(SessionLimits, NewConnectionsAreCountedByTheMinute) {
    SessionLimits limits;
    const SessionLimitParams params{.in_all = 10, .per_client = 10, .per_minute = 1};
    EXPECT_EQ(limits.enter(first, start, params), Admission::admitted);
    limits.leave(first);
    EXPECT_EQ(limits.enter(first, start + Milliseconds(1000), params), Admission::too_fast);
    EXPECT_EQ(SessionLimits::wait_for(start + Milliseconds(1000)), Seconds(59));
    EXPECT_EQ(limits.enter(first, start + Milliseconds(60'000), params), Admission::admitted);
}

TEST(SessionLimits, AnAddressOfTheSameSixtyFourIsTheSameClient) {
    SessionLimits limits;
    const SessionLimitParams params{.in_all = 10, .per_client = 1};
    EXPECT_EQ(limits.enter(*io::IpAddress::parse("2001:db8:0:1::1"), start, params), Admission::admitted);
    EXPECT_EQ(limits.enter(*io::IpAddress::parse("2001:db8:0:1:ffff::2"), start, params), Admission::too_many_from_client);
    EXPECT_EQ(limits.enter(*io::IpAddress::parse("2001:db8:0:2::1"), start, params), Admission::admitted);
}

}  // namespace
}  // namespace ph::server

// shaping/retry_test.cc: the pauses of a lifetime, and that neither dice nor peer can push a try beyond its end.
#include "shaping/retry.h"

#include <random>

#include <gtest/gtest.h>

namespace ph::shaping {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint start{Milliseconds(1'800'000'000'000)};
constexpr RetryRule rule{};

TEST(Retry, DoublesThePauseUpToTheLongest) {
    EXPECT_EQ(pause_after(rule, 1), minutes(5));
    EXPECT_EQ(pause_after(rule, 2), minutes(10));
    EXPECT_EQ(pause_after(rule, 6), minutes(160));
    EXPECT_EQ(pause_after(rule, 7), hours(4));
    EXPECT_EQ(pause_after(rule, 4'000'000'000U), hours(4));
}

TEST(Retry, KeepsOnePauseWithFactorOneAndNeverExceedsTheLongest) {
    EXPECT_EQ(pause_after({.first = Seconds(10), .max = Seconds(100), .factor = 1}, 50), Seconds(10));
    EXPECT_EQ(pause_after({.first = Seconds(200), .max = Seconds(100), .factor = 2}, 1), Seconds(100));
}

TEST(Retry, SpreadsTriesByAnEighth) {
    std::mt19937_64 dice(1);
    TimePoint earliest = TimePoint::max();
    TimePoint latest = TimePoint::min();
    for (int round = 0; round < 5000; ++round) {
        const auto at = next_attempt(rule, {.attempts = 1, .now = start, .expires_at = start + hours(120)}, dice());
        ASSERT_TRUE(at.has_value());
        earliest = std::min(earliest, *at);
        latest = std::max(latest, *at);
    }
    EXPECT_GE(earliest, start + Milliseconds(262'500));
    EXPECT_LT(earliest, start + Milliseconds(265'000));
    EXPECT_LE(latest, start + Milliseconds(337'500));
    EXPECT_GT(latest, start + Milliseconds(335'000));
}

TEST(Retry, ComesBackWhenThePeerAsksForIt) {
    const auto after = [](Seconds asked, std::uint32_t attempts, std::uint64_t random = 0) {
        const RetryState state{.attempts = attempts, .now = start, .expires_at = start + hours(120), .asked = asked};
        return std::chrono::duration_cast<Seconds>(*next_attempt(rule, state, random) - start);
    };
    EXPECT_GE(after(Seconds(90), 1), Seconds(90));
    EXPECT_LE(after(Seconds(90), 1), Seconds(102));
    EXPECT_GE(after(Seconds(1), 1), Seconds(60)) << "less than a minute is never worth it";
    EXPECT_GE(after(Seconds(90), 4), Seconds(2000)) << "who asks for short pauses again and again is not believed";
    EXPECT_GE(after(Seconds(7200), 1), Seconds(7200));
    EXPECT_LE(after(Seconds(7'000'000), 1), hours(27)) << "who asks for months is not obeyed";
}

TEST(Retry, TriesOnceMoreJustBeforeTheEnd) {
    const TimePoint end = start + hours(1);
    const auto last = next_attempt(rule, {.attempts = 9, .now = start, .expires_at = end}, 0);
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(*last, end - minutes(1));
    EXPECT_FALSE(next_attempt(rule, {.attempts = 10, .now = *last, .expires_at = end}, 0).has_value());
    EXPECT_FALSE(next_attempt(rule, {.attempts = 10, .now = end + hours(1), .expires_at = end}, 0).has_value());
}

TEST(Retry, EndsEveryLifeWithinItsTimeAndAlwaysMovesOn) {
    std::mt19937_64 dice(5);
    for (int round = 0; round < 2000; ++round) {
        const RetryRule any{Seconds(1 + dice() % 1000), Seconds(1 + dice() % 20000), static_cast<std::uint32_t>(1 + dice() % 10)};
        RetryState state{.attempts = 1, .now = start, .expires_at = start + Seconds(1 + dice() % 500'000)};
        const TimePoint end = state.expires_at;
        while (const auto next = next_attempt(any, state, dice())) {
            ASSERT_GT(*next, state.now);
            ASSERT_LE(*next, end);
            state.now = *next;
            ++state.attempts;
            state.asked = Seconds(dice() % 3 == 0 ? dice() % 1'000'000 : 0);
        }
    }
}

}  // namespace
}  // namespace ph::shaping

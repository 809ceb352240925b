// shaping/concurrency_test.cc: growth, shrinking, death, the single probe, and coming back.
#include "shaping/concurrency.h"

#include <gtest/gtest.h>

namespace ph::shaping {
namespace {

const TimePoint start{Milliseconds(1'800'000'000'000)};
constexpr WindowRule rule{.start = 2, .max = 5, .dead_after = 3, .probe_first = Seconds(60), .probe_max = Seconds(200)};

void run(Window& window, HostNews news, TimePoint now = start) {
    window.started();
    window.finished(rule, news, now);
}
void kill(Window& window, TimePoint now = start) {
    for (std::uint32_t failure = 0; failure < rule.dead_after; ++failure) run(window, HostNews::trouble, now);
}

TEST(Concurrency, GrowsByOneWithEachSuccessUpToTheLimit) {
    Window window;
    EXPECT_EQ(window.room(rule, start), 2U);
    run(window, HostNews::delivered);
    EXPECT_EQ(window.room(rule, start), 3U);
    for (int round = 0; round < 10; ++round) run(window, HostNews::delivered);
    EXPECT_EQ(window.room(rule, start), 5U);
}

TEST(Concurrency, CountsWhatRuns) {
    Window window;
    window.started();
    EXPECT_EQ(window.room(rule, start), 1U);
    window.started();
    EXPECT_EQ(window.room(rule, start), 0U);
    window.finished(rule, HostNews::nothing, start);
    EXPECT_EQ(window.room(rule, start), 1U);
}

TEST(Concurrency, HalvesOnTroubleAndNeverGoesBelowOne) {
    Window window;
    for (int round = 0; round < 10; ++round) run(window, HostNews::delivered);
    run(window, HostNews::trouble);
    EXPECT_EQ(window.size(rule), 2U);
    run(window, HostNews::trouble);
    EXPECT_EQ(window.size(rule), 1U);
    EXPECT_FALSE(window.dead());
}

TEST(Concurrency, LeavesTheWindowAloneForTheTroubleOfOneMessage) {
    Window window;
    for (int round = 0; round < 100; ++round) run(window, HostNews::nothing);
    EXPECT_EQ(window.size(rule), 2U);
    EXPECT_FALSE(window.dead());
    EXPECT_TRUE(window.fresh());
}

TEST(Concurrency, RevivesADestinationThatAnswersButDoesNotGrowItsWindow) {
    Window window;
    kill(window);
    run(window, HostNews::answered, window.probe_at());
    EXPECT_FALSE(window.dead());
    for (int round = 0; round < 5; ++round) run(window, HostNews::answered);
    EXPECT_EQ(window.size(rule), 1U);
}

TEST(Concurrency, ForgetsTroubleWithASuccess) {
    Window window;
    for (int round = 0; round < 20; ++round) {
        run(window, HostNews::trouble);
        run(window, HostNews::trouble);
        run(window, HostNews::delivered);
    }
    EXPECT_FALSE(window.dead());
}

TEST(Concurrency, SendsOneProbeToADeadDestination) {
    Window window;
    kill(window);
    ASSERT_TRUE(window.dead());
    EXPECT_FALSE(window.fresh());
    EXPECT_EQ(window.probe_at(), start + Seconds(60));
    EXPECT_EQ(window.room(rule, start + Seconds(59)), 0U);
    EXPECT_EQ(window.room(rule, start + Seconds(60)), 1U);
    window.started();
    EXPECT_EQ(window.room(rule, start + Seconds(61)), 0U) << "one probe at a time";
}

TEST(Concurrency, ProbesMoreAndMoreSeldom) {
    Window window;
    kill(window);
    TimePoint now = start;
    for (const int pause : {60, 120, 200, 200}) {
        EXPECT_EQ(window.probe_at(), now + Seconds(pause));
        now = window.probe_at();
        run(window, HostNews::trouble, now);
    }
}

TEST(Concurrency, DoesNotCountAttemptsThatWereUnderWayAsProbes) {
    Window window;
    for (int attempt = 0; attempt < 5; ++attempt) window.started();
    for (int attempt = 0; attempt < 5; ++attempt) window.finished(rule, HostNews::trouble, start);
    EXPECT_EQ(window.probe_at(), start + Seconds(60));
}

TEST(Concurrency, ComesBackSlowlyAfterAGoodProbe) {
    Window window;
    kill(window);
    run(window, HostNews::delivered, window.probe_at());
    EXPECT_FALSE(window.dead());
    EXPECT_EQ(window.size(rule), 1U);
    run(window, HostNews::delivered, window.probe_at());
    EXPECT_EQ(window.size(rule), 2U);
    kill(window, start + Seconds(500));
    EXPECT_EQ(window.probe_at(), start + Seconds(560)) << "the pauses begin anew";
}

TEST(Concurrency, ObeysALowerLimitAtOnce) {
    Window window;
    for (int round = 0; round < 10; ++round) run(window, HostNews::delivered);
    constexpr WindowRule narrow{.start = 2, .max = 1};
    EXPECT_EQ(window.room(narrow, start), 1U);
}

}  // namespace
}  // namespace ph::shaping

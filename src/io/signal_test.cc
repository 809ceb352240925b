// io/signal_test.cc: Signal wakes all who wait, or lets them go after their time.
#include "io/signal.h"

#include <gtest/gtest.h>

#include "io/test_world.h"

namespace ph::io {
namespace {

Task<void> wait_once(Signal& signal, Milliseconds timeout, std::vector<bool>& results) {
    const bool notified = co_await signal.wait(timeout);
    results.push_back(notified);
}

TEST(IoSignal, WakesAllThatWait) {
    TestWorld world;
    Signal signal(world);
    std::vector<bool> results;
    for (int i = 0; i < 3; ++i) world.spawn(wait_once(signal, Seconds(1), results));
    world.run_until_idle();
    signal.notify();
    EXPECT_TRUE(results.empty()) << "never inside notify()";
    world.run_until_idle();
    EXPECT_EQ(results, (std::vector<bool>{true, true, true}));
}

TEST(IoSignal, EndsAWaitWhenItsTimeIsOver) {
    TestWorld world;
    Signal signal(world);
    std::vector<bool> results;
    world.spawn(wait_once(signal, Milliseconds(100), results));
    world.advance(Milliseconds(99));
    EXPECT_TRUE(results.empty());
    world.advance(Milliseconds(1));
    EXPECT_EQ(results, std::vector<bool>{false});
    signal.notify();
    world.run_until_idle();
    EXPECT_EQ(results.size(), 1U);
}

TEST(IoSignal, HasNoMemory) {
    TestWorld world;
    Signal signal(world);
    signal.notify();
    std::vector<bool> results;
    world.spawn(wait_once(signal, Milliseconds(10), results));
    world.advance(Milliseconds(10));
    EXPECT_EQ(results, std::vector<bool>{false});
}

TEST(IoSignal, LetsItsWaitersGoWhenItIsDestroyed) {
    TestWorld world;
    auto signal = std::make_unique<Signal>(world);
    std::vector<bool> results;
    world.spawn(wait_once(*signal, never, results));
    world.run_until_idle();
    signal.reset();
    world.run_until_idle();
    EXPECT_EQ(results, std::vector<bool>{false});
}

}  // namespace
}  // namespace ph::io

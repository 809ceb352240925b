// io/real_world_test.cc: the real loop: posts, timers, blocking work, signals.
#include "io/real_world.h"

#include <csignal>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "io/completion.h"
#include "io/run_to_end.h"
#include "io/signal.h"

namespace ph::io {
namespace {

TEST(IoRealWorld, SleepsAsLongAsItIsTold) {
    RealWorld world;
    const Milliseconds before = world.ticks();
    run_to_end(world, world.sleep(Milliseconds(30)));
    EXPECT_GE(world.ticks() - before, Milliseconds(30));
}

TEST(IoRealWorld, DoesBlockingWorkElsewhereAndComesBack) {
    RealWorld world;
    std::thread::id where;
    run_to_end(world, world.blocking([&] { where = std::this_thread::get_id(); }));
    EXPECT_NE(where, std::thread::id());
    EXPECT_NE(where, std::this_thread::get_id());
}

Task<void> count_up(World& world, std::atomic<int>& count, int& ended) {
    co_await world.blocking([&count] { ++count; });
    ++ended;
}

TEST(IoRealWorld, DoesMuchBlockingWorkWithFewThreads) {
    RealWorld world(2);
    std::atomic<int> count = 0;
    int ended = 0;
    for (int i = 0; i < 500; ++i) world.spawn(count_up(world, count, ended));
    while (ended < 500) run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(count, 500);
}

TEST(IoRealWorld, EndsWhileBlockingWorkIsInProgress) {
    std::atomic<int> count = 0;
    int ended = 0;
    {
        RealWorld world(1);
        for (int i = 0; i < 100; ++i) world.spawn(count_up(world, count, ended));
        run_to_end(world, world.sleep(Milliseconds(0)));
    }
    EXPECT_LE(ended, count);
}

TEST(IoRealWorld, TakesPostsFromOtherThreads) {
    RealWorld world;
    constexpr int each = 5000;
    Completion<int> all(world);
    int count = 0;
    const std::thread::id loop = std::this_thread::get_id();
    const auto run = [&, done = all.callback()] {
        EXPECT_EQ(std::this_thread::get_id(), loop);
        if (++count == 2 * each) done(count);
    };
    const auto post_many = [&] {
        for (int i = 0; i < each; ++i) world.post(run);
    };
    std::thread one(post_many);
    std::thread other(post_many);
    EXPECT_EQ(run_to_end(world, all.take()), 2 * each);
    one.join();
    other.join();
}

TEST(IoRealWorld, CallsBackEachTimeASignalComes) {
    RealWorld world;
    int hangups = 0;
    Signal changed(world);
    world.on_signal(SIGHUP, [&] {
        ++hangups;
        changed.notify();
    });
    for (int i = 1; i <= 3; ++i) {
        std::raise(SIGHUP);
        EXPECT_TRUE(run_to_end(world, changed.wait(Seconds(20))));
        EXPECT_EQ(hangups, i);
    }
}

TEST(IoRealWorld, EndsAWaitForASignalThatNeverComes) {
    RealWorld world;
    Signal nothing(world);
    EXPECT_FALSE(run_to_end(world, nothing.wait(Milliseconds(20))));
}

TEST(IoRealWorld, DrawsNumbersThatDiffer) {
    RealWorld world;
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1000; ++i) numbers.insert(world.random());
    EXPECT_EQ(numbers.size(), 1000U);
}

Task<void> throws(World& world) {
    co_await world.sleep(Milliseconds(0));
    throw std::runtime_error("a bug");
}

TEST(IoRealWorldDeathTest, EndsTheProcessWhenATaskThrows) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            RealWorld world;
            world.spawn(throws(world));
            run_to_end(world, world.sleep(Seconds(20)));
        },
        "a task ended with an exception: a bug");
}

TEST(IoRealWorld, KnowsTheTime) {
    RealWorld world;
    const auto system = std::chrono::system_clock::now();
    EXPECT_LT(std::chrono::abs(world.now() - system), Seconds(5));
}

}  // namespace
}  // namespace ph::io

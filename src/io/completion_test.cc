// io/completion_test.cc: Completion: a callback reaches the coroutine that waits for it, before, after or never.
#include "io/completion.h"

#include <gtest/gtest.h>

#include "io/test_world.h"

namespace ph::io {
namespace {

Task<void> take_into(Completion<std::unique_ptr<int>>& done, int& value) {
    const std::unique_ptr<int> taken = co_await done.take();
    value = *taken;
}

TEST(IoCompletion, TakesAValueThatComesBeforeOrAfter) {
    TestWorld world;
    for (const bool before : {true, false}) {
        Completion<std::unique_ptr<int>> done(world);
        const auto callback = done.callback();
        int value = 0;
        if (before) callback(std::make_unique<int>(4));
        world.spawn(take_into(done, value));
        world.run_until_idle();
        EXPECT_EQ(value, before ? 4 : 0);
        if (!before) callback(std::make_unique<int>(4));
        EXPECT_EQ(value, before ? 4 : 0) << "never inside the callback";
        world.run_until_idle();
        EXPECT_EQ(value, 4);
    }
}

TEST(IoCompletion, IgnoresASecondCall) {
    TestWorld world;
    Completion<int> done(world);
    done.callback()(1);
    done.callback()(2);
    EXPECT_EQ(world.wait_for(done.take()), 1);
}

TEST(IoCompletion, MayBeGoneWhenTheCallbackComes) {
    std::function<void(int)> callback;
    std::function<void()> plain;
    {
        TestWorld world;
        Completion<int> done(world);
        callback = done.callback();
        plain = Completion<void>(world).callback();
    }
    callback(1);
    plain();
}

Task<void> take_for_ever(std::shared_ptr<Completion<int>> done, std::shared_ptr<int> witness) {
    co_await done->take();
    ++*witness;
}

TEST(IoCompletion, FreesACoroutineThatWaitsForACallbackThatNeverComes) {
    const auto witness = std::make_shared<int>(0);
    {
        TestWorld world;
        world.spawn(take_for_ever(std::make_shared<Completion<int>>(world), witness));
        world.run_until_idle();
        EXPECT_EQ(witness.use_count(), 2);
    }
    EXPECT_EQ(witness.use_count(), 1);
    EXPECT_EQ(*witness, 0);
}

TEST(IoCompletion, WorksWithoutAValue) {
    TestWorld world;
    Completion<void> done(world);
    world.post(done.callback());
    world.wait_for(done.take());
}

}  // namespace
}  // namespace ph::io

// io/timer_wheel_test.cc: alarms ring in order, never early.
#include "io/timer_wheel.h"

#include <memory>
#include <random>

#include <gtest/gtest.h>

namespace ph::io {
namespace {

class Bell final : public Alarm {
  public:
    void ring() override { ++rung; }
    int rung = 0;
};

TEST(IoTimerWheel, RingsEachAlarmOnceNeverEarlyAndAtMostATickLate) {
    std::mt19937 random(7);
    Milliseconds now{123'456};
    TimerWheel wheel(now);
    std::vector<std::unique_ptr<Bell>> bells;
    for (int i = 0; i < 2000; ++i) {
        bells.push_back(std::make_unique<Bell>());
        wheel.set(*bells.back(), now + Milliseconds(random() % 2'000'000));
    }
    for (int step = 0; step < 9000; ++step) {
        now += TimerWheel::tick;
        wheel.sweep(now);
        for (const auto& bell : bells) {
            if (bell->at > now || bell->at <= now - TimerWheel::tick) {
                ASSERT_EQ(bell->rung, bell->at > now ? 0 : 1) << bell->at.count() << ' ' << now.count();
            }
        }
    }
}

TEST(IoTimerWheel, ForgetsAnAlarmThatIsGoneAndMovesOneThatIsSetAgain) {
    TimerWheel wheel(Milliseconds(0));
    Bell moved;
    {
        Bell gone;
        wheel.set(gone, Milliseconds(10));
    }
    wheel.set(moved, Milliseconds(10));
    wheel.set(moved, Milliseconds(5000));
    wheel.sweep(Milliseconds(1000));
    EXPECT_EQ(moved.rung, 0);
    wheel.sweep(Milliseconds(6000));
    EXPECT_EQ(moved.rung, 1);
    wheel.sweep(Milliseconds(20'000'000));
    EXPECT_EQ(moved.rung, 1);
}

class Again final : public Alarm {
  public:
    explicit Again(TimerWheel& wheel) : wheel_(wheel) {}
    void ring() override {
        ++rung;
        wheel_.set(*this, at);  // at once, again
    }
    int rung = 0;

  private:
    TimerWheel& wheel_;
};

TEST(IoTimerWheel, LetsAnAlarmBeSetWhileItRings) {
    TimerWheel wheel(Milliseconds(0));
    Again again(wheel);
    wheel.set(again, Milliseconds(1));
    wheel.sweep(Milliseconds(300));
    EXPECT_EQ(again.rung, 1);
    wheel.sweep(Milliseconds(600));
    EXPECT_EQ(again.rung, 2);
}

TEST(IoTimerWheel, CatchesUpAfterALongPause) {
    TimerWheel wheel(Milliseconds(0));
    Bell bell;
    Bell later;
    wheel.set(bell, Milliseconds(1000));
    wheel.set(later, std::chrono::hours(48));
    wheel.sweep(std::chrono::hours(24));
    EXPECT_EQ(bell.rung, 1);
    EXPECT_EQ(later.rung, 0);
}

}  // namespace
}  // namespace ph::io

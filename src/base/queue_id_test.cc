// base/queue_id_test.cc: QueueId.
#include "base/queue_id.h"

#include <gtest/gtest.h>

namespace ph {
namespace {

constexpr TimePoint noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(12)};

TEST(QueueId, TextAndBackIsTheSameId) {
    const QueueId id = QueueId::make(noon, 3, 77, 1000);
    EXPECT_EQ(to_text(id).size(), 13U);
    EXPECT_EQ(QueueId::parse(to_text(id)), id);
    EXPECT_EQ(id.time(), noon);
    EXPECT_EQ(id.shard(), 3U);
    EXPECT_EQ(id.node(), 77U);
}

TEST(QueueId, LowerCaseIsRead) {
    const QueueId id = QueueId::make(noon, 1, 1, 1);
    std::string text = to_text(id);
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(QueueId::parse(text), id);
}

TEST(QueueId, RefusesWhatIsNoId) {
    EXPECT_FALSE(QueueId::parse(""));
    EXPECT_FALSE(QueueId::parse("0123456789AB"));
    EXPECT_FALSE(QueueId::parse("0123456789ABCD"));
    EXPECT_FALSE(QueueId::parse("I23456789ABCD"));
    EXPECT_FALSE(QueueId::parse("ZZZZZZZZZZZZZ"));
}

TEST(QueueId, IdsOnlyGrowWhenTheClockStepsBackOrStands) {
    QueueIdMaker maker(0, 0);
    QueueId last = maker.next(noon);
    for (int i = 0; i < 3000; ++i) {
        const QueueId id = maker.next(i % 2 == 0 ? noon : noon - std::chrono::hours(1));
        ASSERT_GT(id, last);
        last = id;
    }
}

TEST(QueueId, IdsGrowBeyondOneThatWasThereBefore) {
    QueueIdMaker maker(0, 0);
    const QueueId old = QueueId::make(noon + std::chrono::hours(1), 0, 0, 1023);
    maker.above(old);
    EXPECT_GT(maker.next(noon), old);
}

}  // namespace
}  // namespace ph

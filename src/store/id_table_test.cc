// store/id_table_test.cc: the table of ids against a std::map, with ids in and out of order.
#include "store/id_table.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace ph::store {
namespace {

TEST(IdTable, BehavesLikeAMap) {
    std::mt19937 random(7);
    IdTable table;
    std::map<std::uint64_t, Slot> model;
    for (Slot step = 0; step < 20'000; ++step) {
        const std::uint64_t id = 1 + (random() % 4 == 0 ? random() % 5'000 : step);
        if (random() % 3 == 0) {
            table.erase(QueueId(id));
            model.erase(id);
        } else {
            EXPECT_EQ(table.insert(QueueId(id), step), model.emplace(id, step).second);
        }
        const std::uint64_t other = random() % 20'000;
        EXPECT_EQ(table.find(QueueId(other)), model.contains(other) ? model[other] : no_slot);
    }
    std::vector<QueueId> expected;
    for (auto at = model.upper_bound(2'000); expected.size() < 3'000 && at != model.end(); ++at) expected.emplace_back(at->first);
    EXPECT_EQ(table.above(QueueId(2'000), 3'000), expected);
}

}  // namespace
}  // namespace ph::store

// directory/compact_map_test.cc: what is put in is found, cheaply.
#include "directory/compact_map.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::directory {
namespace {

TEST(CompactMap, FindsWhatWasPutIn) {
    CompactMap map;
    EXPECT_FALSE(map.find("a"));
    EXPECT_TRUE(map.add("a", "1"));
    EXPECT_TRUE(map.add("", ""));
    EXPECT_TRUE(map.add("long", std::string(100'000, 'x')));
    EXPECT_EQ(map.find("a"), "1");
    EXPECT_EQ(map.find(""), "");
    EXPECT_EQ(map.find("long")->size(), 100'000U);
    EXPECT_FALSE(map.find("b"));
    EXPECT_EQ(map.size(), 3U);
}

TEST(CompactMap, KeepsTheFirstValueOfAKey) {
    CompactMap map;
    EXPECT_TRUE(map.add("a", "1"));
    EXPECT_FALSE(map.add("a", "2"));
    EXPECT_EQ(map.find("a"), "1");
    EXPECT_EQ(map.size(), 1U);
}

TEST(CompactMap, HoldsManyEntriesInLittleMemory) {
    CompactMap map;
    std::size_t text = 0;
    for (int i = 0; i < 200'000; ++i) {
        const std::string key = "user" + std::to_string(i) + "@example.org";
        ASSERT_TRUE(map.add(key, "ok"));
        text += key.size() + 2;
    }
    map.finish();
    for (int i = 0; i < 200'000; i += 7) ASSERT_EQ(map.find("user" + std::to_string(i) + "@example.org"), "ok") << i;
    EXPECT_FALSE(map.find("user200000@example.org"));
    EXPECT_LT(map.memory(), text + 200'000 * 10);
}

TEST(CompactMap, WalksInTheOrderOfAdding) {
    CompactMap map;
    map.add("b", "1");
    map.add("a", "2");
    std::string seen;
    map.for_each([&](std::string_view key, std::string_view value) { seen.append(key).append(value); });
    EXPECT_EQ(seen, "b1a2");
}

}  // namespace
}  // namespace ph::directory

// explain/gram_index_test.cc: the index finds what a plain search finds, no more and no less.
#include "explain/gram_index.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::explain {
namespace {

// How often each id was hit; the same by the plain look of the first scan and by the tables of the later ones.
std::map<std::uint32_t, int> scan(GramIndex& index, std::string_view text) {
    std::map<std::uint32_t, int> first;
    index.scan(text, [&](std::uint32_t id, auto...) { ++first[id]; });
    std::map<std::uint32_t, int> second;
    index.scan(text, [&](std::uint32_t id, auto...) { ++second[id]; });
    EXPECT_EQ(first, second) << text;
    return second;
}

TEST(GramIndex, FindsLiteralsWhereverTheyStand) {
    GramIndex index;
    index.add("user unknown", {}, 1);
    index.add("unknown", {}, 2);
    index.add("邮", {}, 3);
    index.add("full", {}, 4);
    EXPECT_THAT(scan(index, "user unknown"), testing::ElementsAre(testing::Pair(1, 1), testing::Pair(2, 1)));
    EXPECT_THAT(scan(index, "收件人邮箱 full"), testing::ElementsAre(testing::Pair(3, 1), testing::Pair(4, 1)));
    EXPECT_THAT(scan(index, "user unknow"), testing::IsEmpty());
}

TEST(GramIndex, FindsNothingInAShortOrEmptyText) {
    GramIndex index;
    index.add("abc", {}, 1);
    EXPECT_THAT(scan(index, ""), testing::IsEmpty());
    EXPECT_THAT(scan(index, "ab"), testing::IsEmpty());
    EXPECT_THAT(scan(index, "abc"), testing::ElementsAre(testing::Pair(1, 1)));
    EXPECT_THAT(scan(index, std::string_view("abcd").substr(0, 2)), testing::IsEmpty()) << "never past the end of the view";
}

TEST(GramIndex, ScansWithoutAnyLiteral) {
    GramIndex index;
    EXPECT_THAT(scan(index, "anything at all"), testing::IsEmpty());
}

TEST(GramIndex, GivesTheIdOfEveryEqualLiteral) {
    GramIndex index;
    index.add("same", {}, 1);
    index.add("same", {}, 2);
    EXPECT_THAT(scan(index, "the same"), testing::ElementsAre(testing::Pair(1, 1), testing::Pair(2, 1)));
}

TEST(GramIndex, FindsAWordOnlyWhereItsEdgesAllow) {
    GramIndex index;
    index.add("block", {.open_left = false, .open_right = false}, 1);
    index.add("block", {.open_left = false, .open_right = true}, 2);
    index.add("block", {.open_left = true, .open_right = false}, 3);
    index.add("block", {}, 4);
    const auto ids = [&](std::string_view text) {
        std::string found;
        for (const auto& [id, count] : scan(index, text)) found += std::to_string(id);
        return found;
    };
    EXPECT_EQ(ids("block"), "1234");
    EXPECT_EQ(ids("a (block)"), "1234");
    EXPECT_EQ(ids("blocked"), "24");
    EXPECT_EQ(ids("unblock"), "34");
    EXPECT_EQ(ids("unblocked"), "4");
    EXPECT_EQ(ids("被block了"), "1234") << "a Chinese character ends a word";
}

TEST(GramIndex, SaysWhereALiteralBegins) {
    GramIndex index;
    index.add("list", {}, 1);
    index.add("abc", {}, 2);
    std::vector<std::size_t> places;
    index.scan("list, blacklist abc", [&](std::uint32_t, std::size_t begin) { places.push_back(begin); });
    EXPECT_THAT(places, testing::UnorderedElementsAre(0U, 11U, 16U));
}

TEST(GramIndex, AgreesWithAPlainSearch) {
    std::mt19937 random(7);  // a small alphabet, so that literals overlap and repeat
    const auto word = [&](std::size_t length) {
        std::string text;
        while (text.size() < length) text += "ab \xE9"[random() % 4];
        return text;
    };
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> literals;
        for (int i = 0; i < 20; ++i) literals.push_back(word(3 + random() % 8));
        GramIndex index;
        for (std::uint32_t i = 0; i < literals.size(); ++i) index.add(literals[i], {}, i);
        const std::string text = word(random() % 60);
        std::map<std::uint32_t, int> wanted;
        for (std::uint32_t i = 0; i < literals.size(); ++i) {
            for (std::size_t at = text.find(literals[i]); at != std::string::npos; at = text.find(literals[i], at + 1)) ++wanted[i];
        }
        ASSERT_EQ(scan(index, text), wanted) << text;
    }
}

}  // namespace
}  // namespace ph::explain

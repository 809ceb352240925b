// status/cause_test.cc: the words of the catalogue's enums, and when a condition on a code holds.
#include "status/cause.h"

#include <string_view>

#include <gtest/gtest.h>

namespace ph::status {
namespace {

TEST(Cause, NamesTheTiersInTheirOrder) {
    constexpr std::array<std::string_view, 6> names = {"host-text", "text", "code", "word", "general-code", "basic-code"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(to_text(static_cast<Tier>(i + 1)), names[i]);
        EXPECT_FALSE(describe(static_cast<Tier>(i + 1)).zh.empty());
    }
}

TEST(Cause, NamesItsTextsAsTheFilesDo) {
    EXPECT_EQ(to_text(TextPart::title), "title");
    EXPECT_EQ(to_text(TextPart::sender_admin), "sender_admin");
    EXPECT_EQ(to_text(TextPart::receiver_admin), "receiver_admin");
}

TEST(Cause, KnowsThePlaceholdersAndNoOther) {
    EXPECT_EQ(parse_placeholder("address"), Placeholder::address);
    EXPECT_EQ(parse_placeholder("list"), Placeholder::list);
    EXPECT_EQ(parse_placeholder("tag"), Placeholder::tag);
    for (const std::string_view name : {"", "Address", "adress", "address "}) EXPECT_FALSE(parse_placeholder(name)) << name;
}

TEST(Cause, HoldsACodeConditionWithinItsRangeOnly) {
    constexpr CodeCondition any_4xx{400, 499};
    EXPECT_TRUE(any_4xx.holds(ReplyCode::from(400)));
    EXPECT_TRUE(any_4xx.holds(ReplyCode::from(499)));
    EXPECT_FALSE(any_4xx.holds(ReplyCode::from(500)));
    EXPECT_FALSE(any_4xx.holds(std::nullopt));
}

TEST(Cause, HoldsAnEnhancedConditionOfAnyClassWhereItSaysX) {
    constexpr EnhancedCondition any{0, 2, 2};
    constexpr EnhancedCondition permanent{5, 2, 2};
    EXPECT_TRUE(any.holds({4, 2, 2}));
    EXPECT_TRUE(any.holds({5, 2, 2}));
    EXPECT_FALSE(any.holds({5, 2, 1}));
    EXPECT_FALSE(permanent.holds({4, 2, 2}));
}

TEST(Cause, CountsEachConditionOfARuleAsTenCharacters) {
    constexpr std::array<CodeCondition, 2> codes = {{{550, 550}, {551, 551}}};
    constexpr std::array<std::string_view, 1> hosts = {".example.com\n"};
    Rule rule{};
    EXPECT_EQ(rule.condition_weight(), 0);
    rule.codes = codes;
    EXPECT_EQ(rule.condition_weight(), 10) << "a list is one condition";
    rule.hosts = hosts;
    EXPECT_EQ(rule.condition_weight(), 20);
}

}  // namespace
}  // namespace ph::status

// status/reason_test.cc: the taxonomy is whole: 42 reasons, each with words in both languages, and every small word reads back.
#include "status/reason.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::status {
namespace {

bool has_chinese(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0xE4) return true;
    }
    return false;
}

TEST(Reason, IsOneOfFortyTwo) {
    EXPECT_EQ(reasons().size(), 42U);
    std::set<std::string_view> ids;
    for (const Reason& reason : reasons()) ids.insert(reason.id);
    EXPECT_EQ(ids.size(), 42U) << "an id stands twice";
    for (const std::string_view id : {"user_unknown", "mailbox_full", "ip_blocked", "greylisted", "undetermined", "delivered", "not_bounce"})
        EXPECT_TRUE(ids.contains(id)) << id;
}

TEST(Reason, IsFoundByItsIdOnly) {
    for (const Reason& reason : reasons()) EXPECT_EQ(find_reason(reason.id), &reason) << reason.id;
    for (const std::string_view id : {"", "user", "User_Unknown", "user_unknown ", "user-unknown"}) EXPECT_EQ(find_reason(id), nullptr) << id;
}

TEST(Reason, HasAGroupAnAdviceAndAGlossInBothLanguages) {
    const std::set<std::string_view> groups = {"recipient", "domain", "network", "sender", "reputation", "content", "policy", "system", "none"};
    for (const Reason& reason : reasons()) {
        EXPECT_TRUE(groups.contains(reason.group)) << reason.id << ": " << reason.group;
        EXPECT_FALSE(reason.advice.empty()) << reason.id;
        EXPECT_FALSE(reason.gloss.en.empty()) << reason.id;
        EXPECT_FALSE(has_chinese(reason.gloss.en)) << reason.id;
        EXPECT_TRUE(has_chinese(reason.gloss.zh)) << reason.id;
    }
}

TEST(Reason, NeverPromisesARetryForWhatHasToBeMendedFirst) {
    for (const Reason& reason : reasons()) {
        if (reason.retry != Retry::automatic && reason.retry != Retry::slower) continue;
        EXPECT_EQ(reason.permanence, Permanence::temporary) << reason.id;
    }
}

TEST(Reason, ReadsBackEverySide) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Side::unknown); ++i) {
        const auto side = static_cast<Side>(i);
        EXPECT_EQ(parse_side(to_text(side)), side);
        EXPECT_FALSE(describe(side).en.empty());
        EXPECT_TRUE(has_chinese(describe(side).zh));
        words.insert(to_text(side));
    }
    EXPECT_EQ(words.size(), 9U);
    EXPECT_FALSE(parse_side("sender_admin"));
    EXPECT_FALSE(parse_side(""));
}

TEST(Reason, ReadsBackEveryRetry) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Retry::never); ++i) {
        const auto retry = static_cast<Retry>(i);
        EXPECT_EQ(parse_retry(to_text(retry)), retry);
        EXPECT_FALSE(describe(retry).en.empty());
        EXPECT_TRUE(has_chinese(describe(retry).zh));
        words.insert(to_text(retry));
    }
    EXPECT_EQ(words.size(), 5U);
    EXPECT_FALSE(parse_retry("after_fix"));
}

}  // namespace
}  // namespace ph::status

// explain/rule_compile_test.cc: what a rule may say, what becomes of it, and what is refused with a reason.
#include "explain/rule_compile.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::explain {
namespace {

using status::Alternative;
using status::AlternativeKind;
using status::Tier;
using testing::ElementsAre;
using testing::HasSubstr;

class RuleCompile : public testing::Test {
  protected:
    std::string error_of(const Result<Alternative>& compiled) { return compiled ? "no error" : compiled.error().message; }
    // Whether the pattern finds something, and one of its atoms stands where it does.
    bool finds(const Alternative& alternative, const std::string& text) {
        const auto pattern = compile_pattern(alternative.text);
        const bool found = RE2::PartialMatch(text, **pattern);
        bool atom = false;
        for (const std::string_view piece : alternative.atoms) atom |= text.find(piece) != std::string::npos;
        EXPECT_TRUE(atom || !found) << "a match without an atom would never be tried: " << text;
        return found;
    }

    status::CatalogueArena arena_;
};

TEST_F(RuleCompile, MakesAPhraseOfPlainWords) {
    const auto phrase = compile_text("user unknown", arena_);
    ASSERT_TRUE(phrase);
    EXPECT_EQ(phrase->kind, AlternativeKind::phrase);
    EXPECT_EQ(phrase->text, "user unknown");
    EXPECT_EQ(phrase->specificity, 12);
    EXPECT_THAT(phrase->atoms, ElementsAre("user unknown"));
    EXPECT_FALSE(phrase->open_left);
    EXPECT_FALSE(phrase->open_right);
}

TEST_F(RuleCompile, OpensThePhraseWhereAStarStands) {
    const auto right = compile_text("blacklist*", arena_);
    EXPECT_EQ(right->text, "blacklist");
    EXPECT_TRUE(right->open_right);
    EXPECT_FALSE(right->open_left);
    EXPECT_EQ(right->written, "blacklist*");
    const auto left = compile_text("*list", arena_);
    EXPECT_TRUE(left->open_left);
    EXPECT_FALSE(left->open_right);
}

TEST_F(RuleCompile, CutsAPhraseAtItsGaps) {
    const auto phrase = compile_text("exceeded * storage allocation", arena_);
    ASSERT_TRUE(phrase);
    EXPECT_EQ(phrase->text, std::string("exceeded") + segment_mark + "storage allocation");
    EXPECT_THAT(phrase->atoms, ElementsAre("storage allocation")) << "the longest segment is looked for";
    EXPECT_EQ(phrase->specificity, 26) << "the literal bytes, without the gap";
}

TEST_F(RuleCompile, MakesAPatternOfAWordThatGoesOnInside) {
    const auto pattern = compile_text("blacklist* by * server", arena_);
    ASSERT_TRUE(pattern);
    EXPECT_EQ(pattern->kind, AlternativeKind::pattern);
    EXPECT_EQ(pattern->written, "blacklist* by * server");
    EXPECT_TRUE(finds(*pattern, "is blacklisted by our server"));
    EXPECT_TRUE(finds(*pattern, "blacklist by the mail server"));
    EXPECT_FALSE(finds(*pattern, "blacklisted at our server"));
    EXPECT_FALSE(finds(*pattern, "unblacklisted by our server"));
}

TEST_F(RuleCompile, FoldsWhatRulesSayAsRepliesAreFolded) {
    EXPECT_EQ(compile_text("郵箱已滿，请稍后", arena_)->text, "邮箱已满,请稍后");
    EXPECT_EQ(compile_text("please wait…", arena_)->text, "please wait...");
    EXPECT_EQ(folded("（“Ａ”）"), "(\"a\")");
}

TEST_F(RuleCompile, CountsOneChineseCharacterAsThree) {
    EXPECT_EQ(compile_text("满", arena_)->specificity, 3);
}

TEST_F(RuleCompile, RefusesPhrasesThatSayTooLittleOrTooMuch) {
    for (const std::string_view text : {"", "*", "**", "ab", "ab*", "a * b"}) EXPECT_FALSE(compile_text(text, arena_)) << text;
    EXPECT_THAT(error_of(compile_text("ab", arena_)), HasSubstr("three characters"));
    EXPECT_THAT(error_of(compile_text(" * abc", arena_)), HasSubstr("'*' needs words on both sides"));
    EXPECT_THAT(error_of(compile_text(std::string(70000, 'x'), arena_)), HasSubstr("longer than"));
}

TEST_F(RuleCompile, KeepsOfAPatternWhatEveryMatchHas) {
    const auto one = compile_regex("mailbox (is )?full", arena_);
    ASSERT_TRUE(one);
    EXPECT_TRUE(finds(*one, "the mailbox full"));
    EXPECT_TRUE(finds(*one, "the mailbox is full"));
    const auto either = compile_regex("(quota|storage) (exceeded|reached)", arena_);
    ASSERT_TRUE(either);
    for (const std::string_view text : {"quota exceeded", "quota reached", "storage exceeded", "storage reached"})
        EXPECT_TRUE(finds(*either, std::string(text))) << text;
    EXPECT_FALSE(finds(*either, "quota full"));
    const auto chinese = compile_regex("(邮|信)箱(已满|满了)", arena_);
    ASSERT_TRUE(chinese);
    EXPECT_TRUE(finds(*chinese, "收件人信箱满了"));
}

TEST_F(RuleCompile, RefusesPatternsWithoutALiteralInEveryAlternative) {
    for (const std::string_view pattern : {"", ".*", "[a-z]+", "a.b.c", "(full)?", "full|.*", "ab|full", "\\d+ \\d+", "(user )*"}) {
        EXPECT_THAT(error_of(compile_regex(pattern, arena_)), HasSubstr("literal run of three characters")) << pattern;
    }
}

TEST_F(RuleCompile, RefusesWhatIsNoPattern) {
    for (const std::string_view pattern : {"(full", "full)", "[full", "full{2", "*full", "full\\", "(?=full)", "(a{1000}full){1000}"}) {
        if (pattern == "full{2") continue;  // RE2 takes it as it stands
        EXPECT_THAT(error_of(compile_regex(pattern, arena_)), HasSubstr("not an RE2 expression")) << pattern;
    }
    EXPECT_THAT(error_of(compile_regex(std::string(100000, 'x'), arena_)), HasSubstr("longer than"));
}

TEST_F(RuleCompile, MeasuresAPatternByItsShortestMatch) {
    EXPECT_EQ(compile_regex("mailbox full", arena_)->specificity, 12);
    EXPECT_EQ(compile_regex("mailbox( is)? full", arena_)->specificity, 12);
    EXPECT_EQ(compile_regex("(quota|storage) over", arena_)->specificity, 10);
    EXPECT_EQ(compile_regex("full[0-9]+\\d*.", arena_)->specificity, 4);
    EXPECT_EQ(compile_regex("full(x|yy){0,3}z?", arena_)->specificity, 4);
}

TEST_F(RuleCompile, TakesUrlsAndHosts) {
    const auto url = compile_url("no=1000726", arena_);
    EXPECT_EQ(url->kind, AlternativeKind::url);
    EXPECT_EQ(url->text, "no=1000726");
    const auto host = compile_host("spamhaus.org", arena_);
    EXPECT_EQ(host->kind, AlternativeKind::host);
    EXPECT_EQ(host->text, ".spamhaus.org\n");
    EXPECT_EQ(host->written, "spamhaus.org");
    EXPECT_FALSE(compile_url("q=", arena_));
    EXPECT_FALSE(compile_host("localhost", arena_));
    EXPECT_FALSE(compile_host("", arena_));
}

TEST_F(RuleCompile, PutsARuleIntoTheTierThatItsPartsGive) {
    const std::vector<Alternative> phrase = {*compile_text("user unknown", arena_)};
    const std::vector<Alternative> host = {*compile_host("spamhaus.org", arena_)};
    const std::vector<std::string_view> names = {"google"};
    const std::vector<status::CodeCondition> codes = {{550, 550}};
    const auto enhanced = [](std::uint16_t subject, std::uint16_t detail) { return std::vector<status::EnhancedCondition>{{5, subject, detail}}; };
    const auto specific = enhanced(1, 1);
    const auto general = enhanced(7, 1);
    const auto zero = enhanced(2, 0);
    const auto both = std::vector<status::EnhancedCondition>{{5, 7, 1}, {5, 7, 25}};
    EXPECT_EQ(tier_of({.alternatives = phrase}, false), Tier::text);
    EXPECT_EQ(tier_of({.alternatives = phrase}, true), Tier::word);
    EXPECT_EQ(tier_of({.alternatives = phrase, .providers = names}, false), Tier::host_text);
    EXPECT_EQ(tier_of({.alternatives = phrase, .hosts = names}, false), Tier::host_text);
    EXPECT_EQ(tier_of({.alternatives = host}, false), Tier::text);
    EXPECT_EQ(tier_of({.alternatives = phrase, .codes = codes, .enhanced = specific}, false), Tier::text);
    EXPECT_EQ(tier_of({.codes = codes, .enhanced = specific}, false), Tier::code);
    EXPECT_EQ(tier_of({.enhanced = specific, .providers = names}, false), Tier::code);
    EXPECT_EQ(tier_of({.enhanced = general}, false), Tier::general_code);
    EXPECT_EQ(tier_of({.enhanced = zero}, false), Tier::general_code);
    EXPECT_EQ(tier_of({.enhanced = both}, false), Tier::code);
    EXPECT_EQ(tier_of({.codes = codes}, false), Tier::basic_code);
}

}  // namespace
}  // namespace ph::explain

// shaping/destination_rule_test.cc: which destinations a pattern means, and that every mistake is refused.
#include "shaping/destination_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::shaping {
namespace {

using testing::HasSubstr;

TEST(DestinationRuleTest, ReadsEveryKey) {
    const auto rule = parse_destination_rule("  Example.ORG   concurrency=2 retry_first=10m retry_max=2h lifetime=1d ");
    ASSERT_TRUE(rule.has_value());
    EXPECT_EQ(*rule, (DestinationRule{"example.org", 2, Seconds(600), Seconds(7200), Seconds(86400)}));
    EXPECT_EQ(parse_destination_rule("* concurrency=1")->retry_first, std::nullopt);
}

TEST(DestinationRuleTest, RefusesMistakesAndSaysWhatIsRight) {
    struct Case {
        const char* text;
        const char* says;
    };
    for (const Case& bad : {Case{"", "pattern"},
                            {"concurrency=2", "pattern"},
                            {"*.org concurrency=2", "pattern"},
                            {". concurrency=2", "pattern"},
                            {"example.org", "write it as"},
                            {"example.org colour=red", "only these keys"},
                            {"example.org concurrency", "write it as"},
                            {"example.org concurrency=2 concurrency=3", "each once"},
                            {"example.org lifetime=1d lifetime=1d", "each once"},
                            {"example.org concurrency=0", "1 to 1000"},
                            {"example.org concurrency=1001", "1 to 1000"},
                            {"example.org concurrency=2x", "1 to 1000"},
                            {"example.org concurrency=", "1 to 1000"},
                            {"example.org lifetime=0", "durations"},
                            {"example.org retry_first=31d", "durations"},
                            {"example.org retry_max=soon", "durations"}}) {
        EXPECT_THAT(std::string(check_destination_rule(bad.text)), HasSubstr(bad.says)) << bad.text;
        EXPECT_FALSE(parse_destination_rule(bad.text).has_value()) << bad.text;
    }
    EXPECT_EQ(check_destination_rule(".example.org lifetime=1s"), "");
}

TEST(DestinationRuleTest, FitsNamesNamesBelowAndWholeQueues) {
    const auto fits_queue = [](std::string pattern, std::string_view queue) { return fits({.pattern = std::move(pattern)}, queue); };
    EXPECT_TRUE(fits_queue("example.org", "smtp:example.org"));
    EXPECT_TRUE(fits_queue("smtp:example.org", "smtp:example.org"));
    EXPECT_FALSE(fits_queue("example.org", "smtp:mx.example.org"));
    EXPECT_FALSE(fits_queue("example.org", "lmtp:example.org"));
    EXPECT_TRUE(fits_queue(".example.org", "smtp:mx.example.org"));
    EXPECT_TRUE(fits_queue(".example.org", "smtp:example.org"));
    EXPECT_FALSE(fits_queue(".example.org", "smtp:badexample.org"));
    EXPECT_TRUE(fits_queue("maildir:", "maildir:"));
    EXPECT_FALSE(fits_queue("maildir:", "smtp:maildir:x"));
    EXPECT_TRUE(fits_queue("*", "pipe:archive"));
    EXPECT_TRUE(fits_queue("[192.0.2.1]:2525", "smtp:[192.0.2.1]:2525"));
}

TEST(DestinationRuleTest, TakesTheFirstRuleThatFits) {
    const std::vector<DestinationRule> rules{{.pattern = "a.example", .concurrency = 1}, {.pattern = "*", .concurrency = 9}};
    EXPECT_EQ(find_rule(rules, "smtp:a.example")->concurrency, 1U);
    EXPECT_EQ(find_rule(rules, "smtp:b.example")->concurrency, 9U);
    EXPECT_EQ(find_rule(std::span(rules).first(1), "smtp:b.example"), nullptr);
}

}  // namespace
}  // namespace ph::shaping

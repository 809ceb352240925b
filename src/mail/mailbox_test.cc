// mail/mailbox_test.cc: a table of what is an address, what is none, and the limits between (RFC 5321 4.1.2, RFC 6531 3.3).
#include "mail/mailbox.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::mail {
namespace {

using namespace std::string_literals;

struct Taken {
    std::string text;
    std::string local_part;
    std::string domain;
    std::string again = {};  // to_text, if it is not `text`
};

TEST(Mailbox, TakesEveryFormOfTheGrammar) {
    const std::vector<Taken> cases = {
        {"a@b", "a", "b"},
        {"user@example.org", "user", "example.org"},
        {"first.last@example.org", "first.last", "example.org"},
        {"USER@EXAMPLE.Org", "USER", "example.org", "USER@example.org"},
        {"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", "example.org"},
        {"user+detail@example.org", "user+detail", "example.org"},
        {"1@2.example", "1", "2.example"},
        {"a@1-2.example", "a", "1-2.example"},
        {"\"user\"@example.org", "user", "example.org", "user@example.org"},
        {"\"a b\"@example.org", "a b", "example.org"},
        {"a\\ b@example.org", "a b", "example.org", "\"a b\"@example.org"},
        {"a\\@b@example.org", "a@b", "example.org", "\"a@b\"@example.org"},
        {"\"a@b\"@example.org", "a@b", "example.org"},
        {"\"a\\\"b\"@example.org", "a\"b", "example.org"},
        {"\"a\\\\b\"@example.org", "a\\b", "example.org"},
        {"\"\\u\\s\\e\\r\"@example.org", "user", "example.org", "user@example.org"},
        {"\".user\"@example.org", ".user", "example.org"},
        {"\"a..b\"@example.org", "a..b", "example.org"},
        {"\"user.\"@example.org", "user.", "example.org"},
        {"\"<>,;:()\"@example.org", "<>,;:()", "example.org"},
        {"\"\"@example.org", "", "example.org"},
        {"user@[192.0.2.1]", "user", "[192.0.2.1]"},
        {"user@[IPv6:2001:db8::1]", "user", "[IPv6:2001:db8::1]"},
        {"user@[ipv6:2001:DB8::1]", "user", "[IPv6:2001:db8::1]", "user@[IPv6:2001:db8::1]"},
        {"user@[IPv6:::ffff:192.0.2.1]", "user", "[IPv6:::ffff:192.0.2.1]"},
        {"user@localhost", "user", "localhost"},
        {"postmaster", "postmaster", ""},
        {"PostMaster", "PostMaster", ""},
        {"用户@例子.中国", "用户", "例子.中国"},
        {"\"用 户\"@例子.中国", "用 户", "例子.中国"},
        {"jörg@müller.example", "jörg", "müller.example"},
        {"user@xn--fsqu00a.xn--fiqs8s", "user", "xn--fsqu00a.xn--fiqs8s"},
    };
    for (const Taken& taken : cases) {
        const auto mailbox = parse_mailbox(taken.text);
        ASSERT_TRUE(mailbox) << taken.text << ": " << mailbox.error().message;
        EXPECT_EQ(mailbox->local_part, taken.local_part) << taken.text;
        EXPECT_EQ(mailbox->domain, taken.domain) << taken.text;
        EXPECT_EQ(to_text(*mailbox), taken.again.empty() ? taken.text : taken.again);
        EXPECT_EQ(*parse_mailbox(to_text(*mailbox)), *mailbox) << taken.text;
    }
}

TEST(Mailbox, RefusesWhatTheGrammarDoesNotHave) {
    const std::vector<std::string> cases = {
        "",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a@@b",
        ".user@example.org",
        "user.@example.org",
        "us..er@example.org",
        "us er@example.org",
        " user@example.org",
        "user@example.org ",
        "user @example.org",
        "user@ example.org",
        "user@.example.org",
        "user@example.org.",
        "user@example..org",
        "user@-example.org",
        "user@example-.org",
        "user@exa_mple.org",
        "user@exam ple.org",
        "user@example.org>",
        "<user@example.org>",
        "user(comment)@example.org",
        "a,b@example.org",
        "a;b@example.org",
        "a:b@example.org",
        "a[b@example.org",
        "a\"b@example.org",
        "a\"b\"@example.org",
        "\"a\"b@example.org",
        "\"a\".b@example.org",
        "\"unfinished@example.org",
        "\"unfinished\\",
        "\"unfinished\\\"@example.org",
        "user\\",
        "us\ter@example.org",
        "us\rer@example.org",
        "us\ner@example.org",
        "us\\\ner@example.org",
        "user\r\n@example.org",
        "\"us\r\ner\"@example.org",
        "\"us\\\ner\"@example.org",
        "us\0er@example.org"s,
        "\"us\0er\"@example.org"s,
        "user@example\0.org"s,
        "user@example.org\r\n",
        "us\x7f@example.org",
        "\"us\x7f\"@example.org",
        "us\xff@example.org",
        "us\xc0\x80@example.org",
        "us\xed\xa0\x80@example.org",
        "us\xc2\x85@example.org",
        "user@ex\xff.org",
        "user@ex\xc2\x85.org",
        "user@ex\xe3\x80\x82org",
        "user@ex\xc2\xa0.org",
        "user@\xe2\x80\x8b.org",
        "user@[192.0.2.256]",
        "user@[192.0.2]",
        "user@[192.0.2.1",
        "user@[192.0.2.01]",
        "user@[192.0.2.1].org",
        "user@[]",
        "user@[2001:db8::1]",
        "user@[IPv6:]",
        "user@[IPv6:2001:db8::1::2]",
        "user@[IPv6:2001:db8]",
        "user@[IPv6:fe80::1%eth0]",
        "user@[X400:abc]",
        "user@192.0.2.1]",
    };
    for (const std::string& text : cases) {
        const auto mailbox = parse_mailbox(text);
        EXPECT_FALSE(mailbox) << testing::PrintToString(text);
    }
}

TEST(Mailbox, SaysWhenOnlyTheDomainIsMissing) {
    EXPECT_EQ(parse_mailbox("user").error().kind, FaultKind::missing);
    EXPECT_EQ(parse_mailbox("\"\"").error().kind, FaultKind::missing);
    std::size_t length = 0;
    EXPECT_EQ(parse_path("<user>", length).error().kind, FaultKind::missing);
    EXPECT_EQ(parse_mailbox("us er").error().kind, FaultKind::malformed);
}

TEST(Mailbox, HoldsTheLimitsOfTheStandard) {
    const std::string local(242, 'a');
    EXPECT_TRUE(parse_mailbox(local + "@example.org"));
    EXPECT_EQ(parse_mailbox(local + "a@example.org").error().kind, FaultKind::too_large);
    // A quoted local part counts with its quotes, for so it is sent.
    EXPECT_TRUE(parse_mailbox("\"" + std::string(248, 'a') + " b\"@x"));
    EXPECT_EQ(parse_mailbox("\"" + std::string(249, 'a') + " b\"@x").error().kind, FaultKind::too_large);

    const std::string label(63, 'l');
    EXPECT_TRUE(parse_mailbox("a@" + label + ".org"));
    EXPECT_FALSE(parse_mailbox("a@" + label + "l.org"));
    const std::string longest = label + "." + label + "." + label;  // 191
    EXPECT_TRUE(parse_mailbox(std::string(62, 'a') + "@" + longest));
    EXPECT_EQ(parse_mailbox(std::string(63, 'a') + "@" + longest).error().kind, FaultKind::too_large);
    EXPECT_TRUE(is_domain(longest + "." + label));
    EXPECT_FALSE(is_domain(longest + "." + label + ".x"));
    EXPECT_EQ(parse_mailbox("a@" + longest + "." + label + ".x").error().kind, FaultKind::too_large);
}

TEST(Mailbox, TakesAPathAndDropsItsSourceRoute) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"<user@example.org>", "user@example.org"},
        {"<@one.example:user@example.org>", "user@example.org"},
        {"<@one.example,@two.example:user@example.org>", "user@example.org"},
        {"<@[192.0.2.1]:user@example.org>", "user@example.org"},
        {"<\"a>b\"@example.org>", "\"a>b\"@example.org"},
        {"<>", ""},
        {"<Postmaster>", "Postmaster"},
    };
    for (const auto& [text, address] : cases) {
        std::size_t length = 0;
        const auto mailbox = parse_path(text + " SIZE=1", length);
        ASSERT_TRUE(mailbox) << text;
        EXPECT_EQ(to_text(*mailbox), address);
        EXPECT_EQ(length, text.size());
    }
}

TEST(Mailbox, RefusesPathsThatAreNotOne) {
    for (const char* text : {"", "user@example.org", "<user@example.org", "<user@example.org x>", "< user@example.org>", "<user@example.org >",
                             "<@one.example>", "<@one.example:>", "<@one.example,user@example.org>", "<@one.example,:user@example.org>",
                             "<@:user@example.org>", "<@one@two:user@example.org>", "<<user@example.org>>", "< >", "<a@b@c>"}) {
        std::size_t length = 0;
        EXPECT_FALSE(parse_path(text, length)) << text;
    }
}

TEST(Mailbox, KnowsPostmasterInEveryCase) {
    EXPECT_TRUE((Mailbox{"POSTmaster", "example.org"}.is_postmaster()));
    EXPECT_FALSE((Mailbox{"postmasters", ""}.is_postmaster()));
}

TEST(Mailbox, TellsWhetherItNeedsUtf8) {
    EXPECT_TRUE((Mailbox{"user", "example.org"}.is_ascii()));
    EXPECT_FALSE((Mailbox{"用户", "example.org"}.is_ascii()));
    EXPECT_FALSE((Mailbox{"user", "例子.中国"}.is_ascii()));
}

}  // namespace
}  // namespace ph::mail

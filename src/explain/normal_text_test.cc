// explain/normal_text_test.cc: a reply as rules see it: every form of value taken out, nothing else, and each byte knows where it came from.
#include "explain/normal_text.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

NormalText normalized(std::string_view reply) {
    NormalText out;
    append_normalized(reply, 0, reply.size(), out);
    return out;
}

std::vector<std::string> values_of(std::string_view reply, ValueKind kind) {
    std::vector<std::string> values;
    for (const Value& value : normalized(reply).values) {
        if (value.kind == kind) values.emplace_back(reply.substr(value.begin, value.end - value.begin));
    }
    return values;
}

struct Row {
    const char* reply;
    const char* text;
};

class NormalTextRows : public testing::TestWithParam<Row> {};

TEST_P(NormalTextRows, IsSeenAs) {
    EXPECT_EQ(normalized(GetParam().reply).text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Words, NormalTextRows,
                         testing::Values(Row{"Mailbox  FULL\t(over\r\nquota) ", "mailbox full (over quota)"}, Row{"", ""}, Row{" \t ", ""},
                                         Row{"User unknown", "user unknown"}, Row{"a {addr} b {x", "a (addr) b (x"}, Row{"a ｛addr｝", "a (addr)"},
                                         Row{"收件人：邮箱已滿。", "收件人:邮箱已满."}, Row{"ＵＳＥＲ　ｕｎｋｎｏｗｎ", "user unknown"},
                                         Row{"wait…", "wait..."}, Row{"1～2", "1~2"}, Row{"can’t “send”", "can't \"send\""},
                                         Row{"bad\xFF"
                                             "byte",
                                             "bad\xEF\xBF\xBD"
                                             "byte"},
                                         Row{"a\x01\x02\x7F"
                                             "b",
                                             "a b"},
                                         Row{"1.5 MB", "1.5 mb"}, Row{"v2.0", "v2.0"}, Row{"e.g. this", "e.g. this"}));

INSTANTIATE_TEST_SUITE_P(Addresses, NormalTextRows,
                         testing::Values(Row{"<ann@example.net>: no", "{addr}: no"}, Row{"ann@example.net unknown", "{addr} unknown"},
                                         Row{"ann@example.net...User unknown", "{addr}...user unknown"},
                                         Row{"<ann@example.net>... User unknown", "{addr}... user unknown"},
                                         Row{"ann.b+tag_x%y@a-b.example.net.", "{addr}."}, Row{"(ann@example.net)", "({addr})"},
                                         Row{"user @ home", "user @ home"}, Row{"ann@localhost", "{addr}"}, Row{"a@", "a@"},
                                         Row{"用户ann@example.net不存在", "用户{addr}不存在"}, Row{"rfc822;ann@example.net", "rfc822;{addr}"},
                                         Row{"<ann@example.net", "<{addr}"}));

INSTANTIATE_TEST_SUITE_P(IpAddresses, NormalTextRows,
                         testing::Values(Row{"[192.0.2.1] blocked", "{ip} blocked"}, Row{"host 192.0.2.1.", "host {ip}."},
                                         Row{"(192.0.2.1)", "({ip})"}, Row{"x.xx.xx.xx is listed", "{ip} is listed"}, Row{"1.2.3.xxx", "{ip}"},
                                         Row{"192.0.2.1:25 refused", "{ip} refused"}, Row{"192.0.2.1: refused", "{ip}: refused"},
                                         Row{"[IPv6:2001:db8::1] no", "{ip} no"}, Row{"[2001:db8::1]", "{ip}"},
                                         Row{"2001:db8:0:0:0:0:0:1 no", "{ip} no"}, Row{"::1 no", "{ip} no"}, Row{"fe80::", "{ip}"},
                                         Row{"::ffff:192.0.2.1", "{ip}"}, Row{"2001:db8::1: no", "{ip}: no"}, Row{"1.2.3", "1.2.3"},
                                         Row{"1.2.3.4.5.6", "1.2.3.4.5.6"}, Row{"at 12:30:45", "at 12:30:45"}, Row{"abc: def", "abc: def"},
                                         Row{"face::book", "face::book"}, Row{"ipv6: none", "ipv6: none"}, Row{"IPv6:", "ipv6:"},
                                         Row{"ipv6:é", "ipv6:é"}));

INSTANTIATE_TEST_SUITE_P(Urls, NormalTextRows,
                         testing::Values(Row{"see https://www.example.com/q?ip=192.0.2.1.", "see {url}."}, Row{"(http://example.com/a)", "({url})"},
                                         Row{"<https://example.com/a>", "{url}"}, Row{"see www.example.com/a/b, please", "see {url}, please"},
                                         Row{"http://example.com", "{url}"}, Row{"https://", "https://"}, Row{"and/or", "and/or"},
                                         Row{"请访问https://example.com/a。", "请访问{url}."}, Row{"HTTP://EXAMPLE.COM/A", "{url}"}));

INSTANTIATE_TEST_SUITE_P(Hosts, NormalTextRows,
                         testing::Values(Row{"using zen.spamhaus.org; no", "using {host}; no"}, Row{"mx1.example.com.", "{host}."},
                                         Row{"[mx.example.com]", "{host}"},
                                         Row{"RESOLVER.ADR.RecipNotFound; not found", "resolver.adr.recipnotfound; not found"},
                                         Row{"STOREDRV.Deliver", "storedrv.deliver"}, Row{"unknown.Please", "unknown.please"},
                                         Row{"mailbox.please", "mailbox.please"}, Row{"sentence.No blank", "sentence.no blank"}, Row{"a.b", "a.b"},
                                         Row{"x..com", "x..com"}, Row{"MX.EXAMPLE.COM", "{host}"}, Row{"mail.example.co.uk", "{host}"},
                                         Row{"name.invalid", "{host}"}));

INSTANTIATE_TEST_SUITE_P(EnhancedCodes, NormalTextRows,
                         testing::Values(Row{"no (#5.7.1)", "no"}, Row{"no (5.7.1) here", "no here"}, Row{"[5.7.1] no", "no"}, Row{"#5.1.1 no", "no"},
                                         Row{"no 5.1.1", "no"}, Row{"version 5.9.9", "version 5.9.9"}, Row{"(#5.7.1 spf)", "( spf)"},
                                         Row{"3.1.1 no", "3.1.1 no"}, Row{"5.01.1", "5.01.1"}));

TEST(NormalText, ListsTheValuesWithoutTheirBrackets) {
    const std::string reply = "<ann@example.net> from [192.0.2.1] by mx.example.org, see https://example.com/x.";
    EXPECT_THAT(values_of(reply, ValueKind::address), ElementsAre("ann@example.net"));
    EXPECT_THAT(values_of(reply, ValueKind::ip), ElementsAre("192.0.2.1"));
    EXPECT_THAT(values_of(reply, ValueKind::host), ElementsAre("mx.example.org"));
    EXPECT_THAT(values_of(reply, ValueKind::url), ElementsAre("https://example.com/x"));
    EXPECT_THAT(values_of("[IPv6:2001:db8::1]", ValueKind::ip), ElementsAre("2001:db8::1"));
    EXPECT_THAT(values_of("192.0.2.1:25", ValueKind::ip), ElementsAre("192.0.2.1")) << "a port is no part of the address";
    EXPECT_THAT(values_of("ann@example.net...User", ValueKind::address), ElementsAre("ann@example.net"));
}

TEST(NormalText, KeepsHostsAndUrlsAsFacts) {
    EXPECT_EQ(normalized("resolver.adr.RecipNotFound").facts, "");
    EXPECT_EQ(normalized("using ZEN.Spamhaus.org").facts, ".zen.spamhaus.org\n");
    EXPECT_EQ(normalized("https://WWW.Example.com/Q?x=1").facts, "https://www.example.com/q?x=1\n.www.example.com\n");
    EXPECT_EQ(normalized("www.example.com/q").facts, "www.example.com/q\n.www.example.com\n");
}

TEST(NormalText, KeepsTheFirstEnhancedCode) {
    const auto found = normalized("no (#5.7.1), then 4.2.2").enhanced;
    ASSERT_TRUE(found);
    EXPECT_EQ(to_text(*found), "5.7.1");
    EXPECT_FALSE(normalized("version 5.9.9").enhanced) << "RFC 3463 has no subject 9";
}

TEST(NormalText, KnowsWhereEachByteCameFrom) {
    const std::string reply = "No <ann@example.net> 邮箱已滿 (#5.2.2) Full";
    const NormalText normal = normalized(reply);
    ASSERT_EQ(normal.text, "no {addr} 邮箱已满 full");
    ASSERT_EQ(normal.origin.size(), normal.text.size());
    const auto origin_of = [&](std::string_view text) { return normal.origin[normal.text.find(text)]; };
    EXPECT_EQ(origin_of("no"), 0U);
    EXPECT_EQ(origin_of("{addr}"), reply.find("ann@"));
    EXPECT_EQ(origin_of("邮箱"), reply.find("邮箱"));
    EXPECT_EQ(origin_of("满"), reply.find("滿"));
    EXPECT_EQ(origin_of("full"), reply.find("Full"));
}

TEST(NormalText, AppendsPiecesWithABlankBetween) {
    const std::string reply = "550-User\r\n550 unknown";
    NormalText out;
    append_normalized(reply, 4, 8, out);
    append_normalized(reply, 14, 21, out);
    EXPECT_EQ(out.text, "user unknown");
    EXPECT_EQ(out.origin[5], 14U);
}

TEST(NormalText, LooksAtItsPieceOnly) {
    const std::string reply = "550 mx.example.comXYZ";
    NormalText out;
    append_normalized(reply, 4, reply.size() - 3, out);
    EXPECT_EQ(out.text, "{host}");
}

TEST(NormalText, TakesOnlyValuesFromAround) {
    NormalText out;
    const std::string reply = "<ann@example.net>: host mx.example.com said:";
    append_facts(reply, 0, reply.size(), out);
    EXPECT_EQ(out.text, "");
    EXPECT_THAT(out.origin, IsEmpty());
    EXPECT_EQ(out.values.size(), 2U);
    EXPECT_THAT(out.facts, HasSubstr(".mx.example.com\n"));
    out.clear();
    EXPECT_EQ(out.facts, "");
    EXPECT_THAT(out.values, IsEmpty());
}

// A reply is at most 64 KiB, and nobody may make us take seconds for one.
TEST(NormalText, ReadsHostileTextsInLinearTime) {
    for (const std::string_view unit : {"a.", "1.", "a_", "a.com.", "5.1.1.", "a:", "1::", "ab.c@", "x://", "a-", "::", "ipv6:", "a..com"}) {
        std::string reply;
        while (reply.size() < 64 * 1024) reply += unit;
        for (const std::string_view tail : {"", ":", "@", "..com"}) {
            const auto begin = std::chrono::steady_clock::now();
            (void)normalized(reply + std::string(tail));
            EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500)) << unit << tail;
        }
    }
}

}  // namespace
}  // namespace ph::explain

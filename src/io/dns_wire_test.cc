// io/dns_wire_test.cc: records of DNS answers, read with every length checked.
#include "io/dns_wire.h"

#include <gtest/gtest.h>

namespace ph::io {
namespace {

using namespace std::string_view_literals;

TEST(IoDnsWire, ReadsNamesThatCanBeAsked) {
    EXPECT_EQ(plain_name("Mail.Example.ORG."), "mail.example.org");
    EXPECT_EQ(plain_name("_dmarc.example.org"), "_dmarc.example.org");
    EXPECT_EQ(plain_name(std::string(63, 'a') + ".b"), std::string(63, 'a') + ".b");
    for (const std::string& text :
         {std::string(), std::string("."), std::string("a..b"), std::string(".a"), std::string("a.."), std::string("a b"), std::string("a\n.b"),
          std::string("例.cn"), std::string(64, 'a'), "a" + std::string(252, '.') + "b", std::string("a\\.b")}) {
        EXPECT_FALSE(plain_name(text)) << text;
    }
    std::string longest;
    for (int i = 0; i < 126; ++i) longest += "a.";
    EXPECT_TRUE(plain_name(longest + "a"));
    EXPECT_FALSE(plain_name(longest + "ab"));
}

TEST(IoDnsWire, TurnsAddressesRound) {
    EXPECT_EQ(reverse_name(*IpAddress::parse("192.0.2.1")), "1.2.0.192.in-addr.arpa");
    EXPECT_EQ(reverse_name(*IpAddress::parse("2001:db8::1")), "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(IoDnsWire, ReadsMx) {
    const auto mx = parse_mx(
        "\x01\x0a\x02MX\x07"
        "example\x00"sv);
    ASSERT_TRUE(mx);
    EXPECT_EQ(mx->preference, 266);
    EXPECT_EQ(mx->host, "mx.example");
    EXPECT_EQ(parse_mx("\0\0\0"sv)->host, "");
}

TEST(IoDnsWire, RefusesDataThatEndsTooSoonOrTooLate) {
    for (const std::string_view data : {""sv, "\0\x0a"sv, "\0\x0a\x02mx"sv, "\0\x0a\x05mx\0"sv, "\0\x0a\x02mx\0x"sv, "\0\x0a\xc0\x0c"sv,
                                        "\0\x0a\x04"
                                        "m x\0"sv,
                                        "\0\x0a\x02m.\0"sv}) {
        EXPECT_FALSE(parse_mx(data));
    }
    EXPECT_FALSE(parse_ptr("\0"sv));
    EXPECT_FALSE(parse_a("abc"sv));
    EXPECT_FALSE(parse_aaaa("abcd"sv));
    EXPECT_FALSE(parse_txt(""sv));
    EXPECT_FALSE(
        parse_txt("\x03"
                  "ab"sv));
}

TEST(IoDnsWire, JoinsTheStringsOfATxtRecord) {
    EXPECT_EQ(parse_txt("\x02"
                        "ab\0\x01"
                        "c"sv),
              "abc");
}

}  // namespace
}  // namespace ph::io

// smtp/syntax/dsn_test.cc: the values of RFC 3461 and RFC 6533.
#include "smtp/syntax/dsn.h"

#include <gtest/gtest.h>

namespace ph::smtp {
namespace {

using mail::Notify;

TEST(SyntaxDsn, XtextIsDecoded) {
    EXPECT_EQ(decode_xtext("some+2Bone+3D@example.net"), "some+one=@example.net");
    EXPECT_EQ(decode_xtext(""), "");
    for (const std::string_view text : {"+", "+2", "+2b", "+GG", "a=b", "a b", "+0D+0A", "+7F", "+00", "\xC3\xA4", "a+2"}) {
        EXPECT_FALSE(decode_xtext(text)) << text;
    }
}

TEST(SyntaxDsn, Utf8AddressesAreDecoded) {
    EXPECT_EQ(decode_utf8_address("\\x{7528}\\x{6237}@example.net"), "用户@example.net");
    EXPECT_EQ(decode_utf8_address("用户@example.net"), "用户@example.net");
    EXPECT_EQ(decode_utf8_address("a\\x{2B}b\\x{1F600}"), "a+b\xF0\x9F\x98\x80");
    for (const std::string_view text : {"\\x{D800}", "\\x{110000}", "\\x{0D}", "\\x{}", "\\x{1}", "\\x{1234567}", "\\x{12", "\\y", "\\", "a+2B",
                                        "a=b", "\xFF", "\xC2\x85", "\\x{85}"}) {
        EXPECT_FALSE(decode_utf8_address(text)) << text;
    }
}

TEST(SyntaxDsn, NotifyIsNeverOrAList) {
    EXPECT_EQ(parse_notify("NEVER")->bits, Notify::never);
    EXPECT_EQ(parse_notify("success,DELAY")->bits, Notify::success | Notify::delay);
    EXPECT_EQ(parse_notify("FAILURE")->bits, Notify::failure);
    for (const std::string_view text : {"", "NEVER,SUCCESS", "SUCCESS,NEVER", "SUCCESS,", ",SUCCESS", "SOMETIMES"})
        EXPECT_FALSE(parse_notify(text)) << text;
}

TEST(SyntaxDsn, OrcptKeepsItsType) {
    EXPECT_EQ(parse_orcpt("RFC822;some+2Bone@example.net"), "rfc822;some+one@example.net");
    EXPECT_EQ(parse_orcpt("utf-8;\\x{7528}@example.net"), "utf-8;用@example.net");
    EXPECT_EQ(parse_orcpt("rfc822;" + std::string(493, 'a'))->size(), 500U);
    for (const std::string& text : {std::string(), std::string("rfc822"), std::string("rfc822;"), std::string(";a"), std::string("rf c;a"),
                                    "rfc822;" + std::string(494, 'a')}) {
        EXPECT_FALSE(parse_orcpt(text)) << text;
    }
}

TEST(SyntaxDsn, OrcptOfTypeRfc822WithUtf8IsOfTypeUtf8) {
    EXPECT_EQ(parse_orcpt("rfc822;+E7+94+A8+E6+88+B7@example.net"), "utf-8;用户@example.net");
    for (const std::string_view text : {"rfc822;+E7+94@example.net", "rfc822;+C2+80@example.net", "rfc822;a+0Ab@example.net", "x400;+E7+94+A8"}) {
        EXPECT_FALSE(parse_orcpt(text)) << text;
    }
}

TEST(SyntaxDsn, EnvidHasAtMost100Characters) {
    EXPECT_EQ(parse_envid("QQ+2B1"), "QQ+1");
    EXPECT_TRUE(parse_envid(std::string(100, 'a')));
    EXPECT_FALSE(parse_envid(std::string(101, 'a')));
    EXPECT_FALSE(parse_envid(""));
}

}  // namespace
}  // namespace ph::smtp

// mail/header_section_test.cc: header sections taken apart, the obsolete and the broken ones too (RFC 5322 2.2, 4.2).
#include "mail/header_section.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::mail {
namespace {

TEST(HeaderSection, SplitsFieldsAndFindsThemInAnyCase) {
    const std::string text = "From: a@b\r\nSUBJECT : two\r\n  lines\r\n\tof it\r\nX:\r\n\r\nBody: no\r\n";
    const auto section = HeaderSection::parse(text);
    ASSERT_TRUE(section);
    ASSERT_EQ(section->fields().size(), 3U);
    EXPECT_EQ(section->value("subject"), "two  lines\tof it");
    EXPECT_EQ(section->find("Subject")->name, "SUBJECT");
    EXPECT_EQ(section->find("Subject")->whole, "SUBJECT : two\r\n  lines\r\n\tof it\r\n");
    EXPECT_EQ(section->value("x"), "");
    EXPECT_EQ(section->find("body"), nullptr);
    EXPECT_EQ(text.substr(section->size()), "Body: no\r\n");
    EXPECT_TRUE(section->ended());
    EXPECT_EQ(section->bad_lines(), 0U);
}

TEST(HeaderSection, TakesLinesWithoutCarriageReturn) {
    const auto section = HeaderSection::parse("A: b\n c\nD: e\n\nbody");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->value("a"), "b c");
    EXPECT_EQ(section->size(), 14U);
}

TEST(HeaderSection, AMessageOfHeaderAloneIsAllHeader) {
    const auto section = HeaderSection::parse("A: b\r\nC: d");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->value("c"), "d");
    EXPECT_EQ(section->size(), 10U);
    EXPECT_FALSE(section->ended());
    EXPECT_EQ(HeaderSection::parse("")->size(), 0U);
    EXPECT_EQ(HeaderSection::parse("\r\nbody")->size(), 2U);
}

TEST(HeaderSection, ABadLineHidesNothing) {
    const auto section = HeaderSection::parse(" first\r\nFrom x\r\n of that\r\nA: b\r\nn\xc3\xa4me: x\r\n: x\r\nC: d\r\n\r\n");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->bad_lines(), 5U);
    EXPECT_EQ(section->value("a"), "b");
    EXPECT_EQ(section->value("c"), "d");
}

TEST(HeaderSection, KeepsObsoleteFolding) {
    const auto section = HeaderSection::parse("A: b\r\n  \r\n c\r\n\r\n");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->value("a"), "b   c");
}

TEST(HeaderSection, CountsRepeatedFields) {
    const auto section = HeaderSection::parse("Received: 1\r\nreceived: 2\r\nX: 3\r\n\r\n");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->count("Received"), 2U);
    EXPECT_EQ(section->value("Received"), "1");
}

TEST(HeaderSection, RefusesMoreThanItsLimits) {
    EXPECT_EQ(HeaderSection::parse("A: b\r\nC: d\r\n\r\n", {.octets = 10, .fields = 10}).error().kind, FaultKind::too_large);
    EXPECT_EQ(HeaderSection::parse("A: b\r\nC: d\r\n\r\n", {.octets = 100, .fields = 1}).error().kind, FaultKind::too_large);
    EXPECT_TRUE(HeaderSection::parse("A: b\r\nC: d\r\n\r\n" + std::string(1000, 'x'), {.octets = 14, .fields = 2}));
}

}  // namespace
}  // namespace ph::mail

// status/enhanced_code_test.cc: the grammar of RFC 3463 2: class 2, 4 or 5, subject and detail of one to three digits without leading
// zeros.
#include "status/enhanced_code.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::status {
namespace {

TEST(EnhancedCode, ReadsAndWritesEverySubjectAndDetail) {
    for (const int code_class : {2, 4, 5}) {
        for (int subject = 0; subject < 1000; subject += subject < 12 ? 1 : 37) {
            for (int detail = 0; detail < 1000; ++detail) {
                const std::string text = std::to_string(code_class) + '.' + std::to_string(subject) + '.' + std::to_string(detail);
                const auto code = EnhancedCode::parse(text);
                ASSERT_TRUE(code) << text;
                ASSERT_EQ(to_text(*code), text);
                ASSERT_EQ(code->code_class, code_class);
                ASSERT_EQ(code->subject, subject);
                ASSERT_EQ(code->detail, detail);
            }
        }
    }
}

class EnhancedCodeBad : public testing::TestWithParam<const char*> {};

TEST_P(EnhancedCodeBad, IsRefused) {
    EXPECT_FALSE(EnhancedCode::parse(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Rows, EnhancedCodeBad,
                         testing::Values("", "5", "5.", "5.1", "5.1.", "5..1", ".5.1", "5.1.1.", "5.1.1.1", "1.1.1", "3.1.1", "6.1.1", "0.0.0",
                                         "X.1.1", "5.01.1", "5.1.01", "5.00.0", "5.1.001", "5.1000.1", "5.1.1000", "55.1.1", "5.1.1 ", " 5.1.1",
                                         "5.1.1a", "5.a.1", "5.-1.1", "5,1,1", "5.1.+1", "#5.1.1", "5.1.x"));

struct Head {
    const char* text;
    std::size_t length;  // 0: no code at the head
};

class EnhancedCodeHead : public testing::TestWithParam<Head> {};

TEST_P(EnhancedCodeHead, TakesAsMuchAsTheCodeHas) {
    std::size_t length = 0;
    const auto code = EnhancedCode::parse_head(GetParam().text, length);
    EXPECT_EQ(code.has_value(), GetParam().length != 0) << GetParam().text;
    EXPECT_EQ(length, GetParam().length) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Rows, EnhancedCodeHead,
                         testing::Values(Head{"5.1.1 User unknown", 5}, Head{"5.7.25", 6}, Head{"4.7.500-x", 7}, Head{"5.1.1: no", 5},
                                         Head{"5.1.1)", 5}, Head{"5.1.1.", 5}, Head{"5.1.1. Then", 5}, Head{"5.1.1.2", 0}, Head{"5.1.1user", 0},
                                         Head{"5.1.1234", 0}, Head{"192.0.2.1", 0}, Head{"2.0.2.1", 0}, Head{"5.1", 0}, Head{"x5.1.1", 0}));

TEST(EnhancedCode, KnowsItsClassAndTopic) {
    const auto code = *EnhancedCode::parse("4.7.25");
    EXPECT_EQ(code.reply_class(), ReplyClass::transient);
    EXPECT_EQ(code.topic(), EnhancedCode::parse("5.7.25")->topic());
    EXPECT_NE(code.topic(), EnhancedCode::parse("4.25.7")->topic());
    EXPECT_NE(EnhancedCode::parse("5.1.0")->topic(), EnhancedCode::parse("5.0.100")->topic());
}

TEST(EnhancedCode, SortsByNumberNotByText) {
    EXPECT_LT(*EnhancedCode::parse("5.7.9"), *EnhancedCode::parse("5.7.25"));
}

}  // namespace
}  // namespace ph::status

// status/reply_code_test.cc: three digits from 200 to 599, and nothing that only looks like them (RFC 5321 4.2).
#include "status/reply_code.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::status {
namespace {

TEST(ReplyCode, TakesEveryCodeOfItsRange) {
    for (int value = 0; value < 1000; ++value) {
        std::string text = std::to_string(value);
        text.insert(0, 3 - text.size(), '0');
        const auto code = ReplyCode::parse(text);
        ASSERT_EQ(code.has_value(), value >= 200 && value <= 599) << value;
        if (!code) continue;
        EXPECT_EQ(code->value(), value);
        EXPECT_EQ(to_text(*code), text);
        EXPECT_EQ(static_cast<int>(code->reply_class()), value / 100);
        EXPECT_EQ(*code, *ReplyCode::from(value));
    }
}

TEST(ReplyCode, RefusesAnythingElse) {
    for (const std::string_view text : {"", "5", "55", "5500", " 550", "550 ", "-50", "+50", "5.0", "55o", "0x5", "５５０"})
        EXPECT_FALSE(ReplyCode::parse(text)) << text;
    for (const int value : {-550, 0, 199, 600, 1550, 65536 + 550}) EXPECT_FALSE(ReplyCode::from(value)) << value;
}

TEST(ReplyCode, SortsByValue) {
    EXPECT_LT(*ReplyCode::from(421), *ReplyCode::from(550));
}

}  // namespace
}  // namespace ph::status

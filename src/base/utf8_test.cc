// base/utf8_test.cc: every code point goes in and out, and nothing else is taken for one (RFC 3629 3 and 4).
#include "base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace ph {
namespace {

constexpr bool is_surrogate(char32_t value) {
    return value >= 0xD800 && value <= 0xDFFF;
}

TEST(Utf8, ReadsBackEveryCodePointItWrites) {
    for (char32_t value = 0; value <= 0x10FFFF; ++value) {
        if (is_surrogate(value)) continue;
        std::string bytes;
        append_utf8(bytes, value);
        const CodePoint point = decode_utf8(bytes, 0);
        ASSERT_TRUE(point.valid && point.value == value && point.length == bytes.size()) << static_cast<std::uint32_t>(value);
    }
}

TEST(Utf8, WritesTheReplacementForWhatIsNoCharacter) {
    for (const char32_t value : {U'\xD800', U'\xDFFF', U'\x110000', static_cast<char32_t>(0xFFFFFFFF)}) {
        std::string bytes;
        append_utf8(bytes, value);
        EXPECT_EQ(bytes, "\xEF\xBF\xBD") << static_cast<std::uint32_t>(value);
    }
}

struct Bad {
    const char* name;
    std::string bytes;
};

class Utf8Broken : public testing::TestWithParam<Bad> {};

TEST_P(Utf8Broken, TakesOneByteAndReplacesIt) {
    const CodePoint point = decode_utf8(GetParam().bytes, 0);
    EXPECT_FALSE(point.valid);
    EXPECT_EQ(point.length, 1);
    EXPECT_EQ(point.value, U'\xFFFD');
    EXPECT_FALSE(is_utf8(GetParam().bytes));
    EXPECT_TRUE(is_utf8(to_valid_utf8(GetParam().bytes)));
}

INSTANTIATE_TEST_SUITE_P(Rows, Utf8Broken,
                         testing::Values(Bad{"ContinuationAlone", "\x80"}, Bad{"OverlongSlash", "\xC0\xAF"}, Bad{"OverlongTwo", "\xC1\xBF"},
                                         Bad{"OverlongThree", "\xE0\x9F\xBF"}, Bad{"OverlongFour", "\xF0\x8F\xBF\xBF"},
                                         Bad{"FirstSurrogate", "\xED\xA0\x80"}, Bad{"LastSurrogate", "\xED\xBF\xBF"},
                                         Bad{"PastTheLast", "\xF4\x90\x80\x80"}, Bad{"FiveBytes", "\xF8\x88\x80\x80\x80"}, Bad{"NoByte", "\xFF"},
                                         Bad{"TwoCutShort", "\xC3"}, Bad{"ThreeCutShort", "\xE4\xB8"}, Bad{"FourCutShort", "\xF0\x9F\x98"},
                                         Bad{"TwoWithoutContinuation", "\xC3(a"}, Bad{"ThreeWithoutContinuation", "\xE4\xB8(a"}),
                         [](const auto& row) { return row.param.name; });

TEST(Utf8, NeverReadsPastTheEndOfAView) {
    const std::string bytes = "\xE4\xB8\xAD";
    EXPECT_FALSE(decode_utf8(std::string_view(bytes).substr(0, 2), 0).valid);
    EXPECT_TRUE(decode_utf8(bytes, 0).valid);
}

TEST(Utf8, KeepsGoodTextAndReplacesEachBadByte) {
    EXPECT_EQ(to_valid_utf8("收件人 é 😀"), "收件人 é 😀");
    EXPECT_EQ(to_valid_utf8("a\xFFz\xE4\xB8"), "a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_TRUE(is_utf8(""));
}

}  // namespace
}  // namespace ph

// base/ascii_test.cc: letter case and classes are those of ASCII, whatever the locale and the sign of char.
#include "base/ascii.h"

#include <string>

#include <gtest/gtest.h>

namespace ph {
namespace {

TEST(Ascii, KnowsItsClassesForEveryByte) {
    for (int i = -128; i < 128; ++i) {
        const char c = static_cast<char>(i);
        EXPECT_EQ(is_digit(c), i >= '0' && i <= '9') << i;
        EXPECT_EQ(is_upper(c), i >= 'A' && i <= 'Z') << i;
        EXPECT_EQ(is_alpha(c), (i >= 'A' && i <= 'Z') || (i >= 'a' && i <= 'z')) << i;
        EXPECT_EQ(is_alnum(c), is_alpha(c) || is_digit(c)) << i;
        EXPECT_EQ(is_hex(c), std::string("0123456789abcdefABCDEF").find(c) != std::string::npos) << i;
        EXPECT_EQ(is_blank(c), i == ' ' || (i >= '\t' && i <= '\r')) << i;
    }
}

TEST(Ascii, LowersLettersOnly) {
    EXPECT_EQ(to_lower("MiXed @[`{ 1"), "mixed @[`{ 1");
    EXPECT_EQ(to_lower("\xC3\x89"), "\xC3\x89") << "the bytes of É are no ASCII letters";
}

TEST(Ascii, ComparesWithoutCase) {
    EXPECT_TRUE(equals_ignoring_case("Rcpt To", "rCPT tO"));
    EXPECT_FALSE(equals_ignoring_case("rcpt", "rcpt "));
    EXPECT_FALSE(equals_ignoring_case("[", "{")) << "they differ by the bit that letters differ by";
    EXPECT_TRUE(starts_with_ignoring_case("SMTP; 550", "smtp;"));
    EXPECT_FALSE(starts_with_ignoring_case("SM", "smtp"));
    EXPECT_TRUE(ends_with_ignoring_case("mx.EXAMPLE.com", ".example.COM"));
    EXPECT_FALSE(ends_with_ignoring_case("com", ".com"));
}

TEST(Ascii, FindsWithoutCaseFromAPosition) {
    EXPECT_EQ(find_ignoring_case("Said: host SAID: no", "said"), 0U);
    EXPECT_EQ(find_ignoring_case("Said: host SAID: no", "said", 1), 11U);
    EXPECT_EQ(find_ignoring_case("sai", "said"), std::string_view::npos);
    EXPECT_EQ(find_ignoring_case("said", "said", 5), std::string_view::npos);
}

TEST(Ascii, TrimsBlanksAtBothEnds) {
    EXPECT_EQ(trim(" \t\r\n a b \f\v"), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace ph

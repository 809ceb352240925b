// mail/field_writer_test.cc: what makes values harmless, and folding that unfolds to the same (RFC 5322 2.2.3).
#include "mail/field_writer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace ph::mail {
namespace {

std::string field(std::string_view name, std::string_view value) {
    std::string out;
    append_field(out, name, value);
    return out;
}

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find("\r\n", at);
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    return longest;
}

std::string unfolded(std::string text) {
    for (std::size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) text.erase(at, 2);
    return text;
}

TEST(FieldWriter, ReplacesWhatCouldEndALine) {
    EXPECT_EQ(clean_value("a\r\nB: c\tz\x7f", 100), "a??B: c?z?");
    EXPECT_EQ(clean_value("\xc2\x85\xe2\x80\xa8\xff", 100), "??\xef\xbf\xbd");
    EXPECT_EQ(clean_value(" 中文 ", 100), "中文");
    EXPECT_EQ(clean_ascii_value("中文\r.", 100), "???.");
}

TEST(FieldWriter, CutsBetweenCharacters) {
    EXPECT_EQ(clean_value("中文", 5), "中");
    EXPECT_EQ(clean_value("中文", 6), "中文");
    EXPECT_EQ(clean_value("abc", 0), "");
}

TEST(FieldWriter, FoldsSoThatUnfoldingGivesTheValueBack) {
    std::string value;
    for (int i = 0; i < 60; ++i) value += std::string(static_cast<std::size_t>(i) % 13 + 1, 'w') + (i % 5 == 0 ? "   " : " ");
    value += "end";
    const std::string text = field("Diagnostic-Code", value);
    EXPECT_EQ(unfolded(text), "Diagnostic-Code: " + value);
    EXPECT_LE(longest_line(text), 76U);
    EXPECT_EQ(field("A", "b"), "A: b\r\n");
    EXPECT_EQ(field("A", ""), "A: \r\n");
}

TEST(FieldWriter, NeverWritesALineOfBlanks) {
    const std::string text = field("A", std::string(70, 'x') + std::string(200, ' ') + "y");
    EXPECT_EQ(text.find("\r\n \r\n"), std::string::npos);
    EXPECT_EQ(unfolded(text), "A: " + std::string(70, 'x') + std::string(200, ' ') + "y");
}

TEST(FieldWriter, BreaksWordsThatFitNoLine) {
    const std::string text = field("A", std::string(5000, 'x'));
    EXPECT_LE(longest_line(text), 998U);
    EXPECT_EQ(std::count(text.begin(), text.end(), 'x'), 5000);
}

}  // namespace
}  // namespace ph::mail

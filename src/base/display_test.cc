// base/display_test.cc: columns and lines of English and Chinese text, and what never reaches a terminal.
#include "base/display.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph {
namespace {

using testing::ElementsAre;

TEST(Display, CountsTwoColumnsForAWideCharacter) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("邮箱"), 4U);
    EXPECT_EQ(display_width("（满）"), 6U);
    EXPECT_EQ(display_width("é"), 1U);
    EXPECT_EQ(display_width("😀"), 2U);
    EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "a combining accent takes no column of its own";
    EXPECT_EQ(display_width("a\x1B\x7F\tb"), 2U);
    EXPECT_EQ(display_width(""), 0U);
}

TEST(Display, WrapsAtBlanks) {
    EXPECT_THAT(wrap("the mailbox is full", 11), ElementsAre("the mailbox", "is full"));
    EXPECT_THAT(wrap("the mailbox is full", 10), ElementsAre("the", "mailbox is", "full"));
    EXPECT_THAT(wrap("the mailbox is full", 80), ElementsAre("the mailbox is full"));
    EXPECT_THAT(wrap("", 80), ElementsAre(""));
}

TEST(Display, LeavesAWordThatIsLongerThanALineWhole) {
    EXPECT_THAT(wrap("see https://example.com/a/long/path now", 10), ElementsAre("see", "https://example.com/a/long/path", "now"));
}

TEST(Display, BreaksBetweenChineseCharacters) {
    EXPECT_THAT(wrap("收件人邮箱已满", 6), ElementsAre("收件人", "邮箱已", "满"));
}

TEST(Display, BreaksBetweenChineseAndLatin) {
    EXPECT_THAT(wrap("请设置PTR记录", 6), ElementsAre("请设置", "PTR记", "录"));
}

TEST(Display, BeginsNoLineWithClosingPunctuation) {
    EXPECT_THAT(wrap("邮箱已满，请稍后", 8), ElementsAre("邮箱已", "满，请稍", "后"));
    EXPECT_THAT(wrap("投递失败。", 8), ElementsAre("投递失", "败。"));
    EXPECT_THAT(wrap("投递失败(550).", 8), ElementsAre("投递失败", "(550).")) << "ASCII punctuation too";
    for (const std::string mark : {"，", "。", "、", "；", "：", "？", "！", "）", "》", "」", "』", "】", ",", ".", ")"}) {
        for (std::size_t columns = 4; columns < 14; ++columns) {
            for (const std::string& line : wrap("一二三四五" + mark + "六七" + mark, columns))
                EXPECT_FALSE(line.starts_with(mark)) << line << ' ' << columns;
        }
    }
}

TEST(Display, EndsNoLineWithOpeningPunctuation) {
    for (const std::string mark : {"（", "《", "「", "【", "("}) {
        for (std::size_t columns = 4; columns < 14; ++columns) {
            for (const std::string& line : wrap("一二三" + mark + "四五）六", columns)) EXPECT_FALSE(line.ends_with(mark)) << line << ' ' << columns;
        }
    }
}

TEST(Display, KeepsEveryLineWithinItsColumns) {
    const std::string text = "对方服务器（mx.example.com）拒绝了这封邮件：the mailbox is full，请稍后再试。 Try again in 5 minutes.";
    for (std::size_t columns = 18; columns < 60; ++columns) {
        std::string joined;
        for (const std::string& line : wrap(text, columns)) {
            EXPECT_LE(display_width(line), columns) << line;
            joined += line;
        }
        std::string wanted = text;
        std::erase(joined, ' ');
        std::erase(wanted, ' ');
        EXPECT_EQ(joined, wanted) << "no character may be lost";
    }
}

TEST(Display, PrintsNoControlCharacter) {
    EXPECT_EQ(printable("a\tb\nc"), "a b c");
    EXPECT_EQ(printable(std::string("\x1B[31mred\x07\r\0\x7F", 11)), "[31mred");
    EXPECT_EQ(printable("a\xC2\x9Bz"), "az") << "U+009B is the one-character CSI";
    EXPECT_EQ(printable("a\xE2\x80\xAEz\xE2\x81\xA6"), "az") << "U+202E and U+2066 turn the direction of the text";
    EXPECT_EQ(printable("收件人 é"), "收件人 é");
    EXPECT_TRUE(is_utf8(printable("a\xFF\xE4\xB8z")));
}

}  // namespace
}  // namespace ph

// explain/fold_test.cc: what replies spell in several ways comes to one spelling.
#include "explain/fold.h"

#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::explain {
namespace {

std::string folded_text(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        append_utf8(out, fold(point.value));
        at += point.length;
    }
    return out;
}

TEST(Fold, LowersLatinGreekAndCyrillic) {
    EXPECT_EQ(folded_text("MAILBOX Full [\\]"), "mailbox full [\\]");
    EXPECT_EQ(folded_text("ÉÜØ ЯЖ ΑΣ"), "éüø яж ασ");
}

TEST(Fold, MakesFullWidthFormsAscii) {
    EXPECT_EQ(folded_text("ＵＳＥＲ５５０！（：；，）"), "user550!(:;,)");
    EXPECT_EQ(folded_text("a\u3000b\u00A0c\u200Bd"), "a b c d");
}

TEST(Fold, MakesChineseMarksAsciiOnes) {
    EXPECT_EQ(folded_text("。、【】「」《》"), ".,[]\"\"<>");
}

TEST(Fold, MakesCurlyQuotesAndDashesStraight) {
    EXPECT_EQ(folded_text("“a” ‘b’ d’accord"), "\"a\" 'b' d'accord");
    EXPECT_EQ(folded_text("a–b—c−d"), "a-b-c-d");
}

TEST(Fold, MakesTraditionalCharactersSimplified) {
    EXPECT_EQ(folded_text("郵箱已滿，請稍後再試"), "邮箱已满,请稍后再试");
    EXPECT_EQ(folded_text("使用者帳號不存在，無法傳遞"), "使用者账号不存在,无法传递");
    EXPECT_EQ(folded_text("伺服器拒絕連線"), "伺服器拒绝连线");
}

TEST(Fold, LeavesSimplifiedCharactersAlone) {
    EXPECT_EQ(folded_text("收件人邮箱已满请稍后再试"), "收件人邮箱已满请稍后再试");
}

TEST(Fold, ChangesNothingTheSecondTime) {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) ASSERT_EQ(fold(fold(point)), fold(point)) << static_cast<std::uint32_t>(point);
}

}  // namespace
}  // namespace ph::explain

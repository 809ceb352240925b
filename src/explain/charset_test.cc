// explain/charset_test.cc: replies in the charsets of Chinese and western servers come out as the text that was meant.
#include "explain/charset.h"

#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::explain {
namespace {

struct Row {
    const char* name;
    std::string bytes;
    std::string text;
    Charset charset;
};

class CharsetRows : public testing::TestWithParam<Row> {};

TEST_P(CharsetRows, ComesOutAsItWasMeant) {
    std::string storage;
    Charset found{};
    EXPECT_EQ(to_utf8(GetParam().bytes, storage, &found), GetParam().text);
    EXPECT_EQ(to_text(found), to_text(GetParam().charset));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CharsetRows,
    testing::Values(Row{"Ascii", "550 User unknown", "550 User unknown", Charset::utf8}, Row{"Empty", "", "", Charset::utf8},
                    Row{"Utf8Chinese", "550 用户不存在", "550 用户不存在", Charset::utf8},
                    Row{"Utf8French", "552 Boîte aux lettres pleine, réessayez", "552 Boîte aux lettres pleine, réessayez", Charset::utf8},
                    Row{"Utf8FrenchWithManyAccents", "550 protégés privilégiés", "550 protégés privilégiés", Charset::utf8},
                    Row{"Utf8German", "550 ungültiger Empfänger", "550 ungültiger Empfänger", Charset::utf8},
                    Row{"Utf8Russian", "550 не найден", "550 не найден", Charset::utf8},
                    Row{"Gb18030", "550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA", "550 用户不存在", Charset::gb18030},
                    Row{"Gb18030LongText", "\xCA\xD5\xBC\xFE\xC8\xCB\xD3\xCA\xCF\xE4\xD2\xD1\xC2\xFA", "收件人邮箱已满", Charset::gb18030},
                    Row{"Gb18030FourBytes", "\xD3\xCA\xCF\xE4\x95\x32\x82\x36\xD2\xD1\xC2\xFA", "邮箱𠀀已满", Charset::gb18030},
                    Row{"Big5",
                        "550 \xA8\xCF\xA5\xCE\xAA\xCC\xA4\xA3\xA6s\xA6"
                        "b\xA1"
                        "A\xB6l\xA5\xF3\xB3Q\xA9\xDA\xB5\xB4",
                        "550 使用者不存在，郵件被拒絕", Charset::big5},
                    Row{"Windows1252",
                        "552 Bo\xEEte pleine: r\xE9"
                        "essayez",
                        "552 Boîte pleine: réessayez", Charset::windows1252},
                    Row{"Windows1252Quote", "550 can\x92t", "550 can’t", Charset::windows1252},
                    Row{"GbkTakenForLatin1", "550 \xC3\x93\xC3\x83\xC2\xBB\xC2\xA7\xC2\xB2\xC2\xBB\xC2\xB4\xC3\xA6\xC3\x94\xC3\x9A", "550 用户不存在",
                        Charset::gb18030},
                    Row{"Utf8EncodedTwice", "Bo\xC3\x83\xC2\xAEte pleine \xC3\x83\xC2\xBC", "Boîte pleine ü", Charset::utf8},
                    Row{"Broken", "550 \xFF\xFE\xFF!", "550 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!", Charset::broken},
                    Row{"BrokenWithGoodBefore", "邮件 \xFF\xFE\xFF", "邮件 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", Charset::broken}),
    [](const auto& row) { return row.param.name; });

TEST(Charset, HandsBackTheSameViewForUtf8) {
    const std::string reply = "550 用户不存在";
    std::string storage;
    EXPECT_EQ(to_utf8(reply, storage).data(), reply.data()) << "nothing is copied";
    EXPECT_TRUE(storage.empty());
}

TEST(Charset, GivesUtf8ForEveryPairOfBytes) {
    std::string storage;
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::string bytes = {'5', static_cast<char>(a), static_cast<char>(b), 'x'};
            storage.clear();
            ASSERT_TRUE(is_utf8(to_utf8(bytes, storage))) << a << ' ' << b;
        }
    }
}

TEST(Charset, NamesItsCharsets) {
    EXPECT_EQ(to_text(Charset::gb18030), "GB18030");
    EXPECT_EQ(to_text(Charset::broken), "unknown");
}

}  // namespace
}  // namespace ph::explain

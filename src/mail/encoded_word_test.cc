// mail/encoded_word_test.cc: encoded words written and read, also the broken ones that are about (RFC 2047).
#include "mail/encoded_word.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mail/field_writer.h"

namespace ph::mail {
namespace {

TEST(EncodedWord, LeavesPlainTextAlone) {
    EXPECT_EQ(encode_words("Delivery failed: a=b?"), "Delivery failed: a=b?");
    EXPECT_EQ(encode_words(""), "");
}

TEST(EncodedWord, EncodesWhatIsNotAsciiOrLooksEncoded) {
    EXPECT_EQ(encode_words("退信"), "=?utf-8?B?6YCA5L+h?=");
    EXPECT_EQ(encode_words("=?x"), "=?utf-8?B?PT94?=");
    EXPECT_EQ(encode_words("a\r\nB: c"), "=?utf-8?B?YT8/QjogYw==?=");
}

TEST(EncodedWord, WordsAreShortAndCutBetweenCharacters) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += i % 3 == 0 ? "a中" : "文 ";
    text += "尾";
    const std::string encoded = encode_words(text);
    for (std::size_t at = 0; at < encoded.size();) {
        const std::size_t end = std::min(encoded.find(' ', at), encoded.size());
        EXPECT_LE(end - at, 60U);
        const std::string alone = decode_words(encoded.substr(at, end - at));
        EXPECT_EQ(alone.find("\xef\xbf\xbd"), std::string::npos);
        at = end + 1;
    }
    EXPECT_EQ(decode_words(encoded), text);
    std::string field;
    append_field(field, "Subject", encoded);
    EXPECT_EQ(decode_words(field.substr(8)), text);
}

TEST(EncodedWord, DecodesTheFormsOfTheStandard) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"plain", "plain"},
        {"=?utf-8?B?6YCA5L+h?=", "退信"},
        {"=?UTF-8?b?6YCA5L+h?= x", "退信 x"},
        {"=?utf-8*zh?B?6YCA5L+h?=", "退信"},
        {"=?utf-8?Q?gr=C3=BC_x?=", "grü x"},
        {"=?utf-8?Q?_a_?=b", "a b"},
        {"=?iso-8859-1?q?gr=FC=DFe?=", "grüße"},
        {"=?us-ascii?q?a?= =?us-ascii?q?b?=", "ab"},
        {"=?us-ascii?q?a?=\r\n\t=?us-ascii?q?b?=", "ab"},
        {"=?us-ascii?q?a?= b =?us-ascii?q?c?=", "a b c"},
        {"=?utf-8?B?6YA=?= =?utf-8?B?gOS/oQ==?=", "退信"},
        {"=?gb2312?B?zcvQxQ==?=", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xff", "\xef\xbf\xbd"},
    };
    for (const auto& [value, text] : cases) EXPECT_EQ(decode_words(value), text) << value;
}

TEST(EncodedWord, BrokenWordsStayAsTheyStand) {
    for (const char* value : {"=?", "=?utf-8", "=?utf-8?B", "=?utf-8?B?", "=?utf-8?B?6YCA5L+h",
                              "=?utf-8?X?abc?=", "=?utf-8?B?a?=", "=?utf-8?Q?=G0?=", "=?utf-8?Q?a b?="}) {
        EXPECT_EQ(decode_words(value), value);
    }
}

TEST(EncodedWord, ControlsInAWordDoNotReachTheTerminal) {
    EXPECT_EQ(decode_words("=?utf-8?Q?a=0D=0Ab=1B[31m?="), "a??b?[31m");
}

}  // namespace
}  // namespace ph::mail

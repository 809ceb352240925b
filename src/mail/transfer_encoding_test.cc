// mail/transfer_encoding_test.cc: both encodings of RFC 2045 6.7 and 6.8, every octet there and back.
#include "mail/transfer_encoding.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace ph::mail {
namespace {

using namespace std::string_literals;

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        longest = std::max(longest, end);
        text.remove_prefix(std::min(text.size(), end + 2));
    }
    return longest;
}

TEST(TransferEncoding, QuotesWhatMustBeQuoted) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", ""},
        {"plain\r\n", "plain\r\n"},
        {"plain\n", "plain\r\n"},
        {"no end", "no end"},
        {"a=b", "a=3Db"},
        {"gr\xc3\xbc\xc3\x9f", "gr=C3=BC=C3=9F"},
        {"blank \r\n", "blank=20\r\n"},
        {"two  \r\n", "two =20\r\n"},
        {"tab\t\r\n", "tab=09\r\n"},
        {".\r\n..x\r\n", "=2E\r\n=2E.x\r\n"},
        {"From me\r\nfrom\r\n", "=46rom me\r\nfrom\r\n"},
        {"a\rb\0"s, "a=0Db=00"},
        {"\r\n\r\n", "\r\n\r\n"},
    };
    for (const auto& [text, quoted] : cases) EXPECT_EQ(encode_quoted_printable(text), quoted) << testing::PrintToString(text);
}

TEST(TransferEncoding, QuotedLinesHaveAtMostSeventySixOctets) {
    for (std::size_t length = 70; length < 85; ++length) {
        for (const char c : {'x', '\xe4'}) {
            const std::string text = std::string(length, c) + "\r\n" + std::string(length, 'y');
            const std::string quoted = encode_quoted_printable(text);
            EXPECT_LE(longest_line(quoted), 76U);
            EXPECT_EQ(*decode_quoted_printable(quoted), text);
        }
    }
    EXPECT_EQ(encode_quoted_printable(std::string(76, 'x')), std::string(76, 'x'));
    EXPECT_EQ(encode_quoted_printable(std::string(77, 'x')), std::string(75, 'x') + "=\r\nxx");
}

TEST(TransferEncoding, DecodesQuotedPrintable) {
    EXPECT_EQ(*decode_quoted_printable("a=3db=\r\nc= \t\r\nd \t\r\ne="), "a=bcd\r\ne");
    EXPECT_EQ(*decode_quoted_printable("\xc3\xa4"), "\xc3\xa4");
    for (const char* text : {"=x", "=3", "=3x", "=g0", "a= b"}) EXPECT_FALSE(decode_quoted_printable(text)) << text;
}

TEST(TransferEncoding, Base64HasTheFormOfTheStandard) {
    // RFC 4648 10.
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [octets, text] : cases) {
        EXPECT_EQ(encode_base64_word(octets), text);
        EXPECT_EQ(*decode_base64(text), octets);
    }
    EXPECT_EQ(encode_base64(std::string(57, '\0')), std::string(76, 'A') + "\r\n");
    EXPECT_EQ(encode_base64(std::string(58, '\0')), std::string(76, 'A') + "\r\nAA==\r\n");
    EXPECT_EQ(encode_base64(""), "");
}

TEST(TransferEncoding, BothGiveBackEveryOctet) {
    std::string octets;
    for (int i = 0; i < 256; ++i) octets += static_cast<char>(i == '\n' ? 'n' : i);
    for (std::size_t length = 0; length <= octets.size(); ++length) {
        const std::string text = octets.substr(0, length);
        EXPECT_EQ(*decode_base64(encode_base64(text)), text);
        EXPECT_EQ(*decode_quoted_printable(encode_quoted_printable(text)), text);
        EXPECT_EQ(encode_base64(text).size(), base64_size(text));
        EXPECT_LE(encode_quoted_printable(text).size(), quoted_printable_size(text) + 8);
    }
}

TEST(TransferEncoding, RefusesBrokenBase64) {
    for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "=", "Zm9v=", "Zg==Zg==", "Zm9*", "Z\x80=="})
        EXPECT_FALSE(decode_base64(text)) << text;
    EXPECT_EQ(*decode_base64(" Zm\r\n9v\t"), "foo");
}

}  // namespace
}  // namespace ph::mail

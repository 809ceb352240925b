// base/json_writer_test.cc: whatever bytes go in, JSON comes out (RFC 8259 7, 8.1).
#include "base/json_writer.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_json_escaped(out, text);
    return out;
}

TEST(JsonWriter, WritesNestedValuesWithCommasBetween) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().field("a", "x").count("n", -7).flag("yes", true).flag("no", false);
    json.key("list").begin_array().number(1).string("two").null().begin_object().end_object().begin_array().end_array().end_array();
    json.key("raw").raw("[1]").key("d").decimal(0.3, 2).end_object();
    EXPECT_EQ(out, R"({"a":"x","n":-7,"yes":true,"no":false,"list":[1,"two",null,{},[]],"raw":[1],"d":0.30})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
    std::string out = "before ";
    JsonWriter(out).begin_array().end_array();
    EXPECT_EQ(out, "before []");
}

TEST(JsonWriter, WritesTheLimitsOfNumbers) {
    std::string out;
    JsonWriter(out).begin_array().number(std::numeric_limits<std::int64_t>::min()).number(std::numeric_limits<std::int64_t>::max()).end_array();
    EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807]");
}

TEST(JsonWriter, EscapesQuotesBackslashesAndControlCharacters) {
    EXPECT_EQ(escaped("say \"no\" \\ now"), R"(say \"no\" \\ now)");
    EXPECT_EQ(escaped("a\r\n\tb"), R"(a\r\n\tb)");
    EXPECT_EQ(escaped(std::string("\0\x01\x1B\x1F\x7F", 5)), R"(\u0000\u0001\u001b\u001f\u007f)");
    EXPECT_EQ(escaped(""), "");
}

TEST(JsonWriter, KeepsUtf8AsItIs) {
    EXPECT_EQ(escaped("收件人 é 😀"), "收件人 é 😀");
}

TEST(JsonWriter, ReplacesEveryByteThatIsNotUtf8) {
    EXPECT_EQ(escaped("a\xFFz"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(escaped("\xE4\xB8"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(escaped("\xE4\xB8\"x"), "\xEF\xBF\xBD\xEF\xBF\xBD\\\"x") << "a cut character must not hide a quote";
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(JsonWriter, WritesUtf8WithoutBareControlsForEveryPairOfBytes) {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::string out = escaped(std::string{static_cast<char>(a), static_cast<char>(b)});
            ASSERT_TRUE(is_utf8(out)) << a << ' ' << b;
            for (const char c : out) ASSERT_GE(static_cast<unsigned char>(c), 0x20) << a << ' ' << b;
        }
    }
}

}  // namespace
}  // namespace ph

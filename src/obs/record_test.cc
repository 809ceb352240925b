// obs/record_test.cc: a record is one line, whatever its values hold.
#include "obs/record.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::obs {
namespace {

constexpr std::string_view time = "2026-11-24T19:06:31.042Z";

std::string text_of(std::string_view value) {
    const Field field{"helo", value};
    std::string out;
    append_text_record(out, time, Level::info, "smtp.accepted", {&field, 1});
    const std::string head = std::string(time) + " info smtp.accepted helo=";
    EXPECT_EQ(out.substr(0, head.size()), head);
    EXPECT_EQ(out.back(), '\n');
    return out.substr(head.size(), out.size() - head.size() - 1);
}

TEST(ObsRecord, WritesPlainValuesBareAndOthersQuoted) {
    EXPECT_EQ(text_of("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(text_of("<a@b.example>"), "<a@b.example>");
    EXPECT_EQ(text_of("a b"), "\"a b\"");
    EXPECT_EQ(text_of("a=b"), "\"a=b\"");
    EXPECT_EQ(text_of(""), "\"\"");
    EXPECT_EQ(text_of("say \"hi\" \\"), "\"say \\\"hi\\\" \\\\\"");
    EXPECT_EQ(text_of("用户@例子.网址"), "\"用户@例子.网址\"");
}

TEST(ObsRecord, NeverLetsAControlCharacterThrough) {
    EXPECT_EQ(text_of("a\r\nforged"), "\"a\\r\\nforged\"");
    EXPECT_EQ(text_of(std::string("\x1b[2J\0", 5)), "\"\\x1b[2J\\x00\"");
    EXPECT_EQ(text_of("\x7f"), "\"\\x7f\"");
    EXPECT_EQ(text_of("\xc2\x9b"), "\"\\u009b\"");
    EXPECT_EQ(text_of("\xe2\x80\xae"), "\"\\u202e\"");
    EXPECT_EQ(text_of("\xff\xfe"), "\"\\xff\\xfe\"");
    for (int c = 0; c < 256; ++c) {
        const std::string out = text_of(std::string(1, static_cast<char>(c)));
        for (const char shown : out) EXPECT_TRUE(shown >= ' ' && shown != 0x7f) << c;
        EXPECT_TRUE(is_utf8(out)) << c;
    }
}

TEST(ObsRecord, CutsALongValueBetweenCodePoints) {
    std::string value(max_value - 1, 'a');
    value += "例例";
    EXPECT_EQ(text_of(value), '"' + std::string(max_value - 1, 'a') + "…\"");
    EXPECT_EQ(text_of(std::string(max_value, 'a')), std::string(max_value, 'a'));
}

TEST(ObsRecord, WritesJson) {
    const Field fields[] = {{"id", "A1"}, {"helo", "a\"\n"}};
    std::string out;
    append_json_record(out, time, Level::warning, "smtp.refused", fields);
    EXPECT_EQ(out, R"({"time":"2026-11-24T19:06:31.042Z","level":"warning","event":"smtp.refused","id":"A1","helo":"a\"\n"})"
                   "\n");
}

TEST(ObsRecord, ReadsTheNamesItWrites) {
    for (const Level level : {Level::debug, Level::info, Level::notice, Level::warning, Level::error}) EXPECT_EQ(parse_level(to_text(level)), level);
    EXPECT_FALSE(parse_level("fatal"));
    EXPECT_EQ(parse_format("json"), Format::json);
    EXPECT_FALSE(parse_format("xml"));
}

}  // namespace
}  // namespace ph::obs

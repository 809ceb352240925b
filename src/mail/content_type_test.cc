// mail/content_type_test.cc: values of Content-Type as programs write them, and delimiter lines (RFC 2045 5.1, RFC 2046 5.1.1).
#include "mail/content_type.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::mail {
namespace {

TEST(ContentType, ReadsTypeAndParameters) {
    const ContentType content = ContentType::parse(" Multipart/Mixed (a (nested) comment); CHARSET=\"utf-8\" ; boundary = \"a \\\"b\\\"\"; x=1");
    EXPECT_TRUE(content.is("multipart", "mixed"));
    EXPECT_EQ(content.parameter("charset"), "utf-8");
    EXPECT_EQ(content.boundary(), "a \"b\"");
    EXPECT_EQ(content.parameter("x"), "1");
    EXPECT_EQ(content.parameter("y"), "");
}

TEST(ContentType, TakesBoundariesWithoutTheirQuotes) {
    EXPECT_EQ(ContentType::parse("multipart/mixed; boundary=----=_Part:1/2; charset=x").boundary(), "----=_Part:1/2");
    EXPECT_EQ(ContentType::parse("multipart/mixed;boundary=a").boundary(), "a");
    EXPECT_EQ(ContentType::parse("multipart/mixed; name=\"; boundary=wrong\"; boundary=right").boundary(), "right");
}

TEST(ContentType, IsTextWhenItCannotBeRead) {
    for (const char* value : {"", "text", "/plain", "multipart/", "; boundary=x", "((("}) {
        const ContentType content = ContentType::parse(value);
        EXPECT_TRUE(content.is("text", "plain")) << value;
        EXPECT_EQ(content.boundary(), "") << value;
    }
}

TEST(ContentType, KeepsTwentyParameters) {
    std::string value = "a/b";
    for (int i = 0; i < 100; ++i) value += "; p" + std::to_string(i) + "=1";
    EXPECT_EQ(ContentType::parse(value).parameters.size(), 20U);
}

TEST(ContentType, TellsDelimiterLines) {
    EXPECT_EQ(delimiter_of("--a", "a"), Delimiter::open);
    EXPECT_EQ(delimiter_of("--a \t", "a"), Delimiter::open);
    EXPECT_EQ(delimiter_of("--a--", "a"), Delimiter::close);
    EXPECT_EQ(delimiter_of("--a-- ", "a"), Delimiter::close);
    EXPECT_EQ(delimiter_of("--a-", "a"), Delimiter::none);
    EXPECT_EQ(delimiter_of("--ab", "a"), Delimiter::none);
    EXPECT_EQ(delimiter_of("-a", "a"), Delimiter::none);
    EXPECT_EQ(delimiter_of("--", ""), Delimiter::none);
    EXPECT_EQ(delimiter_of(" --a", "a"), Delimiter::none);
}

}  // namespace
}  // namespace ph::mail

// smtp/syntax/parameters_test.cc: parameters of MAIL and RCPT, one by one.
#include "smtp/syntax/parameters.h"

#include <gtest/gtest.h>

#include "smtp/syntax/command.h"

namespace ph::smtp {
namespace {

TEST(SyntaxParameters, ComeOneByOne) {
    std::string_view rest = "  SIZE=10 SMTPUTF8\tX-Y=a;b ";
    Parameter parameter;
    ASSERT_EQ(next_parameter(rest, parameter), NextParameter::found);
    EXPECT_EQ(parameter.keyword, "SIZE");
    EXPECT_EQ(parameter.value, "10");
    ASSERT_EQ(next_parameter(rest, parameter), NextParameter::found);
    EXPECT_EQ(parameter.keyword, "SMTPUTF8");
    EXPECT_FALSE(parameter.value);
    ASSERT_EQ(next_parameter(rest, parameter), NextParameter::found);
    EXPECT_EQ(parameter.text, "X-Y=a;b");
    EXPECT_EQ(next_parameter(rest, parameter), NextParameter::end);
}

TEST(SyntaxParameters, MalformedOnesAreNamed) {
    for (const std::string_view text : {"=", "=a", "A=", "A=b=c", "-A=b", "A_B=c", "A=\x7F", "\xC3\xA4=b"}) {
        std::string_view rest = text;
        Parameter parameter;
        EXPECT_EQ(next_parameter(rest, parameter), NextParameter::malformed) << text;
        EXPECT_EQ(parameter.text, text);
    }
}

TEST(SyntaxParameters, SizesAreDigits) {
    EXPECT_EQ(parse_size("0"), 0U);
    EXPECT_EQ(parse_size("0012"), 12U);
    EXPECT_EQ(parse_size("4294967296"), 4294967296U);
    EXPECT_EQ(parse_size("18446744073709551615"), UINT64_MAX);
    EXPECT_EQ(parse_size("18446744073709551616"), UINT64_MAX);
    EXPECT_EQ(parse_size("99999999999999999999"), UINT64_MAX);
    for (const std::string_view text : {"", "-1", "+1", "1k", " 1", "0x1", "100000000000000000000"}) EXPECT_FALSE(parse_size(text)) << text;
}

TEST(SyntaxCommand, IsVerbAndArgument) {
    EXPECT_EQ(split_command("MAIL  FROM:<a>\t ").verb, "MAIL");
    EXPECT_EQ(split_command("MAIL  FROM:<a>\t ").argument, "FROM:<a>");
    EXPECT_EQ(split_command("QUIT").argument, "");
    EXPECT_EQ(split_command("").verb, "");
    EXPECT_EQ(split_command(" X").verb, "");
    EXPECT_EQ(inside_brackets("<user> X"), "user");
    EXPECT_EQ(inside_brackets("<user"), "user");
}

}  // namespace
}  // namespace ph::smtp

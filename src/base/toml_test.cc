// base/toml_test.cc: no exception of the TOML library leaves base/toml, and every complaint has its place.
#include "base/toml.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph {
namespace {

TEST(Toml, ParsesATableAndKnowsThePlaceOfEachValue) {
    const auto table = parse_toml("# a comment\n[explain]\ncolumns = 80\n", "a.toml");
    ASSERT_TRUE(table) << to_text(table.error());
    const auto* explain = table->get_as<toml::table>("explain");
    ASSERT_NE(explain, nullptr);
    const SourceLocation where = location_of(*explain->get("columns"), "a.toml");
    EXPECT_EQ(where.file, "a.toml");
    EXPECT_EQ(where.line, 3U);
    EXPECT_EQ(where.column, 11U);
}

TEST(Toml, NamesTheLineOfAMistake) {
    const auto table = parse_toml("a = 1\nb = \n", "a.toml");
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().kind, FaultKind::malformed);
    EXPECT_EQ(table.error().where.line, 2U);
    EXPECT_THAT(to_text(table.error()), testing::StartsWith("a.toml:2:"));
}

TEST(Toml, RefusesAKeyThatStandsTwice) {
    EXPECT_FALSE(parse_toml("a = 1\na = 2\n", "a.toml"));
}

TEST(Toml, SaysThatAFileIsNotUtf8) {
    const auto table = parse_toml("a = \"\xD3\xCA\xCF\xE4\"\n", "a.toml");
    ASSERT_FALSE(table);
    EXPECT_THAT(table.error().message, testing::HasSubstr("save the file as UTF-8"));
}

TEST(Toml, RefusesBottomlessNesting) {
    EXPECT_FALSE(parse_toml("a = " + std::string(100000, '['), "a.toml"));
}

TEST(Toml, TakesAnEmptyFile) {
    EXPECT_TRUE(parse_toml("", "a.toml"));
}

}  // namespace
}  // namespace ph

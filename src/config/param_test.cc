// config/param_test.cc: a parameter's value comes from the file only within its bounds, and a mistake is told with its place.
#include "config/param.h"

#include <string>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Sample {
    std::string directory = "/etc/sample";
    std::string language = "auto";
    std::uint32_t columns = 80;
};

constexpr auto sample_params = std::tuple{
    param(&Sample::directory, {.name = "catalogue.directory", .doc = {.en = "Where.", .zh = "位置。"}}),
    param(&Sample::language, {.name = "explain.language", .choices = "auto en zh", .doc = {.en = "Language.", .zh = "语言。"}}),
    param(&Sample::columns, {.name = "explain.columns", .min = 20, .max = 500, .stress = 21, .doc = {.en = "Width.", .zh = "宽度。"}}),
};
static_assert(Documents<Sample, decltype(sample_params)>);
struct Two {
    int a;
    int b;
};
static_assert(!Documents<Two, decltype(sample_params)>, "a tuple with another number of entries documents nothing");

std::vector<std::string> read(Sample& sample, std::string_view text) {
    std::vector<std::string> faults;
    for (const Fault& fault : read_config(text, "posthorn.toml", Section{sample, sample_params})) faults.push_back(to_text(fault));
    return faults;
}

TEST(Param, ReadsValuesIntoTheirMembers) {
    Sample sample;
    EXPECT_THAT(read(sample, "[catalogue]\ndirectory = \"/srv/c\"\n[explain]\nlanguage = \"zh\"\ncolumns = 100\n"), IsEmpty());
    EXPECT_EQ(sample.directory, "/srv/c");
    EXPECT_EQ(sample.language, "zh");
    EXPECT_EQ(sample.columns, 100U);
}

TEST(Param, KeepsDefaultsWhereTheFileSaysNothing) {
    Sample sample;
    EXPECT_THAT(read(sample, ""), IsEmpty());
    EXPECT_THAT(read(sample, "[explain]\n"), IsEmpty());
    EXPECT_EQ(sample.directory, "/etc/sample");
    EXPECT_EQ(sample.columns, 80U);
}

TEST(Param, TakesBothBoundsAndNothingBeyond) {
    Sample sample;
    for (const std::uint32_t good : {20U, 500U}) {
        EXPECT_THAT(read(sample, "[explain]\ncolumns = " + std::to_string(good)), IsEmpty());
        EXPECT_EQ(sample.columns, good);
    }
    for (const std::string bad : {"19", "501", "-1", "4294967316", "20.5", "\"80\""}) {
        EXPECT_THAT(read(sample, "[explain]\ncolumns = " + bad), ElementsAre("posthorn.toml:2:11: 'columns' must be a whole number from 20 to 500"))
            << bad;
        EXPECT_EQ(sample.columns, 500U) << bad;
    }
}

TEST(Param, TakesOnlyTheChoices) {
    Sample sample;
    for (const std::string bad : {"", "auto en", "e", "EN", " ", "fr"}) {
        EXPECT_THAT(read(sample, "[explain]\nlanguage = \"" + bad + "\""), ElementsAre(HasSubstr("choose one of: auto en zh"))) << bad;
        EXPECT_EQ(sample.language, "auto") << bad;
    }
    EXPECT_THAT(read(sample, "[explain]\nlanguage = 1"), ElementsAre(HasSubstr("must be a string in quotes")));
}

TEST(Param, TellsEveryUnknownNameWithItsLineAndTheKnownOnes) {
    Sample sample;
    EXPECT_THAT(
        read(sample, "[explain]\ncolums = 100\n[smtp]\nport = 25\n"),
        ElementsAre("posthorn.toml:2:10: there is no parameter 'explain.colums'; there are: catalogue.directory, explain.language, explain.columns",
                    HasSubstr("posthorn.toml:4:8: there is no parameter 'smtp.port'")));
    EXPECT_THAT(read(sample, "explain = 1\n"), ElementsAre(HasSubstr("there is no parameter 'explain'")));
}

TEST(Param, ReadsTheGoodValuesOfAFileWithABadOne) {
    Sample sample;
    EXPECT_EQ(read(sample, "[explain]\ncolumns = 1\nlanguage = \"en\"\n").size(), 1U);
    EXPECT_EQ(sample.language, "en");
    EXPECT_EQ(sample.columns, 80U);
}

TEST(Param, TellsABrokenFileOnce) {
    Sample sample;
    EXPECT_THAT(read(sample, "[explain\ncolumns = 100\n"), ElementsAre(HasSubstr("posthorn.toml:1:")));
    EXPECT_EQ(sample.columns, 80U);
}

TEST(Param, ListsEverySettingWithItsDefault) {
    Sample sample;
    sample.columns = 33;
    const std::vector<Setting> settings = settings_of(Section{sample, sample_params});
    ASSERT_EQ(settings.size(), 3U);
    EXPECT_EQ(settings[0].info.name, "catalogue.directory");
    EXPECT_EQ(settings[0].value, "/etc/sample");
    EXPECT_EQ(settings[2].value, "33");
    EXPECT_EQ(settings[2].default_value, "80");
    EXPECT_EQ(settings[2].info.doc.zh, "宽度。");
}

TEST(Param, TellsTypesAndWritesTheirBoundsAsAFileWouldHaveThem) {
    EXPECT_EQ(type_of(std::string()).name, "text");
    EXPECT_EQ(type_of(std::string()).bound, nullptr);
    EXPECT_EQ(type_of(true).name, "boolean");
    EXPECT_EQ(type_of(std::uint32_t{}).bound(90), "90");
    EXPECT_EQ(type_of(std::uint64_t{}).bound(64 * 1024), "64k");
    EXPECT_EQ(type_of(Seconds()).bound(5 * 86'400), "5d");
    EXPECT_EQ(type_of(Texts()).name, "list");
}

TEST(Param, WritesAListSoThatTomlAndJsonReadIt) {
    EXPECT_EQ(to_text(Texts{}), "[]");
    EXPECT_EQ(to_text(Texts{"a", R"(b "c" \d)"}), R"(["a", "b \"c\" \\d"])");
}

TEST(Param, SplitsANameIntoTableAndKey) {
    EXPECT_EQ(key_of("explain.columns"), "columns");
    const auto root = parse_toml("[explain]\ncolumns = 1\n", "x");
    EXPECT_NE(table_of(*root, "explain.columns"), nullptr);
    EXPECT_EQ(table_of(*root, "smtp.port"), nullptr);
}

}  // namespace
}  // namespace ph::config

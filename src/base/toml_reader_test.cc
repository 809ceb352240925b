// base/toml_reader_test.cc: each getter gives the value, or a complaint with its place and what would be right; one never stops the next.
#include "base/toml_reader.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TomlReaderTest : public testing::Test {
  protected:
    TomlReader read(std::string_view text) {
        table_ = parse_toml(text, file_).value();
        faults_.clear();
        return {table_, file_, faults_};
    }

    // The only complaint, as a person reads it.
    std::string complaint() const {
        EXPECT_EQ(faults_.size(), 1U);
        return faults_.empty() ? "" : to_text(faults_.front());
    }

    const std::string file_ = "a.toml";
    toml::table table_;
    std::vector<Fault> faults_;
};

TEST_F(TomlReaderTest, ReadsEveryTypeWithoutAComplaint) {
    auto reader = read("s = \"x\"\nn = 5\nb = true\nl = [\"a\", \"b\"]\nm = [1, 2]\n[t]\n[[a]]\n[[a]]\n");
    EXPECT_EQ(reader.string("s"), "x");
    EXPECT_EQ(reader.required_string("s"), "x");
    EXPECT_EQ(reader.integer("n", 1, 9), 5);
    EXPECT_TRUE(reader.boolean("b"));
    EXPECT_THAT(reader.strings("l"), ElementsAre("a", "b"));
    EXPECT_THAT(reader.required_strings("l"), ElementsAre("a", "b"));
    EXPECT_THAT(reader.integers("m", 1, 2), ElementsAre(1, 2));
    EXPECT_NE(reader.table("t"), nullptr);
    EXPECT_EQ(reader.tables("a").size(), 2U);
    reader.only({"s", "n", "b", "l", "m", "t", "a"});
    EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(TomlReaderTest, TakesWhatIsNotThereAsEmpty) {
    auto reader = read("");
    EXPECT_FALSE(reader.string("x"));
    EXPECT_FALSE(reader.integer("x", 1, 9));
    EXPECT_FALSE(reader.boolean("x"));
    EXPECT_THAT(reader.strings("x"), IsEmpty());
    EXPECT_THAT(reader.integers("x", 1, 9), IsEmpty());
    EXPECT_EQ(reader.table("x"), nullptr);
    EXPECT_THAT(reader.tables("x"), IsEmpty());
    EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(TomlReaderTest, ListsTheKnownFieldsAtAnUnknownOne) {
    read("a = 1\ncolour = 2\n").only({"a", "color"});
    EXPECT_EQ(complaint(), "a.toml:2:10: unknown field 'colour'; known here: a, color");
}

TEST_F(TomlReaderTest, WantsAString) {
    EXPECT_FALSE(read("a = 1\n").string("a"));
    EXPECT_EQ(complaint(), "a.toml:1:5: 'a' must be a string in quotes");
}

TEST_F(TomlReaderTest, WantsARequiredStringToBeThereAndNotEmpty) {
    EXPECT_EQ(read("").required_string("a"), "");
    EXPECT_THAT(complaint(), HasSubstr("'a' is missing; add a = "));
    EXPECT_EQ(read("a = \"\"\n").required_string("a"), "");
    EXPECT_EQ(complaint(), "a.toml:1:5: 'a' is empty");
}

TEST_F(TomlReaderTest, WantsAListAndStringsInIt) {
    EXPECT_THAT(read("a = \"x\"\n").strings("a"), IsEmpty());
    EXPECT_EQ(complaint(), "a.toml:1:5: 'a' must be a list in brackets");
    EXPECT_THAT(read("a = [\"x\",\n 2, \"z\"]\n").strings("a"), ElementsAre("x", "z"));
    EXPECT_EQ(complaint(), "a.toml:2:2: 'a' must hold strings in quotes") << "the place of the item, not of the list";
    EXPECT_THAT(read("a = []\n").required_strings("a"), IsEmpty());
    EXPECT_THAT(complaint(), HasSubstr("needs at least one entry"));
}

TEST_F(TomlReaderTest, WantsNumbersWithinTheirBounds) {
    for (const std::string_view bad : {"0", "10", "2.5", "\"5\"", "true"}) {
        EXPECT_FALSE(read("a = " + std::string(bad) + "\n").integer("a", 1, 9)) << bad;
        EXPECT_EQ(complaint(), "a.toml:1:5: 'a' must be a whole number from 1 to 9") << bad;
    }
    EXPECT_EQ(read("a = 1\n").integer("a", 1, 9), 1);
    EXPECT_EQ(read("a = 9\n").integer("a", 1, 9), 9);
    EXPECT_THAT(read("a = [3, 12]\n").integers("a", 1, 9), ElementsAre(3));
    EXPECT_EQ(complaint(), "a.toml:1:9: 'a' must hold whole numbers from 1 to 9");
}

TEST_F(TomlReaderTest, WantsTruthTablesAndListsOfTables) {
    EXPECT_FALSE(read("a = 1\n").boolean("a"));
    EXPECT_THAT(complaint(), HasSubstr("must be true or false"));
    EXPECT_EQ(read("a = 1\n").table("a"), nullptr);
    EXPECT_THAT(complaint(), HasSubstr("must be a table: [a]"));
    EXPECT_THAT(read("a = [1]\n").tables("a"), IsEmpty());
    EXPECT_THAT(complaint(), HasSubstr("must hold tables: [[a]]"));
}

TEST_F(TomlReaderTest, CollectsAllComplaints) {
    auto reader = read("a = 1\nb = \"x\"\n");
    (void)reader.string("a");
    (void)reader.boolean("b");
    (void)reader.required_string("c");
    EXPECT_EQ(faults_.size(), 3U);
}

}  // namespace
}  // namespace ph

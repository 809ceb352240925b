// directory/text_file_test.cc: logical lines with their numbers, and files that cannot be read.
#include "directory/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::vector<std::pair<std::uint32_t, std::string>> lines_of(std::string_view text, std::vector<Fault>& faults) {
    FileFaults told("table", faults);
    LogicalLines lines(text, told);
    std::vector<std::pair<std::uint32_t, std::string>> all;
    while (lines.next()) all.emplace_back(lines.number(), lines.text());
    return all;
}

TEST(TextFile, JoinsALineThatBeginsWithABlankToTheOneBefore) {
    std::vector<Fault> faults;
    EXPECT_THAT(lines_of("# head\n\na: b,\n  c,\n# between\n\n\td\ne: f", faults), ElementsAre(Pair(3U, "a: b, c, d"), Pair(8U, "e: f")));
    EXPECT_THAT(faults, IsEmpty());
}

TEST(TextFile, TakesLinesOfOtherSystems) {
    std::vector<Fault> faults;
    EXPECT_THAT(lines_of("\xEF\xBB\xBF"
                         "a b\r\nc d\r\n",
                         faults),
                ElementsAre(Pair(1U, "a b"), Pair(2U, "c d")));
    EXPECT_THAT(faults, IsEmpty());
}

TEST(TextFile, TellsALineThatContinuesNothing) {
    std::vector<Fault> faults;
    EXPECT_THAT(lines_of("  a b\nc d\n", faults), ElementsAre(Pair(2U, "c d")));
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_THAT(to_text(faults[0]), HasSubstr("table:1: this line continues another"));
}

TEST(TextFile, TellsALineWithNul) {
    std::vector<Fault> faults;
    EXPECT_THAT(lines_of(std::string_view("a b\nc\0d e\n", 10), faults), ElementsAre(Pair(1U, "a b")));
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].where.line, 2U);
}

TEST(TextFile, TellsALineWithoutEnd) {
    std::vector<Fault> faults;
    EXPECT_THAT(lines_of("a " + std::string(max_logical_line, 'x'), faults), IsEmpty());
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].kind, FaultKind::too_large);
}

TEST(TextFile, StopsAfterManyMistakes) {
    std::vector<Fault> faults;
    std::string text;
    for (int i = 0; i < 100; ++i) text += std::string("a\0b\n", 4);
    EXPECT_THAT(lines_of(text, faults), IsEmpty());
    EXPECT_EQ(faults.size(), max_faults_per_file);
    EXPECT_THAT(faults.back().message, HasSubstr("more mistakes"));
}

TEST(TextFile, ReadsAFileWhole) {
    const TestFolder folder;
    const auto text = read_text_file(folder.write("a", "one\ntwo"), 100, {});
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "one\ntwo");
}

TEST(TextFile, TellsWhereAMissingFileIsNamed) {
    const auto text = read_text_file("/nonexistent/aliases", 100, {"posthorn.toml", 7, 1});
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, FaultKind::missing);
    EXPECT_THAT(to_text(text.error()), HasSubstr("posthorn.toml:7:1: there is no file /nonexistent/aliases; make it"));
}

TEST(TextFile, TakesNeitherFoldersNorTooMuch) {
    const TestFolder folder;
    EXPECT_EQ(read_text_file(folder.path(), 100, {}).error().kind, FaultKind::unreadable);
    EXPECT_EQ(read_text_file(folder.write("a", std::string(101, 'x')), 100, {}).error().kind, FaultKind::too_large);
    EXPECT_TRUE(read_text_file(folder.write("b", std::string(100, 'x')), 100, {}));
}

}  // namespace
}  // namespace ph::directory

// store/log/files_test.cc: the real files, where they differ from what a simulated disk does by itself.
#include "store/log/files.h"

#include <sys/uio.h>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::store::log {
namespace {

// A start after a kill writes "the octets from here to here" again, and there may be none: the server then refused to start.
TEST(LogFiles, WritingNothingSucceeds) {
    const TestFolder folder;
    const auto files = open_files(folder.path(), Access::write);
    ASSERT_TRUE(files.has_value());
    const auto file = (*files)->open("segment", OpenMode::create);
    ASSERT_TRUE(file.has_value());
    EXPECT_TRUE(write_text(**file, "", 0).has_value());
    EXPECT_TRUE(write_text(**file, "text", 4).has_value());
    EXPECT_EQ(read_text(**file, 4, 4).value(), "text");
}

TEST(LogFiles, EmptyPiecesBetweenOthersAreLeftOut) {
    const TestFolder folder;
    const auto files = open_files(folder.path(), Access::write);
    const auto file = (*files)->open("segment", OpenMode::create);
    ASSERT_TRUE(file.has_value());
    std::string one = "one";
    std::string two = "two";
    const iovec pieces[] = {{nullptr, 0}, {one.data(), 3}, {nullptr, 0}, {two.data(), 3}, {nullptr, 0}};
    EXPECT_TRUE((*file)->write(pieces, 0).has_value());
    EXPECT_EQ(read_text(**file, 0, 6).value(), "onetwo");
}

}  // namespace
}  // namespace ph::store::log

// deliver/finding_test.cc: errors of the system and of the spool as outcomes (situations 124, 131).
#include "deliver/finding.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace ph::deliver {
namespace {

TEST(Finding, ErrorsOfTheSystemNeverFailForGood) {
    struct Case {
        int error;
        status::EnhancedCode status;
        std::uint32_t situation;
    };
    for (const Case& c : {Case{ENOSPC, {4, 3, 1}, 124}, Case{EDQUOT, {4, 2, 2}, 124}, Case{EFBIG, {4, 2, 2}, 124}, Case{EIO, {4, 3, 0}, 0},
                          Case{EACCES, {4, 3, 0}, 0}, Case{ENOENT, {4, 3, 0}, 0}}) {
        const RecipientOutcome outcome = finding(obstacle(c.error, "write a file").value());
        EXPECT_EQ(outcome.ending, Ending::deferred) << c.error;
        EXPECT_EQ(outcome.status, c.status) << c.error;
        EXPECT_EQ(outcome.situation, c.situation) << c.error;
        EXPECT_EQ(outcome.diagnostic_type, "x-posthorn");
        EXPECT_TRUE(outcome.text.starts_with("cannot write a file: ")) << outcome.text;
    }
}

TEST(Finding, AFullDiskIsEverybodysTroubleAndAMissingHomeIsNot) {
    EXPECT_TRUE(is_host_trouble({ENOSPC, ""}));
    EXPECT_TRUE(is_host_trouble({EIO, ""}));
    EXPECT_FALSE(is_host_trouble({ENOENT, ""}));
    EXPECT_FALSE(is_host_trouble({EDQUOT, ""}));
}

TEST(Finding, ADamagedBodyIsSituation131) {
    EXPECT_EQ(finding(store::StoreFault{store::Trouble::damaged, "checksum"}).situation, 131U);
    EXPECT_EQ(finding(store::StoreFault{store::Trouble::failing, "disk"}).situation, 0U);
    EXPECT_EQ(finding(store::StoreFault{store::Trouble::damaged, "checksum"}).status, (status::EnhancedCode{4, 3, 0}));
}

TEST(Finding, TheClassOfTheStatusIsTheEnding) {
    EXPECT_EQ(finding({5, 1, 1}, 125, "no").ending, Ending::failed);
    EXPECT_EQ(finding({4, 2, 2}, 124, "full").ending, Ending::deferred);
}

TEST(Finding, OneLineIsPrintableAndBounded) {
    EXPECT_EQ(one_line("  \n first\tline \r\n second"), "first line");
    EXPECT_EQ(one_line("a\x1b[31mb\x7f!"), "a [31mb !");
    EXPECT_EQ(one_line("\xff"), "\xef\xbf\xbd");
    std::string wide;
    for (int i = 0; i < 500; ++i) wide += "é";
    EXPECT_EQ(one_line(wide).size(), 400U);
    EXPECT_EQ(one_line("x" + wide).size(), 399U);  // no half character
}

}  // namespace
}  // namespace ph::deliver

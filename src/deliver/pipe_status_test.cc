// deliver/pipe_status_test.cc: the map of situation 126, and what a program can say itself.
#include "deliver/pipe_status.h"

#include <gtest/gtest.h>

namespace ph::deliver {
namespace {

RecipientOutcome ended(int status, std::string output = "", bool timed_out = false) {
    return outcome_of({status, timed_out, std::move(output)}, "archive");
}

TEST(PipeStatus, ZeroIsDelivered) {
    const RecipientOutcome outcome = ended(0, "5.1.1 is not looked at\n");
    EXPECT_EQ(outcome.ending, Ending::delivered);
    EXPECT_TRUE(outcome.final_delivery);
    EXPECT_EQ(outcome.text, "delivered to command archive");
}

TEST(PipeStatus, FollowsSysexits) {
    struct Case {
        int status;
        status::EnhancedCode code;
    };
    for (const Case& c : {Case{1, {5, 3, 0}}, Case{64, {5, 3, 0}}, Case{65, {5, 6, 0}}, Case{67, {5, 1, 1}}, Case{68, {5, 1, 2}}, Case{71, {4, 3, 0}},
                          Case{73, {5, 2, 0}}, Case{75, {4, 3, 0}}, Case{76, {5, 5, 0}}, Case{77, {5, 7, 0}}, Case{78, {5, 3, 5}},
                          Case{79, {5, 3, 0}}, Case{255, {5, 3, 0}}}) {
        const RecipientOutcome outcome = ended(c.status);
        EXPECT_EQ(outcome.status, c.code) << c.status;
        EXPECT_EQ(outcome.situation, 126U) << c.status;
        EXPECT_EQ(outcome.ending, c.code.code_class == 4 ? Ending::deferred : Ending::failed) << c.status;
        EXPECT_EQ(outcome.diagnostic_type, "x-posthorn");
    }
}

TEST(PipeStatus, QuotesTheFirstLine) {
    EXPECT_EQ(ended(67, "  \nno ann here\nmore\n").text, "command archive ended with status 67, it knows no such user: no ann here");
    EXPECT_EQ(ended(3, "odd").text, "command archive ended with status 3: odd");
    EXPECT_EQ(ended(75).text, "command archive ended with status 75, it asks to try again later");
}

TEST(PipeStatus, TakesTheProgramsOwnStatus) {
    const RecipientOutcome outcome = ended(1, "4.2.2 the archive is full\n");
    EXPECT_EQ(outcome.status, (status::EnhancedCode{4, 2, 2}));
    EXPECT_EQ(outcome.ending, Ending::deferred);
    EXPECT_EQ(outcome.text, "command archive says: the archive is full");
    EXPECT_EQ(ended(67, "2.0.0 fine").status, (status::EnhancedCode{5, 1, 1}));  // a failure cannot call itself a success
}

TEST(PipeStatus, ACrashIsTriedAgain) {
    EXPECT_EQ(ended(128 + 11, "oops").text, "command archive was killed by signal 11: oops");
    EXPECT_EQ(ended(128 + 11).status, (status::EnhancedCode{4, 3, 0}));
    EXPECT_EQ(ended(128 + 9, "", true).text, "command archive took too long and was stopped");
    EXPECT_EQ(ended(128 + 9, "", true).situation, 129U);
}

}  // namespace
}  // namespace ph::deliver

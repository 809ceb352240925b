// deliver/fixed_transport_test.cc: discard and error.
#include "deliver/fixed_transport.h"

#include <gtest/gtest.h>

#include "deliver/test_mail.h"
#include "io/test_world.h"

namespace ph::deliver {
namespace {

RecipientOutcome error_with(std::string argument) {
    io::TestWorld world;
    ErrorTransport transport;
    const spool::Work work = test::work_for({"ann@b.example"});
    const Attempt attempt = world.wait_for(transport.attempt(work, {directory::RouteKind::error, "", 0, std::move(argument)}));
    EXPECT_EQ(attempt.outcomes.size(), 1U);
    return attempt.outcomes.at(0);
}

TEST(FixedTransport, DiscardDeliversToEveryRecipient) {
    io::TestWorld world;
    DiscardTransport transport;
    const spool::Work work = test::work_for({"ann@b.example", "ben@b.example"});
    const Attempt attempt = world.wait_for(transport.attempt(work, {directory::RouteKind::discard, "", 0, ""}));
    ASSERT_EQ(attempt.outcomes.size(), 2U);
    EXPECT_EQ(attempt.outcomes[1].ending, Ending::delivered);
    EXPECT_EQ(attempt.outcomes[1].text, "discarded by the transport table");
}

TEST(FixedTransport, ErrorSaysWhatTheTableSays) {
    const RecipientOutcome outcome = error_with("5.1.2 this domain has been given up");
    EXPECT_EQ(outcome.ending, Ending::failed);
    EXPECT_EQ(outcome.status, (status::EnhancedCode{5, 1, 2}));
    EXPECT_EQ(outcome.text, "this domain has been given up");
    EXPECT_EQ(outcome.diagnostic_type, "x-posthorn");
}

TEST(FixedTransport, ErrorOfClassFourWaits) {
    EXPECT_EQ(error_with("4.3.2 closed for a day").ending, Ending::deferred);
}

TEST(FixedTransport, ErrorWithoutStatusIsPermanent) {
    EXPECT_EQ(error_with("no mail here").status, (status::EnhancedCode{5, 0, 0}));
    EXPECT_EQ(error_with("no mail here").text, "no mail here");
    EXPECT_EQ(error_with("").text, "no mail is taken for this address");
    EXPECT_EQ(error_with("2.0.0 fine").status, (status::EnhancedCode{5, 0, 0}));  // an error is no success
}

}  // namespace
}  // namespace ph::deliver

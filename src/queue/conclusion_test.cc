// queue/conclusion_test.cc: the job as a whole after an attempt: when it goes on, what is kept, what the sender hears.
#include "queue/conclusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/builtin.h"
#include "queue/test_rig.h"

namespace ph::queue {
namespace {

using deliver::Ending;
using std::chrono::hours;
using std::chrono::minutes;

class ConclusionTest : public testing::Test {
  protected:
    ConclusionTest() : catalogue_(catalogue::builtin()), explainer_(catalogue_) {
        limits_ = Settings(params_).limits_for("smtp:b.example");
        auto info = std::make_shared<spool::MessageInfo>();
        info->envelope.reverse_path = mailbox("ann@a.example");
        info->arrived = arrived_;
        work_.info = info;
        work_.job.queue = "smtp:b.example";
        work_.job.expires_at = arrived_ + hours(120);
        work_.data.reverse_path = info->envelope.reverse_path;
        add("bob@b.example");
    }
    void add(const std::string& address) {
        spool::PendingRecipient& one = work_.data.recipients.emplace_back();
        one.recipient.address = one.original = mailbox(address);
    }
    Conclusion after(Milliseconds time, std::vector<deliver::RecipientOutcome> outcomes, std::optional<TimePoint> resting_until = std::nullopt) {
        deliver::Attempt attempt;
        attempt.outcomes = std::move(outcomes);
        return conclude(work_, attempt, circumstances(time, resting_until), explainer_);
    }
    Circumstances circumstances(Milliseconds time, std::optional<TimePoint> resting_until = std::nullopt) const {
        return {params_, limits_, arrived_ + time, 7, resting_until};
    }

    QueueParams params_;
    Limits limits_;
    TimePoint arrived_{Milliseconds(1'800'000'000'000)};
    spool::Work work_;
    status::Catalogue catalogue_;
    explain::Explainer explainer_;
};

TEST_F(ConclusionTest, IsDoneWhenNobodyIsLeft) {
    add("carl@b.example");
    const Conclusion done = after(Milliseconds(0), {said::delivered(), said::unknown()});
    EXPECT_TRUE(done.outcome.done);
    EXPECT_EQ(done.fates[0].ending, Ending::delivered);
    EXPECT_EQ(done.fates[1].ending, Ending::failed);
    EXPECT_EQ(done.fates[1].cause, "recipient.unknown");
    EXPECT_EQ(done.outcome.attempts, 1U);
}

TEST_F(ConclusionTest, KeepsTheReplyBounded) {
    deliver::RecipientOutcome outcome = said::later();
    outcome.reply.text = "450 4.3.2 " + std::string(4000, 'x');
    const Conclusion kept = after(Milliseconds(0), {outcome});
    EXPECT_EQ(kept.outcome.data.last.reply.size(), 1000U);
    EXPECT_EQ(kept.outcome.data.recipients[0].last_status, (status::EnhancedCode{4, 3, 2}));
    EXPECT_EQ(kept.outcome.data.recipients[0].since, arrived_);
}

TEST_F(ConclusionTest, PutsATryOnTheTimeOfTheDelayNotice) {
    work_.job.attempts = 6;
    const Conclusion kept = after(hours(3), {said::later()});
    EXPECT_EQ(kept.outcome.next_at, arrived_ + hours(4));
    EXPECT_FALSE(kept.tell_delay);
    const Conclusion told = after(hours(4), {said::later()});
    EXPECT_TRUE(told.tell_delay);
    EXPECT_TRUE(told.outcome.data.delay_told);
    work_.data.delay_told = true;
    EXPECT_FALSE(after(hours(8), {said::later()}).tell_delay);
}

TEST_F(ConclusionTest, TurnsWhoStillWaitsAtTheEndIntoFailed) {
    const Conclusion over = after(hours(120) - minutes(1), {said::later()});
    EXPECT_TRUE(over.outcome.done);
    EXPECT_TRUE(over.fates[0].expired);
    EXPECT_EQ(over.fates[0].status, (status::EnhancedCode{5, 4, 7}));
    EXPECT_NE(over.fates[0].cause, "");
}

TEST_F(ConclusionTest, CountsNoAttemptWhenNothingWasTried) {
    work_.job.attempts = 4;
    const TimePoint until = arrived_ + hours(2);
    const Conclusion rests = after(hours(1), {said::refused()}, until);
    EXPECT_EQ(rests.outcome.attempts, 4U);
    EXPECT_EQ(rests.outcome.next_at, until);
    EXPECT_EQ(after(hours(119), {said::refused()}, arrived_ + hours(200)).outcome.next_at, arrived_ + hours(120) - minutes(1));
}

TEST_F(ConclusionTest, LetsAJobRestOnlyWhenNothingIsToBeSaid) {
    EXPECT_FALSE(may_rest(work_, circumstances(minutes(5)))) << "its entry does not say yet why it waits";
    work_.data.last.cause = "network.connection-refused";
    EXPECT_TRUE(may_rest(work_, circumstances(minutes(5))));
    EXPECT_FALSE(may_rest(work_, circumstances(hours(4)))) << "the delay notice is due";
    work_.data.delay_told = true;
    EXPECT_TRUE(may_rest(work_, circumstances(hours(5))));
    EXPECT_FALSE(may_rest(work_, circumstances(hours(120)))) << "its time is over";
}

TEST_F(ConclusionTest, KeepsThoseWhoFailedWhenTheirNoticeHasToWait) {
    add("carl@b.example");
    add("dora@b.example");
    work_.data.recipients[1].tell_expanded = true;
    const Conclusion mixed = after(minutes(1), {said::unknown(), said::later(), said::delivered()});
    ASSERT_EQ(mixed.outcome.data.recipients.size(), 1U);
    EXPECT_FALSE(mixed.outcome.data.recipients[0].tell_expanded) << "it is told with this settlement";
    const spool::JobOutcome outcome = postponed(work_, mixed, circumstances(minutes(1)));
    EXPECT_FALSE(outcome.done);
    ASSERT_EQ(outcome.data.recipients.size(), 2U);
    EXPECT_TRUE(outcome.data.recipients[0].tell_expanded) << "it is not told yet";
    EXPECT_EQ(to_text(outcome.data.recipients[1].recipient.address), "bob@b.example");
    EXPECT_EQ(outcome.data.reverse_path, work_.data.reverse_path);
}

TEST_F(ConclusionTest, PostponesNothingWhenAllIsDelivered) {
    const spool::JobOutcome outcome = postponed(work_, after(minutes(1), {said::delivered()}), circumstances(minutes(1)));
    EXPECT_TRUE(outcome.done);
    EXPECT_TRUE(outcome.data.recipients.empty());
}

TEST_F(ConclusionTest, WaitsOutTheGraceOfAFullMailboxFromItsFirstTime) {
    deliver::RecipientOutcome full = said::outcome(Ending::deferred, {4, 2, 2}, 0, "");
    full.text = "4.2.2 the mailbox is full";
    full.situation = 124;
    const Conclusion first = after(hours(10), {full});
    ASSERT_FALSE(first.outcome.done);
    work_.data = first.outcome.data;
    EXPECT_FALSE(after(hours(33), {full}).outcome.done);
    const Conclusion last = after(hours(34), {full});
    EXPECT_TRUE(last.outcome.done);
    EXPECT_EQ(last.fates[0].status, (status::EnhancedCode{5, 2, 2}));
    EXPECT_EQ(last.fates[0].cause, "recipient.mailbox-full");
}

}  // namespace
}  // namespace ph::queue

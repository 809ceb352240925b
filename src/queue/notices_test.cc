// queue/notices_test.cc: who is told what, by the rules of RFC 3461, and what a notice looks like; through the whole runner, since that is what a
// sender meets.
#include "queue/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/header_section.h"
#include "mail/transfer_encoding.h"
#include "queue/test_rig.h"

namespace ph::queue {
namespace {

using mail::Notify;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class NoticesTest : public testing::Test {
  protected:
    // What went to the sender so far.
    std::vector<ScriptedTransport::Seen> told(const std::string& address = "ann@a.example") { return rig.transport.to(address); }
    void fail(const std::string& address = "bob@b.example") { rig.transport.by_recipient[address] = said::unknown(); }

    Rig rig;
};

TEST_F(NoticesTest, ReturnsAFailedMessageWithAllThatRfc3464Asks) {
    fail();
    const QueueId id = rig.send();
    rig.world.advance(seconds(1));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_TRUE(told()[0].reverse_path.is_null());
    const std::string content = told()[0].content;
    for (const char* part : {"multipart/report", "report-type=delivery-status", "Reporting-MTA: dns; mx.here.example", "Original-Envelope-Id: env-1",
                             "Arrival-Date:", "Original-Recipient: rfc822; bob@b.example", "Final-Recipient: rfc822; bob@b.example", "Action: failed",
                             "Status: 5.1.1", "Remote-MTA: dns; mx.b.example", "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
                             "Auto-Submitted: auto-replied", "message/rfc822", "The body of it."}) {
        EXPECT_THAT(content, HasSubstr(part));
    }
    EXPECT_THAT(content, HasSubstr("In-Reply-To: <1@a.example>"));
    EXPECT_THAT(rig.logged(), HasSubstr("queue.bounced id=" + to_text(id)));
    EXPECT_EQ(rig.messages(), 0U);
}

TEST_F(NoticesTest, MakesOneBounceForAllRecipientsOfAnAttempt) {
    fail("b@b.example");
    fail("c@b.example");
    rig.send({.to = {"b@b.example", "c@b.example", "d@b.example"}});
    rig.world.advance(seconds(1));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_THAT(told()[0].content, HasSubstr("rfc822; b@b.example"));
    EXPECT_THAT(told()[0].content, HasSubstr("rfc822; c@b.example"));
    EXPECT_THAT(told()[0].content, Not(HasSubstr("d@b.example")));
}

TEST_F(NoticesTest, SplitsWhatIsTooMuchForOneNotice) {
    rig.transport.by_queue["smtp:b.example"] = said::unknown();
    Rig::Mail mail;
    mail.to.clear();
    for (int count = 0; count < 80; ++count) mail.to.push_back("u" + std::to_string(count) + "@b.example");
    rig.send(mail);
    rig.world.advance(seconds(1));
    EXPECT_EQ(told().size(), 2U);
}

TEST_F(NoticesTest, IsSilentWhenTheSenderWantsNothing) {
    fail();
    rig.send({.notify = Notify::never});
    rig.send({.notify = Notify::success});
    rig.send({.notify = Notify::delay});
    rig.world.advance(seconds(1));
    EXPECT_EQ(told().size(), 0U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST_F(NoticesTest, ReturnsTheHeaderAloneOnRequestAndForBigMessages) {
    fail();
    rig.send({.ret = mail::Ret::headers});
    Rig::Mail big;
    big.content += std::string(60'000, 'x') + "\r\n";
    rig.send(big);
    rig.world.advance(seconds(1));
    ASSERT_EQ(told().size(), 2U);
    for (const auto& one : told()) {
        EXPECT_THAT(one.content, HasSubstr("text/rfc822-headers"));
        EXPECT_THAT(one.content, HasSubstr("Subject: hello"));
        EXPECT_THAT(one.content, Not(HasSubstr("The body of it.")));
        EXPECT_LT(one.content.size(), 20'000U);
    }
}

TEST_F(NoticesTest, ReadsTheMessageBackWhenItIsNoLongerInMemory) {
    rig.transport.by_recipient["bob@b.example"] = said::later();
    rig.send();
    rig.world.advance(seconds(1));
    fail();
    rig.world.advance(minutes(6));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_THAT(told()[0].content, HasSubstr("The body of it."));
}

TEST_F(NoticesTest, ShowsAFailedBounceToThePostmasterOnce) {
    fail();
    fail("ann@a.example");
    rig.send();
    rig.world.advance(seconds(1));
    const auto shown = told("postmaster");
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_TRUE(shown[0].reverse_path.is_null());
    EXPECT_THAT(shown[0].content, HasSubstr("rfc822; ann@a.example"));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.logged_times("queue.dropped"), 0U);
}

TEST_F(NoticesTest, DropsADoubleBounceThatFailsWithAnErrorInTheLog) {
    fail();
    fail("ann@a.example");
    fail("postmaster");
    rig.send();
    rig.world.advance(hours(200));
    EXPECT_EQ(told("postmaster").size(), 1U);
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.logged_times("error queue.dropped"), 1U);
}

TEST_F(NoticesTest, NeverBouncesWhatCameWithTheNullReversePath) {
    fail();
    rig.send({.from = ""});
    rig.world.advance(seconds(1));
    EXPECT_EQ(told("postmaster").size(), 1U);
    EXPECT_EQ(rig.transport.seen.size(), 2U);
    rig.params.double_bounce_to = "";
    rig.runner->set_params(std::make_shared<const QueueParams>(rig.params));
    rig.send({.from = ""});
    rig.world.advance(seconds(1));
    EXPECT_EQ(told("postmaster").size(), 1U);
    EXPECT_EQ(rig.logged_times("queue.dropped"), 1U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST_F(NoticesTest, TellsThePostmasterWhenTheSenderDoesNotExist) {
    fail();
    rig.existence["ann@a.example"] = directory::Existence::unknown_local;
    rig.send();
    rig.world.advance(seconds(1));
    EXPECT_EQ(told().size(), 0U);
    EXPECT_EQ(told("postmaster").size(), 1U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST_F(NoticesTest, KeepsTheFailedUntilTheirSenderCanBeLookedUp) {
    fail("b@b.example");
    rig.existence["ann@a.example"] = directory::Existence::table_down;
    rig.send({.to = {"b@b.example", "c@b.example"}});
    rig.world.advance(seconds(1));
    EXPECT_EQ(rig.messages(), 1U);
    rig.existence.clear();
    rig.world.advance(minutes(6));
    EXPECT_EQ(told().size(), 1U);
    EXPECT_EQ(told("c@b.example").size(), 1U) << "who has it already does not get it again";
    EXPECT_EQ(rig.messages(), 0U);
}

TEST_F(NoticesTest, ReportsFinalDeliveryToThoseWhoAsk) {
    rig.send({.to = {"bob@here.example"}, .notify = Notify::success});
    rig.send({.to = {"bob@here.example"}});
    rig.world.advance(seconds(1));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_THAT(told()[0].content, HasSubstr("Action: delivered"));
    EXPECT_THAT(told()[0].content, HasSubstr("Status: 2.1.5"));
    EXPECT_THAT(told()[0].content, Not(HasSubstr("The body of it.")));
}

TEST_F(NoticesTest, ReportsRelayingOnlyWhenTheNextServerWillNotReport) {
    deliver::RecipientOutcome outcome = said::delivered();
    outcome.relayed_without_dsn = true;
    rig.transport.by_recipient["bob@b.example"] = outcome;
    rig.send({.notify = Notify::success});
    rig.world.advance(seconds(1));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_THAT(told()[0].content, HasSubstr("Action: relayed"));
    outcome.relayed_without_dsn = false;
    outcome.dsn_passed_on = true;
    rig.transport.by_recipient["bob@b.example"] = outcome;
    rig.send({.notify = Notify::success});
    rig.world.advance(seconds(1));
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(NoticesTest, TellsOfAnExpandedAliasOnceAndNotWhereItLed) {
    Accepted accepted;
    accepted.recipient.address = mailbox("team@here.example");
    accepted.recipient.notify.bits = Notify::success | Notify::failure;
    for (const char* member : {"b@b.example", "c@b.example"}) {
        directory::Target target;
        target.address = mailbox(member);
        target.route.host = "b.example";
        target.expanded = true;
        accepted.targets.push_back(target);
    }
    rig.transport.by_recipient["b@b.example"] = said::later();
    rig.send_plans({}, plan_jobs({accepted}, mailbox("ann@a.example")));
    rig.world.advance(minutes(30));
    ASSERT_EQ(told().size(), 1U);
    EXPECT_THAT(told()[0].content, HasSubstr("Action: expanded"));
    EXPECT_THAT(told()[0].content, HasSubstr("rfc822; team@here.example"));
    EXPECT_THAT(told()[0].content, Not(HasSubstr("b@b.example")));
    fail("b@b.example");
    rig.world.advance(hours(1));
    ASSERT_EQ(told().size(), 2U);
    EXPECT_THAT(told()[1].content, HasSubstr("Final-Recipient: rfc822; team@here.example"));
    EXPECT_THAT(told()[1].content, Not(HasSubstr("rfc822; b@b.example")));
}

TEST_F(NoticesTest, BouncesOfAListGoToItsOwnerWithTheMember) {
    Accepted accepted;
    accepted.recipient.address = mailbox("list@here.example");
    directory::Target target;
    target.address = mailbox("b@b.example");
    target.route.host = "b.example";
    target.expanded = true;
    target.owner = mailbox("owner-list@here.example");
    accepted.targets.push_back(target);
    fail("b@b.example");
    rig.send_plans({}, plan_jobs({accepted}, mailbox("ann@a.example")));
    rig.world.advance(seconds(1));
    EXPECT_EQ(told().size(), 0U);
    ASSERT_EQ(told("owner-list@here.example").size(), 1U);
    EXPECT_THAT(told("owner-list@here.example")[0].content, HasSubstr("rfc822; b@b.example"));
}

TEST_F(NoticesTest, AreMarkedSoThatNobodyAnswersThem) {
    fail();
    rig.transport.by_recipient["ann@a.example"] = said::later();
    rig.send();
    rig.world.advance(seconds(1));
    io::Completion<store::Stored<std::vector<store::Listed>>> listed(rig.world);
    rig.spool->engine().list(QueueId(), 10, listed.callback());
    const auto messages = rig.world.wait_for(listed.take());
    ASSERT_EQ(messages->size(), 1U);
    const auto info = spool::decode_message_info(*messages->front().meta);
    ASSERT_TRUE(info.has_value());
    EXPECT_TRUE(info->notice);
    EXPECT_TRUE(info->envelope.reverse_path.is_null());
    const auto data = rig.job(messages->front().id).second;
    EXPECT_EQ(data.recipients[0].recipient.notify.bits, Notify::never);
    rig.world.advance(hours(48));
    EXPECT_EQ(told("postmaster").size(), 0U) << "no notice about the delay of a notice";
}

// The spool takes marks but no new messages.
TEST(NoticesInAFullSpool, WaitWithTheirFailedRecipientsUntilThereIsRoom) {
    Rig rig;
    store::MemoryOptions options;
    options.max_bytes = 1500;
    rig.runner.reset();
    rig.spool = std::make_unique<spool::Spool>(
        store::make_memory_engine([&rig](std::function<void()> run) { rig.world.post(std::move(run)); }, options), rig.world);
    rig.start();
    rig.transport.by_recipient["b@b.example"] = said::unknown();
    Rig::Mail mail;
    mail.to = {"b@b.example", "c@b.example"};
    mail.content += std::string(1000, 'x');
    const QueueId id = rig.send(mail);
    rig.world.advance(seconds(10));
    ASSERT_EQ(rig.messages(), 1U);
    const auto data = rig.job(id).second;
    ASSERT_EQ(data.recipients.size(), 1U) << "who has it does not get it again";
    EXPECT_EQ(to_text(data.recipients[0].recipient.address), "b@b.example");
    EXPECT_EQ(rig.transport.to("ann@a.example").size(), 0U);
}

}  // namespace
}  // namespace ph::queue

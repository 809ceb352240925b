// queue/runner_test.cc: the runner in a simulated world: fairness, retries, lifetimes, windows, memory, restarts.
#include "queue/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue/failing_engine.h"
#include "queue/test_rig.h"

namespace ph::queue {
namespace {

using deliver::Ending;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(RunnerTest, DeliversANewMessageFromMemoryAndForgetsIt) {
    Rig rig;
    rig.send();
    rig.world.advance(seconds(1));
    ASSERT_EQ(rig.transport.seen.size(), 1U);
    EXPECT_THAT(rig.transport.seen[0].content, HasSubstr("The body of it."));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.logged_times("queue.delivered"), 1U);
    EXPECT_EQ(rig.runner->load().running, 0U);
    EXPECT_EQ(rig.runner->load().ready_bytes, 0U);
}

TEST(RunnerTest, FindsWhatWasCommittedWithoutIt) {
    Rig rig;
    rig.world.advance(seconds(5));
    Rig::Mail mail;
    mail.deliver_now = false;
    rig.send(mail);
    rig.runner->wake();
    rig.world.advance(seconds(1));
    EXPECT_EQ(rig.transport.seen.size(), 1U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, TriesAgainAfterGrowingPausesAndKeepsTheReason) {
    Rig rig;
    rig.transport.by_recipient["bob@b.example"] = said::later();
    const TimePoint start = rig.world.now();
    const QueueId id = rig.send();
    rig.world.advance(seconds(1));
    const auto [job, data] = rig.job(id);
    EXPECT_EQ(job.attempts, 1U);
    EXPECT_EQ(data.last.status, "4.3.2");
    EXPECT_EQ(data.last.remote, "mx.b.example[192.0.2.1]:25");
    EXPECT_EQ(data.last.command, "RCPT TO");
    EXPECT_EQ(data.last.reply, "450 4.3.2 System not accepting network messages");
    EXPECT_NE(data.last.cause, "");
    rig.world.advance(hours(3));
    const auto tries = rig.transport.to("bob@b.example");
    ASSERT_GE(tries.size(), 5U);
    const Seconds usual[] = {minutes(5), minutes(10), minutes(20), minutes(40)};
    for (std::size_t made = 0; made < 4; ++made) {
        const auto pause = tries[made + 1].at - tries[made].at;
        EXPECT_GE(pause, usual[made] * 7 / 8) << made;
        EXPECT_LE(pause, usual[made] * 9 / 8 + seconds(2)) << made;
    }
    EXPECT_EQ(tries[0].at, start);
    rig.transport.by_recipient.clear();
    rig.world.advance(hours(3));
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, ComesBackWhenThePeerSays) {
    Rig rig;
    rig.transport.by_recipient["bob@b.example"] =
        said::outcome(Ending::deferred, {4, 7, 1}, 450, "450 4.7.1 Greylisted, please try again in 120 seconds");
    rig.send();
    rig.world.advance(seconds(119));
    EXPECT_EQ(rig.transport.seen.size(), 1U);
    rig.world.advance(seconds(20));
    EXPECT_EQ(rig.transport.seen.size(), 2U);
}

TEST(RunnerTest, KeepsOnlyThoseRecipientsThatAreLeft) {
    Rig rig;
    rig.transport.by_recipient["c@b.example"] = said::later();
    const QueueId id = rig.send({.to = {"b@b.example", "c@b.example"}});
    rig.world.advance(seconds(1));
    const auto data = rig.job(id).second;
    ASSERT_EQ(data.recipients.size(), 1U);
    EXPECT_EQ(to_text(data.recipients[0].recipient.address), "c@b.example");
    rig.transport.by_recipient.clear();
    rig.world.advance(minutes(6));
    EXPECT_EQ(rig.transport.to("b@b.example").size(), 1U);
    EXPECT_EQ(rig.transport.to("c@b.example").size(), 2U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, ADeadDestinationWithAThousandJobsDelaysNobody) {
    Rig rig;
    rig.transport.by_queue["smtp:dead.example"] = said::refused();
    rig.transport.takes["smtp:dead.example"] = seconds(30);
    for (int count = 0; count < 1000; ++count) {
        rig.send({.to = {"x@dead.example"}, .deliver_now = count % 2 == 0});
    }
    rig.world.advance(seconds(60));
    const TimePoint start = rig.world.now();
    for (int count = 0; count < 50; ++count) rig.send({.to = {"y@good.example"}, .deliver_now = count % 2 == 0});
    rig.runner->wake();
    rig.world.advance(seconds(2));
    EXPECT_EQ(rig.transport.count("smtp:good.example"), 50U);
    for (const auto& seen : rig.transport.to("y@good.example")) EXPECT_LE(seen.at, start + seconds(2));
    rig.world.advance(hours(2));
    EXPECT_LE(rig.transport.count("smtp:dead.example"), 5U + 3U + 12U) << "a dead destination is asked by single probes";
    EXPECT_EQ(rig.messages(), 1000U) << "and nothing of it is lost";
}

TEST(RunnerTest, DeliversAllThatWaitedWhenADeadDestinationIsBack) {
    Rig rig;
    rig.transport.by_queue["smtp:dead.example"] = said::refused();
    for (int count = 0; count < 300; ++count) rig.send({.to = {"x@dead.example"}});
    rig.world.advance(minutes(20));
    EXPECT_EQ(rig.messages(), 300U);
    EXPECT_GE(rig.logged_times("queue.dead"), 1U);
    rig.transport.by_queue.clear();
    rig.world.advance(minutes(31));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.logged_times("queue.alive"), 1U);
    EXPECT_LE(rig.transport.most_running["smtp:dead.example"], 20U);
}

TEST(RunnerTest, SaysOfWhatNeverWasTriedWhyItWaits) {
    Rig rig;
    rig.transport.by_queue["smtp:dead.example"] = said::refused();
    for (int count = 0; count < 10; ++count) rig.send({.to = {"x@dead.example"}});
    rig.world.advance(seconds(10));
    const QueueId id = rig.send({.to = {"x@dead.example"}});
    rig.world.advance(seconds(10));
    const auto [job, data] = rig.job(id);
    EXPECT_EQ(job.attempts, 0U);
    EXPECT_EQ(data.last.status, "4.4.1");
    EXPECT_EQ(data.last.cause, "network.connection-refused");
}

TEST(RunnerTest, ASlowDestinationTakesNoPlacesFromOthers) {
    QueueParams params;
    params.concurrency = 30;
    params.destination_concurrency = 10;
    Rig rig(params);
    rig.transport.takes["smtp:slow.example"] = hours(1);
    for (int count = 0; count < 200; ++count) rig.send({.to = {"x@slow.example"}});
    for (int count = 0; count < 200; ++count) rig.send({.to = {"y@fast.example"}});
    rig.world.advance(seconds(5));
    EXPECT_EQ(rig.transport.count("smtp:fast.example"), 200U);
    EXPECT_EQ(rig.transport.running["smtp:slow.example"], 5U);
}

TEST(RunnerTest, GrowsTheWindowWithSuccessUpToTheLimit) {
    QueueParams params;
    params.destination_start = 2;
    params.destination_concurrency = 8;
    Rig rig(params);
    rig.transport.takes["smtp:b.example"] = seconds(1);
    for (int count = 0; count < 100; ++count) rig.send();
    rig.world.advance(Milliseconds(500));
    EXPECT_EQ(rig.transport.running["smtp:b.example"], 2U);
    rig.world.advance(minutes(1));
    EXPECT_EQ(rig.transport.most_running["smtp:b.example"], 8U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, NeverRunsMoreThanTheLimitInAll) {
    QueueParams params;
    params.concurrency = 7;
    Rig rig(params);
    for (int count = 0; count < 20; ++count) {
        const std::string domain = "d" + std::to_string(count) + ".example";
        rig.transport.takes["smtp:" + domain] = seconds(10);
        for (int more = 0; more < 3; ++more) rig.send({.to = {"x@" + domain}, .deliver_now = more != 0});
    }
    rig.runner->wake();
    std::size_t most = 0;
    while (rig.messages() != 0) {
        std::size_t running = 0;
        for (const auto& [queue, count] : rig.transport.running) running += count;
        most = std::max(most, running);
        rig.world.advance(seconds(1));
    }
    EXPECT_EQ(most, 7U);
    EXPECT_EQ(rig.transport.seen.size(), 60U);
}

TEST(RunnerTest, KeepsTheBodiesThatWaitWithinTheirMemory) {
    QueueParams params;
    params.destination_concurrency = 2;
    params.destination_start = 2;
    params.memory = 50'000;
    Rig rig(params);
    rig.transport.takes["smtp:b.example"] = seconds(1);
    Rig::Mail mail;
    mail.content += std::string(10'000, 'x');
    for (int count = 0; count < 20; ++count) {
        rig.send(mail);
        EXPECT_LE(rig.runner->load().ready_bytes, 50'000U + 13'000U);
    }
    rig.world.advance(minutes(1));
    EXPECT_EQ(rig.transport.seen.size(), 20U);
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, BacksOffAMessageThatMakesThePeerTalkNonsense) {
    Rig rig;
    deliver::RecipientOutcome garbage;
    garbage.status = {4, 5, 0};
    garbage.reply = smtp::PeerReply::gone(smtp::Lost::garbage, "\x01\x02 hello?");
    garbage.text = "what the host answered is not SMTP";
    garbage.situation = 115;
    rig.transport.by_recipient["poison@b.example"] = garbage;
    rig.send({.to = {"poison@b.example"}});
    for (int count = 0; count < 20; ++count) rig.send({.to = {"fine@b.example"}});
    rig.world.advance(seconds(5));
    EXPECT_EQ(rig.transport.to("fine@b.example").size(), 20U);
    rig.world.advance(hours(1));
    EXPECT_EQ(rig.transport.to("poison@b.example").size(), 3U);
    EXPECT_THAT(rig.logged(), HasSubstr("status=5.5.0"));
    EXPECT_EQ(rig.transport.count("smtp:a.example"), 1U) << "the bounce";
}

TEST(RunnerTest, ExpiresAfterOneLastTryWithTheLastReasonKept) {
    Rig rig;
    rig.transport.by_recipient["bob@b.example"] = said::later();
    const TimePoint start = rig.world.now();
    rig.send();
    rig.world.advance(hours(121));
    const auto tries = rig.transport.to("bob@b.example");
    EXPECT_EQ(tries.back().at, start + hours(120) - minutes(1));
    EXPECT_THAT(rig.logged(), HasSubstr("status=5.4.7"));
    const auto bounce = rig.transport.to("ann@a.example");
    ASSERT_EQ(bounce.size(), 2U) << "the delay notice and the bounce";
    EXPECT_THAT(bounce[1].content, HasSubstr("Status: 5.4.7"));
    EXPECT_THAT(bounce[1].content, HasSubstr("450 4.3.2 System not accepting network messages"));
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, ExpiresJobsOfADeadDestinationInTime) {
    Rig rig;
    rig.transport.by_queue["smtp:dead.example"] = said::refused();
    for (int count = 0; count < 30; ++count) rig.send({.to = {"x@dead.example"}});
    const TimePoint start = rig.world.now();
    rig.world.advance(hours(122));
    EXPECT_EQ(rig.messages(), 0U);
    const auto told = rig.transport.to("ann@a.example");
    ASSERT_EQ(told.size(), 60U);
    EXPECT_LE(told.back().at, start + hours(120) + minutes(1));
    EXPECT_LE(told[29].at, start + hours(4) + minutes(32)) << "the delay is told while it is one";
}

TEST(RunnerTest, TellsADelayOnceAndOnTime) {
    Rig rig;
    rig.transport.by_recipient["bob@b.example"] = said::later();
    const TimePoint start = rig.world.now();
    rig.send();
    rig.world.advance(hours(48));
    const auto told = rig.transport.to("ann@a.example");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_LE(told[0].at, start + hours(4) + minutes(1));
    EXPECT_THAT(told[0].content, HasSubstr("Action: delayed"));
    EXPECT_THAT(told[0].content, HasSubstr("Will-Retry-Until:"));
}

TEST(RunnerTest, TellsNoDelayToThoseWhoDoNotWantIt) {
    QueueParams params;
    Rig rig(params);
    rig.transport.by_queue["smtp:b.example"] = said::later();
    rig.send({.notify = mail::Notify::failure});
    rig.send({.notify = mail::Notify::never});
    rig.send({.from = ""});
    rig.world.advance(hours(48));
    EXPECT_EQ(rig.transport.count("smtp:a.example"), 0U);
    EXPECT_EQ(rig.transport.count("maildir:"), 0U);
    rig.params.delay_notice_after = Seconds(0);
    rig.runner->set_params(std::make_shared<const QueueParams>(rig.params));
    rig.send();
    rig.world.advance(hours(48));
    EXPECT_EQ(rig.transport.count("smtp:a.example"), 0U);
}

TEST(RunnerTest, TakesNewParametersWithoutLosingWhatItKnows) {
    Rig rig;
    rig.transport.by_recipient["bob@b.example"] = said::later();
    rig.send();
    rig.world.advance(seconds(1));
    rig.params.destinations = {"b.example retry_first=1m retry_max=1m lifetime=10m"};
    rig.runner->set_params(std::make_shared<const QueueParams>(rig.params));
    rig.world.advance(minutes(12));
    EXPECT_GE(rig.transport.to("bob@b.example").size(), 5U);
    EXPECT_EQ(rig.messages(), 0U) << "the destination's own lifetime is over";
    EXPECT_EQ(rig.transport.to("ann@a.example").size(), 1U);
}

TEST(RunnerTest, HoldsEverythingWhileItIsTold) {
    Rig rig;
    rig.transport.takes["smtp:b.example"] = seconds(5);
    for (int count = 0; count < 20; ++count) rig.send();
    rig.world.run_until_idle();
    rig.params.hold = true;
    rig.runner->set_params(std::make_shared<const QueueParams>(rig.params));
    rig.send();
    rig.world.advance(hours(1));
    EXPECT_EQ(rig.transport.seen.size(), 5U) << "what was under way ends";
    EXPECT_EQ(rig.messages(), 16U);
    rig.params.hold = false;
    rig.runner->set_params(std::make_shared<const QueueParams>(rig.params));
    rig.world.advance(minutes(1));
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, LooksFurtherThanTheFirstDestinationsThatAreDue) {
    QueueParams params;
    params.concurrency = 1000;
    Rig rig(params);
    for (int count = 0; count < 700; ++count) {
        Rig::Mail mail;
        mail.to = {"x@d" + std::to_string(count) + ".example"};
        mail.deliver_now = false;
        rig.send(mail);
    }
    rig.runner->wake();
    rig.world.advance(seconds(1));
    EXPECT_EQ(rig.messages(), 0U);
}

TEST(RunnerTest, GoesOnAfterARestart) {
    Rig rig;
    rig.transport.by_queue["smtp:b.example"] = said::later();
    for (int count = 0; count < 10; ++count) rig.send();
    rig.world.advance(minutes(1));
    rig.world.wait_for(rig.runner->stop(seconds(30)));
    rig.restart();
    rig.transport.by_queue.clear();
    rig.world.advance(minutes(6));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.transport.seen.size(), 20U);
}

TEST(RunnerTest, WaitsForWhatIsUnderWayWhenItStops) {
    Rig rig;
    rig.transport.takes["smtp:b.example"] = seconds(10);
    for (int count = 0; count < 20; ++count) rig.send();
    rig.world.run_until_idle();
    const TimePoint start = rig.world.now();
    rig.world.wait_for(rig.runner->stop(seconds(30)));
    EXPECT_LE(rig.world.now(), start + seconds(11));
    EXPECT_EQ(rig.messages(), 15U) << "five were under way, the rest stays";
    rig.restart();
    rig.world.advance(minutes(1));
    EXPECT_EQ(rig.messages(), 0U) << "what was given back is due at once";
}

TEST(RunnerTest, LetsGoOfWhatTakesTooLongWhenItStops) {
    Rig rig;
    rig.transport.takes["smtp:b.example"] = hours(1);
    rig.send();
    rig.world.run_until_idle();
    const TimePoint start = rig.world.now();
    rig.world.wait_for(rig.runner->stop(seconds(30)));
    EXPECT_EQ(rig.world.now(), start + seconds(30));
    rig.world.advance(hours(2));
    EXPECT_EQ(rig.messages(), 1U) << "the attempt ended when nobody was there to settle it";
}

TEST(RunnerTest, KeepsJobsWithoutATransport) {
    Rig rig;
    auto plans = rig.plans_for({});
    plans[0].queue = "no such route";
    const QueueId id = rig.send_plans({}, std::move(plans));
    rig.world.advance(seconds(1));
    EXPECT_EQ(rig.job(id).second.last.status, "4.3.5");
    EXPECT_EQ(rig.messages(), 1U);
}

TEST(RunnerTest, WritesADeliveryDownWhenTheDiskIsWellAgainAndNeverRepeatsIt) {
    Rig rig;
    rig.runner.reset();
    const auto post = [&rig](std::function<void()> run) { rig.world.post(std::move(run)); };
    auto engine = std::make_unique<FailingEngine>(store::make_memory_engine(post), post);
    FailingEngine& failing = *engine;
    rig.spool = std::make_unique<spool::Spool>(std::move(engine), rig.world);
    rig.start();
    rig.transport.by_recipient["c@b.example"] = said::unknown();
    rig.send({.to = {"b@b.example", "c@b.example"}});
    failing.failures = 5;
    rig.world.advance(seconds(20));
    EXPECT_EQ(rig.messages(), 1U);
    EXPECT_EQ(rig.runner->load().running, 1U) << "the job stays in its hands";
    rig.world.advance(minutes(2));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_EQ(rig.transport.count("smtp:b.example"), 1U);
    EXPECT_EQ(rig.transport.count("smtp:a.example"), 1U) << "one bounce";
    EXPECT_EQ(rig.logged_times("queue.settle_failed"), 5U);
}

TEST(RunnerTest, ReportsAndHoldsWhatCannotBeReadAndDeliversTheRest) {
    Rig rig;
    store::Batch batch;
    store::NewMessage message;
    message.id = rig.spool->next_id();
    message.created = rig.world.now();
    message.meta = "no envelope";
    message.draft = rig.spool->draft();
    message.draft->append("x");
    store::Job& job = message.jobs.emplace_back();
    job.queue = "smtp:b.example";
    job.next_at = rig.world.now();
    job.expires_at = rig.world.now() + hours(1);
    batch.messages.push_back(std::move(message));
    io::Completion<store::Stored<store::Committed>> committed(rig.world);
    rig.spool->engine().commit(std::move(batch), committed.callback());
    ASSERT_TRUE(rig.world.wait_for(committed.take()).has_value());
    rig.send();
    rig.world.advance(hours(24));
    EXPECT_EQ(rig.transport.seen.size(), 1U);
    EXPECT_EQ(rig.messages(), 1U);
    EXPECT_EQ(rig.logged_times("error queue.damaged"), 1U);
}

TEST(RunnerTest, SettlesNothingForAMessageThatWasRemovedMeanwhile) {
    Rig rig;
    rig.transport.takes["smtp:b.example"] = seconds(10);
    const QueueId id = rig.send();
    rig.world.run_until_idle();
    io::Completion<store::Stored<void>> removed(rig.world);
    rig.spool->engine().remove(id, removed.callback());
    ASSERT_TRUE(rig.world.wait_for(removed.take()).has_value());
    rig.world.advance(seconds(20));
    EXPECT_EQ(rig.logged_times("queue.gone"), 1U);
    EXPECT_EQ(rig.runner->load().running, 0U);
}

TEST(RunnerTest, ForgetsDestinationsThatNothingIsKnownAbout) {
    Rig rig;
    for (int count = 0; count < 20'100; ++count) rig.send({.to = {"x@d" + std::to_string(count) + ".example"}});
    rig.world.advance(minutes(1));
    EXPECT_EQ(rig.messages(), 0U);
    EXPECT_LE(rig.runner->load().destinations, 20'001U);
}

}  // namespace
}  // namespace ph::queue

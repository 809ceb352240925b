// spool/spool_test.cc: submissions, claims and settlements over the engine in memory.
#include "spool/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/completion.h"
#include "io/test_world.h"
#include "spool/codec.h"
#include "store/memory/engine.h"

namespace ph::spool {
namespace {

using store::Stored;
using store::Trouble;

constexpr Lifetime later{std::chrono::hours(120), false};
constexpr Lifetime at_once{std::chrono::hours(120), true};

class SpoolTest : public testing::Test {
  protected:
    SpoolTest() : spool(store::make_memory_engine([this](std::function<void()> run) { world.post(std::move(run)); }), world) {}

    Submission submission(std::vector<std::string> queues = {"smtp:b.example"}) {
        Submission made;
        made.info.envelope.reverse_path = {"ann", "a.example"};
        made.info.envelope.envid = "E";
        made.info.arrived = world.now();
        for (std::string& queue : queues) {
            JobPlan& plan = made.jobs.emplace_back();
            plan.data.recipients.push_back({{{"bob", queue}, {}, "rfc822;bob"}, {"bob", queue}});
            plan.data.reverse_path = made.info.envelope.reverse_path;
            plan.queue = std::move(queue);
        }
        made.draft = spool.draft();
        made.draft->append("Subject: x\r\n\r\nbody\r\n");
        made.prefix = "Received: y\r\n";
        made.id = spool.next_id();
        return made;
    }
    std::vector<Work> commit(Submission made, Lifetime lifetime) {
        auto works = world.wait_for(spool.commit(std::move(made), lifetime));
        EXPECT_TRUE(works.has_value());
        return works ? *std::move(works) : std::vector<Work>();
    }
    std::vector<Work> claim(const std::string& queue, std::size_t limit = 10) {
        auto works = world.wait_for(spool.claim(queue, limit, std::chrono::minutes(10)));
        EXPECT_TRUE(works.has_value());
        return works ? *std::move(works) : std::vector<Work>();
    }
    Stored<std::vector<Work>> settle(JobOutcome outcome, std::vector<Submission> notices = {}) {
        std::vector<JobOutcome> outcomes;
        outcomes.push_back(std::move(outcome));
        return world.wait_for(spool.settle(std::move(outcomes), std::move(notices), at_once));
    }

    io::TestWorld world;
    Spool spool;
};

TEST_F(SpoolTest, HandsOverWhatIsToBeDeliveredNowAsItWasSubmitted) {
    Submission made = submission({"smtp:b.example", "maildir:"});
    const QueueId id = made.id;
    const std::vector<Work> works = commit(std::move(made), at_once);
    ASSERT_EQ(works.size(), 2U);
    EXPECT_EQ(works[0].id, id);
    EXPECT_EQ(works[0].job.queue, "smtp:b.example");
    EXPECT_EQ(works[1].job.queue, "maildir:");
    EXPECT_EQ(works[1].data.recipients[0].recipient.address.domain, "maildir:");
    EXPECT_EQ(works[0].info, works[1].info) << "one envelope for all jobs";
    EXPECT_EQ(works[0].info->envelope.envid, "E");
    EXPECT_TRUE(works[0].job.data.empty());
    EXPECT_EQ(works[0].job.expires_at, world.now() + std::chrono::hours(120));
    ASSERT_NE(works[0].body, nullptr);
    EXPECT_EQ(works[0].size, 33U);
    EXPECT_TRUE(claim("smtp:b.example").empty()) << "it is claimed already";
}

TEST_F(SpoolTest, KeepsWhatIsNotForNowUntilItIsClaimed) {
    EXPECT_TRUE(commit(submission(), later).empty());
    const std::vector<Work> works = claim("smtp:b.example");
    ASSERT_EQ(works.size(), 1U);
    EXPECT_EQ(works[0].info->envelope.reverse_path, (mail::Mailbox{"ann", "a.example"}));
    EXPECT_EQ(works[0].data.recipients[0].recipient.orcpt, "rfc822;bob");
    EXPECT_TRUE(claim("smtp:b.example").empty());
}

TEST_F(SpoolTest, DecodesTheEnvelopeOfAMessageOnceForAllItsJobs) {
    commit(submission({"smtp:a", "smtp:b", "smtp:c"}), later);
    const auto first = claim("smtp:a");
    const auto second = claim("smtp:b");
    ASSERT_EQ(first.size() + second.size(), 2U);
    EXPECT_EQ(first[0].info, second[0].info);
}

TEST_F(SpoolTest, GivesWorkBackUnused) {
    const std::vector<Work> works = commit(submission(), at_once);
    spool.release(works[0], world.now() + Seconds(60));
    EXPECT_TRUE(claim("smtp:b.example").empty());
    world.advance(Seconds(61));
    EXPECT_EQ(claim("smtp:b.example").size(), 1U);
}

TEST_F(SpoolTest, KeepsWhatAnAttemptLeft) {
    const std::vector<Work> works = commit(submission(), at_once);
    JobOutcome outcome;
    outcome.ref = works[0].ref();
    outcome.next_at = world.now() + Seconds(300);
    outcome.attempts = 1;
    outcome.data = works[0].data;
    outcome.data.last = {world.now(), "system.busy", "450 busy", "4.3.2", "mx[192.0.2.1]:25", "MAIL"};
    outcome.data.delay_told = true;
    ASSERT_TRUE(settle(outcome).has_value());
    EXPECT_TRUE(claim("smtp:b.example").empty());
    world.advance(Seconds(301));
    const std::vector<Work> again = claim("smtp:b.example");
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].data, outcome.data);
    EXPECT_EQ(again[0].job.attempts, 1U);
}

TEST_F(SpoolTest, SettlesAnOutcomeAndItsNoticeTogether) {
    const std::vector<Work> works = commit(submission(), at_once);
    JobOutcome outcome;
    outcome.ref = works[0].ref();
    outcome.done = true;
    std::vector<Submission> notices;
    notices.push_back(submission({"smtp:a.example"}));
    notices.back().info.notice = true;
    const auto made = settle(outcome, std::move(notices));
    ASSERT_TRUE(made.has_value());
    ASSERT_EQ(made->size(), 1U);
    EXPECT_EQ((*made)[0].job.queue, "smtp:a.example");
    EXPECT_TRUE((*made)[0].info->notice);
    EXPECT_EQ(spool.engine().totals().messages, 1U);
}

TEST_F(SpoolTest, RefusesTheSettlementOfAnOldClaim) {
    const std::vector<Work> works = commit(submission(), at_once);
    spool.release(works[0], world.now());
    ASSERT_EQ(claim("smtp:b.example").size(), 1U);
    JobOutcome outcome;
    outcome.ref = works[0].ref();
    outcome.done = true;
    const auto settled = settle(outcome);
    ASSERT_FALSE(settled.has_value());
    EXPECT_EQ(settled.error().trouble, Trouble::gone);
    EXPECT_EQ(spool.engine().totals().messages, 1U);
}

TEST_F(SpoolTest, ReadsABodyWholeOrItsHead) {
    const std::vector<Work> works = commit(submission(), at_once);
    EXPECT_EQ(*world.wait_for(spool.body(works[0].id, 1000)), "Received: y\r\nSubject: x\r\n\r\nbody\r\n");
    EXPECT_EQ(*world.wait_for(spool.body(works[0].id, 10)), "Received: ");
    EXPECT_EQ(world.wait_for(spool.body(QueueId(1), 10)).error().trouble, Trouble::gone);
}

TEST_F(SpoolTest, SetsAsideWhatItCannotReadAndGoesOn) {
    store::Batch batch;
    for (const bool damaged : {true, false}) {
        store::NewMessage message;
        message.id = spool.next_id();
        message.created = world.now();
        message.meta = encode(MessageInfo{});
        message.draft = spool.draft();
        message.draft->append("x");
        JobData data;
        data.recipients.resize(1);
        store::Job& job = message.jobs.emplace_back();
        job.queue = "smtp:b.example";
        job.next_at = world.now();
        job.expires_at = world.now() + Seconds(1000);
        job.data = damaged ? std::string("\x01\x03\x55") : encode(data);
        batch.messages.push_back(std::move(message));
    }
    const QueueId bad = batch.messages[0].id;
    io::Completion<Stored<store::Committed>> committed(world);
    spool.engine().commit(std::move(batch), committed.callback());
    ASSERT_TRUE(world.wait_for(committed.take()).has_value());
    std::vector<QueueId> told;
    spool.on_damage([&](QueueId id, const std::string& what) {
        told.push_back(id);
        EXPECT_THAT(what, testing::HasSubstr("damaged at offset"));
    });
    EXPECT_EQ(claim("smtp:b.example").size(), 1U);
    EXPECT_THAT(told, testing::ElementsAre(bad));
    world.advance(std::chrono::hours(1));
    EXPECT_EQ(claim("smtp:b.example").size(), 1U) << "the good one, whose lease is over";
    io::Completion<Stored<store::Listed>> got(world);
    spool.engine().get(bad, got.callback());
    const auto listed = world.wait_for(got.take());
    ASSERT_TRUE(listed.has_value()) << "nothing is dropped in silence";
    EXPECT_EQ(listed->jobs[0].state, store::JobState::held);
    EXPECT_EQ(listed->jobs[0].data, "\x01\x03\x55");
}

TEST_F(SpoolTest, SaysWhenADraftTakesMore) {
    auto draft = spool.draft();
    draft->append("x");
    EXPECT_TRUE(world.wait_for(spool.writable(*draft)).has_value());
}

}  // namespace
}  // namespace ph::spool

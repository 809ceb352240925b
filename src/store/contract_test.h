// store/contract_test.h: what every engine promises, as tests that run against each of them (contract_test.cc names them). A test that passes
// here for one engine only shows that callers may not rely on it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/waiting.h"

namespace ph::store {

using MakeEngine = std::function<std::unique_ptr<Engine>(Post)>;

class Contract : public testing::TestWithParam<MakeEngine>, public Waiting {
  protected:
    void SetUp() override { engine = GetParam()(loop.post()); }
};

TEST_P(Contract, KeepsAMessageAndHandsItOut) {
    const QueueId id = put("the body", {"smtp:example.org"}, 5);
    EXPECT_TRUE(claim("smtp:example.org", 10, 4, 100).empty());
    const std::vector<Claim> claims = claim("smtp:example.org", 10, 5, 100);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_EQ(claims[0].id, id);
    EXPECT_EQ(claims[0].created, at(0));
    EXPECT_EQ(claims[0].size, 8U);
    EXPECT_EQ(*claims[0].meta, "meta of the body");
    EXPECT_EQ(claims[0].job.queue, "smtp:example.org");
    EXPECT_EQ(claims[0].job.data, "data of smtp:example.org");
    EXPECT_EQ(claims[0].job.expires_at, at(432'000));
    EXPECT_EQ(body(id).value(), "the body");
}

TEST_P(Contract, NeverCallsBackInsideTheCall) {
    bool called = false;
    Batch batch;
    batch.messages.push_back(message("x", {"q"}));
    engine->commit(std::move(batch), [&](Stored<Committed>) { called = true; });
    EXPECT_FALSE(called);
    EXPECT_TRUE(loop.run_until([&] { return called; }));
}

TEST_P(Contract, GivesADueJobToOneOnly) {
    put("x", {"q"});
    EXPECT_EQ(claim("q", 10, 0, 100).size(), 1U);
    EXPECT_TRUE(claim("q", 10, 99, 200).empty());
    EXPECT_EQ(engine->totals().claimed, 1U);
}

TEST_P(Contract, GivesTheEarliestFirstAndNotMoreThanAsked) {
    put("late", {"q"}, 3);
    put("early", {"q"}, 1);
    put("middle", {"q"}, 2);
    const std::vector<Claim> claims = claim("q", 2, 10, 100);
    ASSERT_EQ(claims.size(), 2U);
    EXPECT_EQ(*claims[0].meta, "meta of early");
    EXPECT_EQ(*claims[1].meta, "meta of middle");
}

TEST_P(Contract, ALapsedLeaseMakesTheJobDueAndTheOldClaimWorthless) {
    put("x", {"q"});
    const Claim first = claim("q", 1, 0, 10).at(0);
    EXPECT_EQ(engine->next_due(), at(10));
    const Claim second = claim("q", 1, 10, 20).at(0);
    EXPECT_GT(second.epoch, first.epoch);
    const auto refused = done(first);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().trouble, Trouble::gone);
    EXPECT_TRUE(done(second).has_value());
    EXPECT_EQ(engine->totals().messages, 0U);
}

TEST_P(Contract, ALateSettlementCountsWhileNobodyElseHasTheJob) {
    put("x", {"q"});
    const Claim first = claim("q", 1, 0, 10).at(0);
    EXPECT_EQ(engine->due(at(11), "", 10).size(), 1U);
    EXPECT_TRUE(done(first).has_value());
    EXPECT_TRUE(engine->due(at(11), "", 10).empty());
}

TEST_P(Contract, AnUpdateReleasesTheClaimAndKeepsTheNewData) {
    const QueueId id = put("x", {"q"});
    const Claim claimed = claim("q", 1, 0, 1000).at(0);
    ASSERT_TRUE(update(ref_of(claimed), 50, "new data").has_value());
    EXPECT_FALSE(update(ref_of(claimed), 60, "again").has_value());
    EXPECT_TRUE(claim("q", 1, 49, 1000).empty());
    const Claim again = claim("q", 1, 50, 1000).at(0);
    EXPECT_EQ(again.job.data, "new data");
    EXPECT_EQ(again.job.attempts, 3U);
    EXPECT_EQ(again.id, id);
    EXPECT_EQ(again.job.expires_at, at(432'000));
}

TEST_P(Contract, AReleasedClaimIsDueAgainWithoutBeingWritten) {
    put("x", {"q"});
    const Claim claimed = claim("q", 1, 0, 1000).at(0);
    engine->release(ref_of(claimed), at(7));
    EXPECT_EQ(engine->next_due(), at(7));
    EXPECT_EQ(engine->totals().claimed, 0U);
    EXPECT_EQ(claim("q", 1, 7, 1000).size(), 1U);
}

TEST_P(Contract, TheMessageGoesWithItsLastJob) {
    const QueueId id = put("x", {"a", "b"});
    ASSERT_TRUE(done(claim("a", 1, 0, 100).at(0)).has_value());
    ASSERT_TRUE(get(id).has_value());
    EXPECT_EQ(get(id)->jobs.size(), 1U);
    ASSERT_TRUE(done(claim("b", 1, 0, 100).at(0)).has_value());
    EXPECT_EQ(get(id).error().trouble, Trouble::gone);
    EXPECT_EQ(body(id).error().trouble, Trouble::gone);
    EXPECT_EQ(engine->totals().jobs, 0U);
    EXPECT_TRUE(engine->queues().empty());
}

TEST_P(Contract, MessagesBornClaimedComeWithTheirBodies) {
    Batch batch;
    batch.messages.push_back(message("the body", {"a", "b"}));
    batch.messages[0].prefix = "Received: here\r\n";
    batch.messages[0].claimed = true;
    batch.messages[0].lease = at(100);
    const auto committed = commit(std::move(batch));
    ASSERT_TRUE(committed.has_value());
    ASSERT_EQ(committed->claims.size(), 2U);
    EXPECT_EQ(committed->claims[1].job.queue, "b");
    EXPECT_EQ(committed->claims[1].job.data, "data of b");
    EXPECT_EQ(*committed->claims[1].meta, "meta of the body");
    ASSERT_NE(committed->claims[0].body, nullptr);
    EXPECT_EQ(text_of(*committed->claims[0].body), "Received: here\r\nthe body");
    EXPECT_EQ(committed->claims[0].size, 24U);
    EXPECT_TRUE(claim("a", 1, 99, 200).empty());
    EXPECT_TRUE(done(committed->claims[0]).has_value());
    EXPECT_EQ(claim("b", 1, 100, 200).size(), 1U);
}

TEST_P(Contract, ABatchIsTakenAsAWholeOrNotAtAll) {
    put("x", {"a"});
    put("y", {"b"});
    const Claim first = claim("a", 1, 0, 10).at(0);
    const Claim second = claim("b", 1, 0, 100).at(0);
    claim("a", 1, 10, 100);
    Batch batch;
    batch.messages.push_back(message("bounce", {"c"}));
    batch.done = {ref_of(second), ref_of(first)};
    EXPECT_EQ(commit(std::move(batch)).error().trouble, Trouble::gone);
    EXPECT_EQ(engine->totals().messages, 2U);
    EXPECT_TRUE(claim("c", 1, 10, 100).empty());
    EXPECT_TRUE(done(second).has_value());
}

TEST_P(Contract, SettlesAJobOnceEvenWhenAskedTwiceAtOnce) {
    put("x", {"q"});
    const Claim claimed = claim("q", 1, 0, 100).at(0);
    std::vector<bool> results;
    for (int i = 0; i < 2; ++i) {
        Batch batch;
        batch.done.push_back(ref_of(claimed));
        engine->commit(std::move(batch), [&](Stored<Committed> committed) { results.push_back(committed.has_value()); });
    }
    ASSERT_TRUE(loop.run_until([&] { return results.size() == 2; }));
    EXPECT_NE(results[0], results[1]);
}

TEST_P(Contract, HeldAndSuspendedJobsAreNotDue) {
    const QueueId id = put("x", {"q"});
    ASSERT_TRUE(update({id, 0, 0}, 0, "d", JobState::held).has_value());
    EXPECT_TRUE(claim("q", 1, 10, 100).empty());
    EXPECT_FALSE(engine->next_due().has_value());
    ASSERT_TRUE(get(id).has_value());
    EXPECT_EQ(get(id)->jobs[0].state, JobState::held);
    ASSERT_TRUE(update({id, 0, 0}, 3, "e", JobState::active).has_value());
    EXPECT_EQ(engine->next_due(), at(3));
    EXPECT_EQ(claim("q", 1, 3, 100).at(0).job.data, "e");
    EXPECT_EQ(update({id, 0, 0}, 3, "f").error().trouble, Trouble::gone);
}

TEST_P(Contract, TellsWhatIsDueByQueueGoingRound) {
    put("1", {"a"}, 1);
    put("2", {"b"}, 2);
    put("3", {"c"}, 3);
    put("4", {"c"}, 1);
    EXPECT_EQ(engine->next_due(), at(1));
    const auto names = [](const std::vector<QueueCount>& counts) {
        std::string text;
        for (const QueueCount& count : counts) text += count.queue + std::to_string(count.due) + "/" + std::to_string(count.waiting) + " ";
        return text;
    };
    EXPECT_EQ(names(engine->due(at(0), "", 10)), "");
    EXPECT_EQ(names(engine->due(at(1), "", 10)), "a1/1 c1/2 ");
    EXPECT_EQ(names(engine->due(at(3), "a", 10)), "b1/1 c2/2 a1/1 ");
    EXPECT_EQ(names(engine->due(at(3), "b", 2)), "c2/2 a1/1 ");
    EXPECT_EQ(names(engine->due(at(3), "zzz", 1)), "a1/1 ");
    EXPECT_EQ(engine->queues().size(), 3U);
    EXPECT_EQ(engine->queues()[1].next_at, at(2));
}

TEST_P(Contract, ListsInTheOrderOfIds) {
    std::vector<QueueId> ids;
    for (int i = 0; i < 7; ++i) ids.push_back(put("body " + std::to_string(i), {"q"}));
    const auto page = list(ids[1], 3);
    ASSERT_TRUE(page.has_value());
    ASSERT_EQ(page->size(), 3U);
    EXPECT_EQ((*page)[0].id, ids[2]);
    EXPECT_EQ(*(*page)[2].meta, "meta of body 4");
    EXPECT_EQ((*page)[2].jobs.at(0).data, "data of q");
    EXPECT_FALSE((*page)[2].claimed.at(0));
    EXPECT_TRUE(list(ids[6], 3)->empty());
}

TEST_P(Contract, RemovesAMessageThatSomebodyHolds) {
    const QueueId id = put("x", {"a", "b"});
    const Claim claimed = claim("a", 1, 0, 100).at(0);
    EXPECT_TRUE(remove(id).has_value());
    EXPECT_EQ(remove(id).error().trouble, Trouble::gone);
    EXPECT_EQ(done(claimed).error().trouble, Trouble::gone);
    EXPECT_EQ(engine->totals().jobs, 0U);
    EXPECT_EQ(engine->totals().claimed, 0U);
}

TEST_P(Contract, KeepsLargeBodiesWhole) {
    std::string text;
    for (int i = 0; text.size() < 5'000'000; ++i) text += std::to_string(i) + "\r\n";
    NewMessage large = message("", {"q"});
    large.prefix = "Received: x\r\n";
    for (std::size_t from = 0; from < text.size(); from += 10'007) {
        if (large.draft->append(std::string_view(text).substr(from, 10'007))) continue;
        const auto writable = loop.wait<Stored<void>>([&](auto then) { large.draft->writable(then); });
        ASSERT_TRUE(writable.has_value());
    }
    EXPECT_EQ(large.draft->size(), text.size());
    const QueueId id = large.id;
    Batch batch;
    batch.messages.push_back(std::move(large));
    ASSERT_TRUE(commit(std::move(batch)).has_value());
    EXPECT_TRUE(body(id).value() == "Received: x\r\n" + text);
    EXPECT_EQ(claim("q", 1, 0, 100).at(0).size, text.size() + 13);
}

TEST_P(Contract, ADroppedDraftLeavesNothing) {
    auto draft = engine->draft();
    for (int i = 0; i < 40; ++i) {
        if (draft->append(std::string(50'000, 'x'))) continue;
        ASSERT_TRUE(loop.wait<Stored<void>>([&](auto then) { draft->writable(then); }).has_value());
    }
    draft.reset();
    put("x", {"q"});
    EXPECT_EQ(engine->totals().messages, 1U);
    EXPECT_TRUE(engine->space().live_bytes < 100'000);
}

TEST_P(Contract, AMessageWithoutJobsIsNotKept) {
    Batch batch;
    batch.messages.push_back(message("x", {}));
    EXPECT_TRUE(commit(std::move(batch)).has_value());
    EXPECT_EQ(engine->totals().messages, 0U);
}

TEST_P(Contract, SettlesAndAddsInOneBatch) {
    put("x", {"q", "r"});
    const Claim first = claim("q", 1, 0, 100).at(0);
    const Claim second = claim("r", 1, 0, 100).at(0);
    Batch batch;
    batch.done.push_back(ref_of(first));
    batch.updates.push_back({ref_of(second), at(60), 1, JobState::active, "later"});
    batch.messages.push_back(message("bounce", {"b"}));
    ASSERT_TRUE(commit(std::move(batch)).has_value());
    EXPECT_EQ(engine->totals().messages, 2U);
    EXPECT_EQ(engine->totals().jobs, 2U);
    EXPECT_EQ(claim("b", 1, 0, 100).size(), 1U);
}

TEST_P(Contract, ManyCommitsAtOnceAllComeBack) {
    int kept = 0;
    for (int i = 0; i < 500; ++i) {
        Batch batch;
        batch.messages.push_back(message("body " + std::to_string(i), {"q" + std::to_string(i % 7)}));
        engine->commit(std::move(batch), [&](Stored<Committed> committed) { kept += committed.has_value() ? 1 : 0; });
    }
    ASSERT_TRUE(loop.run_until([&] { return kept == 500; }));
    EXPECT_EQ(claim("q3", 1000, 0, 100).size(), 71U);
    close();
}

}  // namespace ph::store

// deliver/body_source_test.cc: a body from memory, from the spool, and one that is not there.
#include "deliver/body_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/test_world.h"
#include "store/memory/engine.h"

namespace ph::deliver {
namespace {

struct BodySourceTest : testing::Test {
    BodySourceTest() : spool(store::make_memory_engine([this](std::function<void()> run) { world.post(std::move(run)); }), world) {}

    static io::Task<std::string> read_all(BodyOpener& opener, const spool::Work& work) {
        auto source = co_await opener.open(work);
        if (!source) co_return "fault: " + source.error().message;
        std::string text;
        while (true) {
            const auto piece = co_await (*source)->next();
            if (!piece) co_return "fault: " + piece.error().message;
            if (piece->empty()) co_return text;
            text += *piece;
        }
    }

    io::TestWorld world;
    spool::Spool spool;
};

TEST_F(BodySourceTest, GivesTheChunksOfABodyInMemory) {
    const auto opener = make_body_opener(spool, world);
    spool::Work work;
    work.body = std::make_shared<const store::BodyText>(store::BodyText{{"one", "", "two"}, 6});
    EXPECT_EQ(world.wait_for(read_all(*opener, work)), "onetwo");
    EXPECT_EQ(world.wait_for(read_all(*opener, work)), "onetwo");
}

TEST_F(BodySourceTest, ReadsTheSpoolWhenTheBodyIsNotInMemory) {
    const auto opener = make_body_opener(spool, world);
    spool::Submission submission;
    submission.id = spool.next_id();
    submission.draft = spool.draft();
    submission.draft->append("content\r\n");
    submission.prefix = "Received: x\r\n";
    spool::JobPlan plan;
    plan.queue = "smtp:example.org";
    submission.jobs.push_back(std::move(plan));
    auto works = world.wait_for(spool.commit(std::move(submission), {Seconds(1000)}));
    ASSERT_TRUE(works && works->size() == 1);
    spool::Work work = std::move(works->front());
    work.body = nullptr;
    EXPECT_EQ(world.wait_for(read_all(*opener, work)), "Received: x\r\ncontent\r\n");
}

TEST_F(BodySourceTest, TellsTheFaultOfAMessageThatIsGone) {
    const auto opener = make_body_opener(spool, world);
    spool::Work work;
    work.id = spool.next_id();
    EXPECT_THAT(world.wait_for(read_all(*opener, work)), testing::StartsWith("fault: "));
}

}  // namespace
}  // namespace ph::deliver

// queue/judge_test.cc: the rows of the situations table that decide otherwise than the code's class, and those that do not.
#include "queue/judge.h"

#include <gtest/gtest.h>

namespace ph::queue {
namespace {

using deliver::Ending;
using deliver::RecipientOutcome;
using shaping::HostNews;
using status::EnhancedCode;

const TimePoint now{Milliseconds(1'800'000'000'000)};

RecipientOutcome outcome(Ending ending, EnhancedCode status, std::uint32_t situation = 0) {
    RecipientOutcome one;
    one.ending = ending;
    one.status = status;
    one.situation = situation;
    return one;
}

struct Case {
    const char* name;
    RecipientOutcome given;
    std::int64_t hours = 0;
    std::uint16_t protocol_errors = 0;
    Ending ending;
    EnhancedCode status;
};

TEST(Judge, DecidesByTheClassAndTheDocumentedRows) {
    const Case cases[] = {
        {"delivered", outcome(Ending::delivered, {2, 1, 5}), 0, 0, Ending::delivered, {2, 1, 5}},
        {"temporary", outcome(Ending::deferred, {4, 7, 1}), 300, 0, Ending::deferred, {4, 7, 1}},
        {"permanent", outcome(Ending::failed, {5, 1, 1}), 0, 0, Ending::failed, {5, 1, 1}},
        {"the class is that of the ending", outcome(Ending::failed, {4, 1, 1}), 0, 0, Ending::failed, {5, 1, 1}},
        {"row 113: 5xx at the greeting", outcome(Ending::failed, {5, 7, 1}, 113), 0, 0, Ending::deferred, {4, 7, 1}},
        {"row 109 on its first day", outcome(Ending::deferred, {4, 4, 4}, 109), 23, 0, Ending::deferred, {4, 4, 4}},
        {"row 109 after a day", outcome(Ending::deferred, {4, 4, 4}, 109), 24, 0, Ending::failed, {5, 4, 4}},
        {"row 112 after a day", outcome(Ending::deferred, {4, 4, 4}, 112), 24, 0, Ending::deferred, {4, 4, 4}},
        {"row 115 the second time", outcome(Ending::deferred, {4, 5, 0}, 115), 0, 2, Ending::deferred, {4, 5, 0}},
        {"row 115 the third time", outcome(Ending::deferred, {4, 5, 0}, 115), 0, 3, Ending::failed, {5, 5, 0}},
        {"row 124 within the grace", outcome(Ending::deferred, {4, 2, 2}, 124), 11, 0, Ending::deferred, {4, 2, 2}},
        {"row 124 after the grace", outcome(Ending::deferred, {4, 2, 2}, 124), 12, 0, Ending::failed, {5, 2, 2}},
        {"row 124, the disk is full", outcome(Ending::deferred, {4, 3, 1}, 124), 12, 0, Ending::deferred, {4, 3, 1}},
        {"a foreign full mailbox", outcome(Ending::deferred, {4, 2, 2}), 12, 0, Ending::deferred, {4, 2, 2}},
    };
    for (const Case& one : cases) {
        const Judgement got = judge(one.given, {now, now - std::chrono::hours(one.hours), one.protocol_errors, std::chrono::hours(12)});
        EXPECT_EQ(got.ending, one.ending) << one.name;
        EXPECT_EQ(got.status, one.status) << one.name << ": " << to_text(got.status);
    }
}

TEST(Judge, CountsTheTimeOfOneTroubleAndBeginsAnewWithAnother) {
    spool::PendingRecipient pending;
    EXPECT_EQ(since_when(pending, outcome(Ending::deferred, {4, 2, 2}), now), now);
    pending.last_status = {4, 2, 2};
    pending.since = now - std::chrono::hours(3);
    EXPECT_EQ(since_when(pending, outcome(Ending::deferred, {4, 2, 2}), now), now - std::chrono::hours(3));
    EXPECT_EQ(since_when(pending, outcome(Ending::deferred, {4, 4, 1}), now), now);
}

TEST(Judge, LearnsAboutTheHostOnlyFromWhatTheHostDid) {
    const auto news = [](std::vector<RecipientOutcome> outcomes, bool reached, bool trouble) {
        deliver::Attempt attempt;
        attempt.outcomes = std::move(outcomes);
        attempt.facts.reached = reached;
        attempt.facts.host_trouble = trouble;
        return host_news(attempt);
    };
    EXPECT_EQ(news({outcome(Ending::failed, {5, 1, 1}), outcome(Ending::delivered, {2, 0, 0})}, true, false), HostNews::delivered);
    EXPECT_EQ(news({outcome(Ending::failed, {5, 1, 1})}, true, false), HostNews::answered);
    EXPECT_EQ(news({outcome(Ending::deferred, {4, 4, 1})}, false, true), HostNews::trouble);
    EXPECT_EQ(news({outcome(Ending::deferred, {4, 5, 0}, 115)}, true, true), HostNews::nothing);
    EXPECT_EQ(news({outcome(Ending::deferred, {4, 3, 5})}, false, false), HostNews::nothing);
}

TEST(Judge, WritesTheRemoteHostAsLogsDo) {
    const auto remote = [](std::string host, std::string address) {
        RecipientOutcome one;
        one.remote_host = std::move(host);
        one.remote_address = std::move(address);
        return remote_text(one);
    };
    EXPECT_EQ(remote("mx.example.org", "192.0.2.1:25"), "mx.example.org[192.0.2.1]:25");
    EXPECT_EQ(remote("mx.example.org", "[2001:db8::1]:25"), "mx.example.org[2001:db8::1]:25");
    EXPECT_EQ(remote("mx.example.org", ""), "mx.example.org");
    EXPECT_EQ(remote("", ""), "");
    EXPECT_EQ(remote("", "192.0.2.1"), "[192.0.2.1]");
}

TEST(Judge, CutsATextBetweenCharacters) {
    EXPECT_EQ(head_of("邮箱已满", 12), "邮箱已满");
    EXPECT_EQ(head_of("邮箱已满", 11), "邮箱已");
    EXPECT_EQ(head_of("abc", 0), "");
}

}  // namespace
}  // namespace ph::queue

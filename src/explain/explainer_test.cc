// explain/explainer_test.cc: the judgement: permanence, status, evidence, confidence and time to wait, for replies as they arrive.
#include "explain/explainer.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

class ExplainerTest : public testing::Test {
  protected:
    ExplainerTest() {
        catalogue_.cause("recipient.unknown", "[[match]]\nid = \"en\"\ntext = [\"user unknown\", \"no such user {addr}\", \"用户不存在\"]\n",
                         "reason = \"user_unknown\"\nenhanced = [\"5.1.1\"]\n");
        catalogue_.cause("recipient.full", "[[match]]\nid = \"en\"\ntext = [\"mailbox full\"]\n[[match]]\nid = \"esc\"\nenhanced = [\"X.2.2\"]\n",
                         "reason = \"mailbox_full\"\nenhanced = [\"5.2.2\", \"4.2.2\"]\nretry_after = 3600\n");
        catalogue_.cause("delivery.grey", "[[match]]\nid = \"en\"\ntext = [\"greylisted\"]\n",
                         "reason = \"greylisted\"\nenhanced = [\"4.7.1\"]\nretry_after = 300\n");
        catalogue_.cause("policy.vague", "[[match]]\nid = \"en\"\ntext = [\"vague\"]\n", "reason = \"policy_violation\"\nconfidence = \"medium\"\n");
    }

    const Diagnosis& diagnose(std::string_view reply, const Hints& hints = {}) {
        if (!explainer_) explainer_.emplace(catalogue_.get());
        return explainer_->diagnose(reply, hints);
    }

    TestCatalogue catalogue_;
    std::optional<Explainer> explainer_;
};

TEST_F(ExplainerTest, NamesCauseRuleCodeAndCommand) {
    const Diagnosis& diagnosis = diagnose("<a@example.com>: host mx.example[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)");
    EXPECT_EQ(diagnosis.cause().id, "recipient.unknown");
    EXPECT_EQ(diagnosis.match.rule->id, "en");
    EXPECT_EQ(diagnosis.reply.code->value(), 550);
    EXPECT_EQ(to_text(*diagnosis.enhanced), "5.1.1");
    EXPECT_EQ(diagnosis.reply.command, Command::rcpt);
    EXPECT_TRUE(diagnosis.permanent);
}

TEST_F(ExplainerTest, CallsWhatIsTemporaryByNatureTemporary) {
    EXPECT_FALSE(diagnose("550 Mailbox full").permanent) << "a 5yz reply is as permanent as its cause";
    EXPECT_FALSE(diagnose("452 Mailbox full").permanent);
    EXPECT_FALSE(diagnose("450 User unknown").permanent) << "a 4yz reply is retried whatever its cause";
    EXPECT_TRUE(diagnose("550 User unknown").permanent);
    EXPECT_TRUE(diagnose("User unknown").permanent) << "without a code the cause tells";
    EXPECT_TRUE(diagnose("550 nothing known").permanent) << "an unknown cause is what the code says";
    EXPECT_FALSE(diagnose("450 nothing known").permanent);
    EXPECT_FALSE(diagnose("nothing known").permanent);
    EXPECT_TRUE(diagnose("5.0.0 nothing known").permanent) << "an enhanced code claims as much as a code";
}

TEST_F(ExplainerTest, TakesTheStatusFromTheReplyFirst) {
    EXPECT_EQ(to_text(diagnose("550 5.7.1 User unknown").status), "5.7.1");
    EXPECT_EQ(diagnose("550 5.7.1 User unknown").status_source, StatusSource::diagnostic);
    EXPECT_EQ(to_text(diagnose("550 User unknown (#5.1.6)").status), "5.1.6");
    EXPECT_EQ(to_text(diagnose("#< #5.4.4 smtp; 550 User unknown>").status), "5.4.4");
}

TEST_F(ExplainerTest, GivesAGoAheadNoStatus) {
    EXPECT_EQ(diagnose("354 send it").status_text(), "");  // RFC 3463 2: the classes are 2, 4 and 5
    EXPECT_EQ(diagnose("550 User unknown").status_text(), "5.1.1");
}

TEST_F(ExplainerTest, InfersTheStatusFromTheCauseAndTheClassFromTheCode) {
    EXPECT_EQ(to_text(diagnose("550 User unknown").status), "5.1.1");
    EXPECT_EQ(diagnose("550 User unknown").status_source, StatusSource::inferred);
    EXPECT_EQ(to_text(diagnose("450 User unknown").status), "4.1.1");
    EXPECT_EQ(to_text(diagnose("452 Mailbox full").status), "4.2.2");
    EXPECT_EQ(to_text(diagnose("552 Mailbox full").status), "5.2.2");
    EXPECT_EQ(to_text(diagnose("User unknown").status), "5.1.1");
    EXPECT_EQ(to_text(diagnose("450 nothing known").status), "4.0.0");
    EXPECT_EQ(to_text(diagnose("nothing known").status), "5.0.0");
}

struct Evidence {
    const char* reply;
    const char* words;
};

TEST_F(ExplainerTest, PointsAtTheWordsThatDecided) {
    for (const auto& [reply, words] :
         {Evidence{"550 5.1.1 User unknown", "User unknown"}, Evidence{"550 <a@example.com>: USER  Unknown; bye", "USER  Unknown"},
          Evidence{"550-5.1.1 User\r\n550 5.1.1 unknown now", "User\r\n550 5.1.1 unknown"},
          Evidence{"550-5.1.1 User unknown\r\n550 5.1.1 bye", "User unknown"}, Evidence{"550 User unknown (#5.1.1)", "User unknown"},
          Evidence{"550 User unknown [192.0.2.1]", "User unknown"}, Evidence{"550 no such user <a@example.com> here", "no such user <a@example.com"},
          Evidence{"550 收件人：用戶不存在。", "用戶不存在"}, Evidence{"host x said: 550 User unknown (in reply to RCPT TO command)", "User unknown"},
          Evidence{"550 ＵＳＥＲ　ｕｎｋｎｏｗｎ！", "ＵＳＥＲ　ｕｎｋｎｏｗｎ"}, Evidence{"552 5.2.2 nothing known", ""},
          Evidence{"550 nothing known", ""}}) {
        const Diagnosis& diagnosis = diagnose(reply);
        EXPECT_EQ(diagnosis.evidence(), words) << reply;
        EXPECT_LE(diagnosis.evidence_begin, diagnosis.evidence_end);
        EXPECT_EQ(std::string_view(reply).substr(diagnosis.evidence_begin, diagnosis.evidence_end - diagnosis.evidence_begin), words);
    }
}

TEST_F(ExplainerTest, ReadsRepliesInOtherCharsets) {
    const Diagnosis& diagnosis = diagnose("550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA");
    EXPECT_EQ(diagnosis.cause().id, "recipient.unknown");
    EXPECT_EQ(diagnosis.evidence(), "用户不存在");
}

TEST_F(ExplainerTest, TellsHowLongToWait) {
    EXPECT_EQ(diagnose("450 Greylisted, try again in 5 minutes").retry_after, 300U);
    EXPECT_EQ(diagnose("450 Greylisted, come back in 90 seconds").retry_after, 90U);
    EXPECT_EQ(diagnose("450 Greylisted").retry_after, 300U) << "the cause's own";
    EXPECT_EQ(diagnose("552 Mailbox full").retry_after, 3600U);
    EXPECT_EQ(diagnose("450 nothing known").retry_after, 0U);
    EXPECT_EQ(diagnose("550 User unknown for 5 minutes").retry_after, 0U) << "nobody waits for what is permanent";
}

TEST_F(ExplainerTest, IsAsSureAsItsRule) {
    const double text = diagnose("550 User unknown").confidence;
    const double code = diagnose("552 5.2.2 nothing known").confidence;
    const double medium = diagnose("550 vague").confidence;
    const double nothing = diagnose("550 nothing known").confidence;
    EXPECT_GT(text, code);
    EXPECT_GT(code, nothing);
    EXPECT_GT(text, medium) << "a cause may say that its words are vague";
    EXPECT_LE(text, 1);
    EXPECT_GT(nothing, 0);
}

TEST_F(ExplainerTest, FallsBackWhereNoRuleHolds) {
    const Diagnosis& diagnosis = diagnose("nothing known");
    EXPECT_EQ(diagnosis.cause().id, "unstated.none");
    EXPECT_EQ(diagnosis.match.rule, nullptr);
    EXPECT_EQ(diagnose("").cause().id, "unstated.none");
}

TEST_F(ExplainerTest, ListensToTheCaller) {
    catalogue_.cause("relay.rcpt", "[[match]]\nid = \"rcpt\"\ntext = [\"denied\"]\ncommand = [\"RCPT\"]\n");
    EXPECT_EQ(diagnose("550 denied", {.provider = {}, .host = {}, .command = "rcpt"}).cause().id, "relay.rcpt");
    EXPECT_EQ(diagnose("550 denied").cause().id, "unstated.none");
    EXPECT_EQ(diagnose("x said: 550 denied (in reply to RCPT TO command)", {.provider = {}, .host = {}, .command = "DATA"}).reply.command,
              Command::data);
}

TEST_F(ExplainerTest, SeesTheInnermostReplyOnly) {
    EXPECT_EQ(diagnose("550 mailbox full: host mx.example.com said: 550 said: 551 user unknown").cause().id, "recipient.unknown");
}

TEST_F(ExplainerTest, LooksAtTheHeadOfAnEndlessReply) {
    const std::string words(100 * 1024, 'x');
    EXPECT_EQ(diagnose("550 User unknown " + words).cause().id, "recipient.unknown");
    EXPECT_EQ(diagnose("550 " + words + " User unknown").cause().id, "unstated.none");
}

TEST_F(ExplainerTest, CutsAnEndlessReplyBetweenCharacters) {
    for (std::size_t shift = 0; shift < 3; ++shift) {
        std::string reply = "550 用户不存在 " + std::string(shift, ' ');
        while (reply.size() < max_reply_bytes + 10) reply += "é中";
        const Diagnosis& diagnosis = diagnose(reply);
        EXPECT_EQ(diagnosis.cause().id, "recipient.unknown") << shift;
        EXPECT_TRUE(is_utf8(diagnosis.reply.whole));
        EXPECT_EQ(diagnosis.reply.whole.find("\xEF\xBF\xBD"), std::string_view::npos) << "half a character must not be shown";
    }
}

TEST_F(ExplainerTest, ForgetsTheReplyBefore) {
    (void)diagnose("<a@example.com>: host mx.example[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)");
    const Diagnosis& diagnosis = diagnose("nothing known");
    EXPECT_FALSE(diagnosis.reply.code);
    EXPECT_FALSE(diagnosis.enhanced);
    EXPECT_EQ(diagnosis.reply.command, Command::unknown);
    EXPECT_EQ(diagnosis.evidence(), "");
    EXPECT_TRUE(diagnosis.normal.values.empty());
}

}  // namespace
}  // namespace ph::explain

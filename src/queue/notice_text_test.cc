// queue/notice_text_test.cc: the words of a notice, in both languages, whole and bounded.
#include "queue/notice_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/display.h"
#include "catalogue/builtin.h"

namespace ph::queue {
namespace {

using testing::HasSubstr;
using testing::Not;

class NoticeTextTest : public testing::Test {
  protected:
    NoticeTextTest() : catalogue_(catalogue::builtin()), explainer_(catalogue_) {
        facts_.hostname = "mx.here.example";
        facts_.id = *QueueId::parse("06BZ4GZ4HW000");
        facts_.arrived = TimePoint(Milliseconds(1'795'546'800'000));
        facts_.sender = "ann@a.example";
        facts_.message_id = "1@a.example";
    }
    static NoticeRecipient full() {
        NoticeRecipient one;
        one.address = "bob@b.example";
        one.reply = "552 5.2.2 Mailbox full";
        one.from_peer = true;
        one.remote = "mx.b.example[192.0.2.1]:25";
        one.host = "mx.b.example";
        one.command = "RCPT TO";
        one.tried_at = TimePoint(Milliseconds(1'795'546'900'000));
        one.attempts = 3;
        return one;
    }
    NoticeText text(const std::vector<NoticeRecipient>& recipients) { return notice_text(facts_, recipients, explainer_); }

    status::Catalogue catalogue_;
    explain::Explainer explainer_;
    NoticeFacts facts_;
};

TEST_F(NoticeTextTest, ExplainsAFailureInEnglish) {
    const std::string english = text({full()}).english;
    for (const char* part :
         {"mail system of mx.here.example", "could not be delivered", "<bob@b.example>", "The recipient's mailbox is full", "What happened:",
          "What you can do:", "For the administrator of the receiving server:", "The server mx.b.example[192.0.2.1]:25 said in answer to RCPT TO",
          "552 5.2.2 Mailbox full", "It was tried 3 times.", "06BZ4GZ4HW000", "Message-ID <1@a.example>"}) {
        EXPECT_THAT(english, HasSubstr(part));
    }
}

// Chinese lines may break anywhere: the text without its line breaks.
std::string joined(std::string text) {
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
        const std::size_t end = text.find_first_not_of("\n ", at);
        text.erase(at, (end == std::string::npos ? text.size() : end) - at);
    }
    return text;
}

TEST_F(NoticeTextTest, ExplainsAFailureInChinese) {
    const std::string chinese = joined(text({full()}).chinese);
    for (const char* part : {"您的邮件未能送达下列收件人", "收件人（bob@b.example）的邮箱空间已经用完", "收件人邮箱已满", "原因：", "您可以这样做：",
                             "收件方管理员：", "对 RCPT TO命令的应答：", "552 5.2.2 Mailbox full", "共尝试投递 3 次。", "06BZ4GZ4HW000"}) {
        EXPECT_THAT(chinese, HasSubstr(part));
    }
}

TEST_F(NoticeTextTest, SaysUntilWhenADelayedMessageIsTried) {
    facts_.kind = NoticeKind::delayed;
    facts_.retry_until = facts_.arrived + std::chrono::hours(120);
    const NoticeText told = text({full()});
    EXPECT_THAT(told.english, HasSubstr("need not send it again"));
    EXPECT_THAT(told.english, HasSubstr("It is tried until Sun, 29 Nov 2026"));
    EXPECT_THAT(told.chinese, HasSubstr("2026-11-29"));
    EXPECT_THAT(told.chinese, HasSubstr("不必重发"));
}

TEST_F(NoticeTextTest, SaysThatTheTimeIsOverAndKeepsTheReason) {
    NoticeRecipient one = full();
    one.expired = true;
    const NoticeText told = text({one});
    EXPECT_THAT(told.english, HasSubstr("Its time in the queue is over."));
    EXPECT_THAT(told.english, HasSubstr("mailbox is full"));
    EXPECT_THAT(told.chinese, HasSubstr("保留期已过"));
}

TEST_F(NoticeTextTest, GroupsThoseWhoGotTheSameAnswer) {
    std::vector<NoticeRecipient> recipients{full(), full(), full()};
    recipients[1].address = "carl@b.example";
    recipients[2].address = "dora@b.example";
    recipients[2].reply = "550 5.1.1 User unknown";
    const std::string english = text(recipients).english;
    EXPECT_EQ(english.find("Mailbox full"), english.rfind("Mailbox full"));
    EXPECT_LT(english.find("carl@b.example"), english.find("Mailbox full"));
    EXPECT_GT(english.find("dora@b.example"), english.find("Mailbox full"));
}

TEST_F(NoticeTextTest, StaysBoundedAndWithinTheColumns) {
    std::vector<NoticeRecipient> recipients;
    for (int count = 0; count < 50; ++count) {
        NoticeRecipient& one = recipients.emplace_back(full());
        one.address = "user" + std::to_string(count) + "@b.example";
        one.reply = "550 5.7.1 " + std::string(900, 'x') + ' ' + std::to_string(count);
    }
    const NoticeText told = text(recipients);
    EXPECT_LT(told.english.size(), 40'000U);
    EXPECT_THAT(told.english, HasSubstr("and 21 more, which the attached report names"));
    EXPECT_THAT(told.chinese, HasSubstr("另有 21 个地址"));
}

TEST_F(NoticeTextTest, LetsNoControlCharacterOfThePeerThrough) {
    NoticeRecipient one = full();
    one.reply = "550 5.7.1 \x1B[31mred\r\n.\r\nhello";
    one.address = "a\x07@b.example";
    const std::string english = text({one}).english;
    EXPECT_THAT(english, Not(HasSubstr("\x1B")));
    EXPECT_THAT(english, Not(HasSubstr("\r")));
    EXPECT_THAT(english, Not(HasSubstr("\x07")));
}

TEST_F(NoticeTextTest, ExplainsNothingWhereNothingFailed) {
    for (const NoticeKind kind : {NoticeKind::delivered, NoticeKind::relayed, NoticeKind::expanded}) {
        facts_.kind = kind;
        NoticeRecipient one = full();
        one.reply = "250 2.0.0 Ok";
        const NoticeText told = text({one});
        EXPECT_THAT(told.english, HasSubstr("<bob@b.example>"));
        EXPECT_THAT(told.english, Not(HasSubstr("What happened")));
        EXPECT_THAT(told.chinese, Not(HasSubstr("原因")));
    }
}

TEST_F(NoticeTextTest, SpeaksToThePostmasterOfADoubleBounce) {
    facts_.double_bounce = true;
    EXPECT_THAT(text({full()}).english, HasSubstr("you, the postmaster"));
    EXPECT_THAT(text({full()}).chinese, HasSubstr("邮件管理员"));
}

}  // namespace
}  // namespace ph::queue

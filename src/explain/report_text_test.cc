// explain/report_text_test.cc: the report answers every question in both languages, keeps to its columns, and lets nothing of the reply
// steer the terminal.
#include "explain/report_text.h"

#include <optional>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/display.h"
#include "base/utf8.h"
#include "explain/explainer.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using status::Language;
using testing::HasSubstr;
using testing::Not;

class ReportText : public testing::Test {
  protected:
    ReportText() {
        catalogue_.cause("recipient.unknown", "[[match]]\nid = \"en\"\ntext = [\"user unknown\", \"用户不存在\"]\n",
                         "reason = \"user_unknown\"\nenhanced = [\"5.1.1\"]\n");
        catalogue_.cause("delivery.grey", "[[match]]\nid = \"en\"\ntext = [\"greylisted\"]\n", "reason = \"greylisted\"\n");
        catalogue_.cause("recipient.full", "[[match]]\nid = \"en\"\ntext = [\"mailbox full\"]\n", "reason = \"mailbox_full\"\n");
        explainer_.emplace(catalogue_.get());
    }

    std::string report(std::string_view reply, const TextStyle& style = {}) {
        std::string out;
        append_report(out, explainer_->diagnose(reply), style);
        return out;
    }

    TestCatalogue catalogue_;
    std::optional<Explainer> explainer_;
};

TEST_F(ReportText, AnswersEveryQuestionInEnglish) {
    const std::string text = report("550 5.1.1 <ann@example.net> User unknown");
    for (const std::string_view part :
         {"> 550 5.1.1 <ann@example.net> User unknown\n", "A title\n", "recipient.unknown\n", "The code\n", "550: ", "5.1.1: ", "The words\n",
          "\"User unknown\"", "What happened\n", "A cause for ann@example.net.", "Whose side\n", "the sender's address list", "Retry\n",
          "What the sender can do\n", "Do this.", "How sure\n", "High (90 %)", "rule recipient.unknown/en."}) {
        EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_TRUE(text.ends_with('\n'));
}

TEST_F(ReportText, AnswersEveryQuestionInChinese) {
    const std::string text = report("550 5.1.1 <ann@example.net> User unknown", {.language = Language::zh});
    for (const std::string_view part : {"标题\n", "代码的含义\n", "文字的含义\n", "“User unknown”", "发生了什么\n", "ann@example.net 的原因。",
                                        "问题在谁\n", "重试有用吗\n", "发件人可以做什么\n", "请这样做。", "把握多大\n", "高（90 %）"}) {
        EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_THAT(text, Not(HasSubstr("What")));
}

TEST_F(ReportText, SaysWhereCodeAndCauseContradict) {
    EXPECT_THAT(report("550 Mailbox full"), HasSubstr("The code says \"permanent\", but the cause is temporary"));
    EXPECT_THAT(report("450 User unknown"), HasSubstr("The code says \"try again\", but the cause stays"));
    EXPECT_THAT(report("550 User unknown"), Not(HasSubstr("The code says")));
    EXPECT_THAT(report("550 4.1.1 User unknown", {.columns = 200}), HasSubstr("The two codes contradict"));
}

TEST_F(ReportText, SaysWhatIsNotThere) {
    EXPECT_THAT(report("nothing"), HasSubstr("The text has no reply code."));
    EXPECT_THAT(report("nothing"), HasSubstr("no rule knows this text"));
    EXPECT_THAT(report("599 5.1.999 User unknown"), HasSubstr("not a registered code"));
    EXPECT_THAT(report("550 5.1.999 User unknown", {.columns = 200}), HasSubstr("not registered; its subject is:"));
}

TEST_F(ReportText, GivesTheTimeToWaitInAUnitThatFits) {
    EXPECT_THAT(report("450 Greylisted for 90 seconds"), HasSubstr("Wait about 90 seconds."));
    EXPECT_THAT(report("450 Greylisted for 300 seconds"), HasSubstr("Wait about 5 minutes."));
    EXPECT_THAT(report("450 Greylisted for 301 seconds"), HasSubstr("Wait about 6 minutes.")) << "rounded up";
    EXPECT_THAT(report("450 Greylisted for 7200 seconds"), HasSubstr("Wait about 2 hours."));
    EXPECT_THAT(report("450 Greylisted for 3 days", {.language = Language::zh}), HasSubstr("建议等待约 3 天。"));
}

TEST_F(ReportText, PassesNoControlCharacterOfTheReply) {
    std::string hostile = "550 User unknown ";
    for (int c = 0; c < 256; ++c) hostile += static_cast<char>(c);
    hostile +=
        "\x1B]0;title\x07 \x1B[2J \xC2\x9B"
        "31m \xE2\x80\xAE <ann\x1B@example.net> https://example.com/\x1B[31m";
    for (const std::string& reply : {hostile, std::string("\x1B[31mUser unknown"),
                                     std::string("550 \xE2\x80\xAE"
                                                 "User unknown")}) {
        for (const Language language : {Language::en, Language::zh}) {
            const std::string text = report(reply, {.language = language});
            std::string lines = text;
            std::erase(lines, '\n');
            EXPECT_EQ(printable(lines), lines);
            EXPECT_TRUE(is_utf8(text));
        }
    }
}

TEST_F(ReportText, ColorsOnlyWhereItMay) {
    EXPECT_THAT(report("550 User unknown"), Not(HasSubstr("\x1B")));
    EXPECT_THAT(report("550 User unknown", {.color = true}), HasSubstr("\x1B[1mA title\x1B[0m"));
}

TEST_F(ReportText, KeepsEveryLineWithinItsColumns) {
    const std::string reply =
        "550-5.1.1 The address ann@example.net 不存在：用户不存在，请检查收件人地址后再发送。 User unknown, try another one\r\n550 5.1.1 or ask the "
        "postmaster (see the manual).";
    for (const std::size_t columns : {30U, 40U, 60U, 80U, 100U}) {
        for (const Language language : {Language::en, Language::zh}) {
            std::istringstream lines(report(reply, {.language = language, .columns = columns}));
            for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), columns) << line;
        }
    }
}

TEST_F(ReportText, SurvivesATerminalWithoutRoom) {
    for (std::size_t columns = 0; columns < 8; ++columns) EXPECT_THAT(report("550 User unknown", {.columns = columns}), HasSubstr("unknown"));
}

TEST_F(ReportText, ShowsTheHeadOfALongReplyWithoutHalfACharacter) {
    std::string reply = "550 User unknown ";
    while (reply.size() < 5000) reply += "中 ";
    for (const std::string_view shift : {"", "x", "xx", "xxx"}) {
        const std::string text = report(reply.substr(0, 17) + std::string(shift) + reply.substr(17));
        EXPECT_THAT(text, HasSubstr("…"));
        EXPECT_THAT(text, Not(HasSubstr("\xEF\xBF\xBD")));
        EXPECT_LT(text.size(), 4000U);
    }
}

}  // namespace
}  // namespace ph::explain

// explain/reply_text_test.cc: the reply is found in every wrapper that MTAs put around it, and taken apart (RFC 5321 4.2).
#include "explain/reply_text.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::explain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Row {
    const char* name;
    std::string text;
    const char* head;   // code, enhanced code and command; "-" where there is none
    const char* words;  // the lines, with "|" between
    bool nested = false;
};

std::string head_of(const ReplyText& reply) {
    return (reply.code ? to_text(*reply.code) : "-") + ' ' + (reply.enhanced ? to_text(*reply.enhanced) : "-") + ' ' +
           (reply.command == Command::unknown ? "-" : std::string(to_text(reply.command)));
}

std::string words_of(const ReplyText& reply) {
    std::string words;
    for (const Stretch& line : reply.words) words += (words.empty() ? "" : "|") + std::string(reply.whole.substr(line.begin, line.end - line.begin));
    return words;
}

class ReplyTextRows : public testing::TestWithParam<Row> {};

TEST_P(ReplyTextRows, IsTakenApart) {
    ReplyText reply;
    parse_reply(GetParam().text, reply);
    EXPECT_EQ(head_of(reply), GetParam().head);
    EXPECT_EQ(words_of(reply), GetParam().words);
    EXPECT_EQ(reply.nested, GetParam().nested);
}

const auto name_of_row = [](const auto& row) { return std::string(row.param.name); };

INSTANTIATE_TEST_SUITE_P(
    Bare, ReplyTextRows,
    testing::Values(Row{"CodeAndWords", "550 User unknown", "550 - -", "User unknown"},
                    Row{"EnhancedCode", "550 5.1.1 User unknown", "550 5.1.1 -", "User unknown"}, Row{"CodeAlone", "550", "550 - -", ""},
                    Row{"CodesAlone", "421 4.7.0", "421 4.7.0 -", ""}, Row{"Dash", "550-5.1.1 User unknown", "550 5.1.1 -", "User unknown"},
                    Row{"Colon", "550: User unknown", "550 - -", "User unknown"},
                    Row{"EnhancedWithColon", "550 5.1.1: User unknown", "550 5.1.1 -", "User unknown"},
                    Row{"BlanksBefore", "  550 5.1.1 no", "550 5.1.1 -", "no"}, Row{"HashCode", "550 #5.1.1 no", "550 5.1.1 -", "no"},
                    Row{"DoubledEnhancedCode", "550 5.1.1 5.1.1 no", "550 5.1.1 -", "5.1.1 no"},
                    Row{"DoubledCodes", "550 550 5.1.1 no", "550 5.1.1 -", "no"}, Row{"NoCode", "User unknown", "- - -", "User unknown"},
                    Row{"EnhancedCodeOnly", "5.1.1 User unknown", "- 5.1.1 -", "User unknown"}, Row{"Empty", "", "- - -", ""},
                    Row{"Chinese", "550 收件人不存在", "550 - -", "收件人不存在"}, Row{"NotACode", "192.0.2.1 refused", "- - -", "192.0.2.1 refused"},
                    Row{"NumberOfFour", "5501 no", "- - -", "5501 no"}, Row{"OneYz", "150 no", "- - -", "150 no"},
                    Row{"Percent", "550% full", "- - -", "550% full"}, Row{"AngleBracket", "<550 5.1.1 no>", "550 5.1.1 -", "no>"}),
    name_of_row);

INSTANTIATE_TEST_SUITE_P(
    Lines, ReplyTextRows,
    testing::Values(Row{"MultiLine", "550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1 exist", "550 5.1.1 -", "The account|does not|exist"},
                    Row{"MultiLineWithoutEnhanced", "550-no\n550 go", "550 - -", "no|go"},
                    Row{"Continuation", "550 5.1.1 no\n   such user", "550 5.1.1 -", "no|such user"},
                    Row{"EmptyLine", "550-no\r\n550-\r\n550 go", "550 - -", "no|go"},
                    Row{"JoinedByBlanks", "550-5.1.1 The account 550-5.1.1 does not 550 5.1.1 exist", "550 5.1.1 -", "The account|does not|exist"},
                    Row{"JoinedWithoutEnhanced", "550-The account 550-is gone", "550 - -", "The account|is gone"},
                    Row{"NumberInWords", "550 more than 550 messages", "550 - -", "more than 550 messages"}),
    name_of_row);

INSTANTIATE_TEST_SUITE_P(
    Wrapped, ReplyTextRows,
    testing::Values(
        Row{"Postfix", "host mx.example[192.0.2.1] said: 550 5.1.1 <a@example.com>: Recipient address rejected (in reply to RCPT TO command)",
            "550 5.1.1 RCPT", "<a@example.com>: Recipient address rejected"},
        Row{"PostfixBounce", "<a@example.com>: host mx.example[192.0.2.1] said: 550 5.1.1\n    User unknown (in reply to RCPT TO command)",
            "550 5.1.1 RCPT", "User unknown"},
        Row{"PostfixData", "host mx.example[192.0.2.1] said: 554 5.7.1 spam (in reply to end of DATA command)", "554 5.7.1 DATA", "spam"},
        Row{"PostfixRefusedToTalk", "host mx.example[192.0.2.1] refused to talk to me: 421 4.7.0 busy", "421 4.7.0 CONNECT", "busy"},
        Row{"PostfixMail", "host mx.example[192.0.2.1] said: 553 5.1.8 no (in reply to MAIL FROM command)", "553 5.1.8 MAIL", "no"},
        Row{"PostfixLog",
            "to=<a@example.com>, relay=mx.example[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (host mx.example[192.0.2.1] said: 550 User "
            "unknown (in reply to RCPT TO command))",
            "550 5.1.1 RCPT", "User unknown"},
        Row{"DsnDiagnostic", "smtp; 550 5.1.1 User unknown", "550 5.1.1 -", "User unknown"},
        Row{"DsnDiagnosticTight", "smtp;550 no", "550 - -", "no"},
        Row{"DsnField", "Diagnostic-Code: smtp; 550-5.1.1 The account\n 550 5.1.1 is gone", "550 5.1.1 -", "The account|is gone"},
        Row{"ExchangeQuoted", "#< #5.1.1 smtp; 550 5.1.1 User unknown>", "550 5.1.1 -", "User unknown>"},
        Row{"ExchangeOnlyInside", "#< #5.7.1 smtp; 550 no>", "550 5.7.1 -", "no>"},
        Row{"ExchangeRemote", "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'", "550 5.1.10 -",
            "RESOLVER.ADR.RecipientNotFound; not found'"},
        Row{"Exim", "SMTP error from remote mail server after RCPT TO:<a@example.com>: 550 User unknown", "550 - RCPT", "User unknown"},
        Row{"EximHost", "SMTP error from remote mail server after MAIL FROM:<a@example.com> SIZE=1: host mx.example [192.0.2.1]: 451 4.7.1 later",
            "451 4.7.1 MAIL", "later"},
        Row{"EximPipelined", "SMTP error from remote mail server after pipelined end of data: 552 big", "552 - DATA", "big"},
        Row{"EximInitial", "SMTP error from remote mail server after initial connection: 554 no", "554 - CONNECT", "no"},
        Row{"Sendmail", "... while talking to mx.example.com.:\n>>> RCPT To:<a@example.com>\n<<< 550 5.1.1 <a@example.com>... User unknown",
            "550 5.1.1 RCPT", "<a@example.com>... User unknown"},
        Row{"SendmailData", ">>> DATA\n<<< 554 5.7.1 no", "554 5.7.1 DATA", "no"},
        Row{"SendmailLines", "<<< 550-5.1.1 no\n<<< 550 5.1.1 user", "550 5.1.1 -", "no|user"},
        Row{"SendmailDeferred", "stat=Deferred: 451 4.7.1 later", "451 4.7.1 -", "later"},
        Row{"Qmail", "192.0.2.1 does not like recipient.\nRemote host said: 550 no user", "550 - -", "no user"},
        Row{"Quoted", "The remote server responded with error: \"550 5.1.1 no\"", "550 5.1.1 -", "no\""},
        Row{"Prose", "the mailer says nothing new", "- - -", "the mailer says nothing new"}),
    name_of_row);

INSTANTIATE_TEST_SUITE_P(Nested, ReplyTextRows,
                         testing::Values(Row{"TheInnerReplyKnows", "550 5.0.0 relay: host mx.example[192.0.2.1] said: 452 4.2.2 Mailbox full",
                                             "452 4.2.2 -", "Mailbox full", true},
                                         Row{"SmtpInside", "554 5.0.0 failed: smtp; 550 5.1.1 User unknown", "550 5.1.1 -", "User unknown", true},
                                         Row{"PositiveIsNoRefusal", "550 no: the server said: 250 ok", "550 - -", "no: the server said: 250 ok"},
                                         Row{"SameCodeTwice", "550 error: 550 no", "550 - -", "error: 550 no"}),
                         name_of_row);

TEST(ReplyText, KnowsTheCommandsByTheirNames) {
    for (const std::string_view name : {"CONNECT", "HELO", "AUTH", "STARTTLS", "MAIL", "RCPT", "DATA", "BDAT", "QUIT"}) {
        EXPECT_EQ(to_text(parse_command(name)), name);
    }
    EXPECT_EQ(parse_command(" rcpt to:<a@b> "), Command::rcpt);
    EXPECT_EQ(parse_command("EHLO"), Command::helo);
    EXPECT_EQ(parse_command("LHLO"), Command::helo);
    EXPECT_EQ(parse_command("end of DATA"), Command::data);
    EXPECT_EQ(parse_command("mailbox"), Command::unknown);
    EXPECT_EQ(parse_command(""), Command::unknown);
    EXPECT_EQ(to_text(Command::unknown), "");
}

TEST(ReplyText, ForgetsTheReplyBefore) {
    ReplyText reply;
    parse_reply("host x said: 550 5.1.1 relay said: 452 4.2.2 full (in reply to RCPT TO command)", reply);
    parse_reply("hello", reply);
    EXPECT_EQ(head_of(reply), "- - -");
    EXPECT_EQ(words_of(reply), "hello");
    EXPECT_FALSE(reply.nested);
    EXPECT_THAT(reply.around, IsEmpty());
}

TEST(ReplyText, KeepsWhatStandsAround) {
    ReplyText reply;
    const std::string text = "host mx.example said: 550 no (in reply to RCPT TO command)";
    parse_reply(text, reply);
    ASSERT_EQ(reply.around.size(), 2U);
    EXPECT_EQ(text.substr(0, reply.around[0].end), "host mx.example said: ");
    EXPECT_EQ(text.substr(reply.around[1].begin), "(in reply to RCPT TO command)");
}

TEST(ReplyTextSplit, CutsWhereAnotherCodeBegins) {
    EXPECT_THAT(split_replies("550 no\n451 later\n250 ok\n"), ElementsAre("550 no", "451 later", "250 ok"));
    EXPECT_THAT(split_replies("550 no\r\n550 no\r\n"), ElementsAre("550 no", "550 no"));
}

TEST(ReplyTextSplit, KeepsTheLinesOfAReplyTogether) {
    EXPECT_THAT(split_replies("550-no\n550 go\n451 later"), ElementsAre("550-no\n550 go", "451 later"));
    EXPECT_THAT(split_replies("550 no\n  go on\n451 later"), ElementsAre("550 no\n  go on", "451 later"));
}

TEST(ReplyTextSplit, CutsAtBlankLinesWhereNoLineBeginsWithACode) {
    EXPECT_THAT(split_replies("host a said: 550 no\n(in reply)\n\n\nhost b said: 451 later\n"),
                ElementsAre("host a said: 550 no\n(in reply)", "host b said: 451 later"));
    EXPECT_THAT(split_replies("smtp; 550 no\n\t\nUser unknown"), ElementsAre("smtp; 550 no", "User unknown"));
}

TEST(ReplyTextSplit, GivesOneReplyForOneAndNoneForNone) {
    EXPECT_THAT(split_replies("User unknown"), ElementsAre("User unknown"));
    EXPECT_THAT(split_replies(""), IsEmpty());
    EXPECT_THAT(split_replies(" \r\n\n "), IsEmpty());
}

}  // namespace
}  // namespace ph::explain

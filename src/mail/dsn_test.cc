// mail/dsn_test.cc: each notice is read back with our own parsers: its header, its text, its fields, what it returns (RFC 3464, RFC 6533).
#include "mail/dsn.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/display.h"
#include "mail/content_scanner.h"
#include "mail/content_type.h"
#include "mail/encoded_word.h"
#include "mail/header_section.h"
#include "mail/octets.h"
#include "mail/transfer_encoding.h"

namespace ph::mail {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr TimePoint evening{std::chrono::milliseconds(1'795'547'191'000)};
constexpr std::string_view original =
    "From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nMessage-ID: <1@example.org>\r\nSubject: Hello\r\n\r\nHello Bob\r\n";

Dsn sample() {
    Dsn dsn;
    dsn.reporting_mta = "mx.example.org";
    dsn.reverse_path = {"alice", "example.org"};
    dsn.envelope_id = "QQ314159";
    dsn.arrival = evening;
    dsn.now = evening + std::chrono::hours(1);
    dsn.unique = "0A1B2C.dsn";
    dsn.boundary = "b0undary";
    dsn.texts = {"The mail was not delivered.\n\nAsk Bob.", "邮件未送达。\n\n请联系 Bob。"};
    DsnRecipient recipient;
    recipient.original_recipient = "rfc822;bob@example.com";
    recipient.final_recipient = {"bob", "example.net"};
    recipient.status = {5, 1, 1};
    recipient.remote_mta = "mx.example.net";
    recipient.diagnostic_type = "smtp";
    recipient.diagnostic = "550 5.1.1 <bob@example.net>: User unknown";
    recipient.last_attempt = evening + std::chrono::minutes(1);
    dsn.recipients = {recipient};
    dsn.original = original;
    return dsn;
}

struct Part {
    std::string type;
    std::string encoding;
    std::string body;
};

// A notice read back.
struct Read {
    DsnMessage message;
    std::vector<Part> parts;
    std::string header(std::string_view name) const { return HeaderSection::parse(message.content)->value(name); }
    // Field `name` of the group of fields `group` in the status part: 0 for the message, then the recipients.
    std::string status(std::size_t group, std::string_view name) const {
        std::string_view rest = parts.at(1).body;
        for (; group != 0; --group) rest.remove_prefix(HeaderSection::parse(rest)->size());
        return HeaderSection::parse(rest)->value(name);
    }
};

Part read_part(std::string_view text) {
    const auto header = HeaderSection::parse(text);
    EXPECT_TRUE(header && header->ended());
    EXPECT_EQ(header->bad_lines(), 0U);
    Part part{header->value("Content-Type"), header->value("Content-Transfer-Encoding"), std::string(text.substr(header->size()))};
    if (part.encoding == "quoted-printable") part.body = *decode_quoted_printable(part.body);
    if (part.encoding == "base64") part.body = *decode_base64(part.body);
    return part;
}

// Checks what is true of every notice, and takes it apart.
Read read_back(const Dsn& dsn) {
    Read read;
    auto built = build_dsn(dsn);
    EXPECT_TRUE(built);
    if (!built) return read;
    read.message = *std::move(built);
    const std::string& content = read.message.content;
    EXPECT_LE(content.size(), max_dsn_size);
    EXPECT_EQ(read.message.eight_bit, has_high_octet(content));
    ContentScanner scanner;
    scanner.feed(content);
    const ContentFacts& facts = scanner.finish();
    EXPECT_TRUE(facts.has_from && facts.has_date && facts.has_message_id && !facts.bad_header);
    // The whole message is returned as it is; the SMTP client wraps.
    if (dsn.ret != Ret::full) {
        EXPECT_LE(facts.longest_line, 998U);
    }
    EXPECT_EQ(std::count(content.begin(), content.end(), '\n'), std::count(content.begin(), content.end(), '\r'));
    EXPECT_EQ(content.find('\0'), std::string::npos);

    const auto header = HeaderSection::parse(content);
    const std::string delimiter = "\r\n--" + std::string(ContentType::parse(header->value("Content-Type")).boundary());
    std::string_view rest = std::string_view(content).substr(header->size());
    rest.remove_prefix(rest.find(delimiter) + delimiter.size());
    while (rest.starts_with("\r\n")) {
        rest.remove_prefix(2);
        const std::size_t end = rest.find(delimiter);
        EXPECT_NE(end, std::string_view::npos);
        read.parts.push_back(read_part(rest.substr(0, end)));
        rest.remove_prefix(end + delimiter.size());
    }
    EXPECT_EQ(rest, "--\r\n");
    return read;
}

TEST(Dsn, IsAMultipartReportWithTheHeaderOfAnAutomaticAnswer) {
    const Read read = read_back(sample());
    EXPECT_EQ(read.header("From"), "Mail Delivery System <MAILER-DAEMON@mx.example.org>");
    EXPECT_EQ(read.header("To"), "<alice@example.org>");
    EXPECT_EQ(decode_words(read.header("Subject")), "Mail not delivered / 邮件未送达");
    EXPECT_EQ(read.header("Date"), rfc5322_date(sample().now));
    EXPECT_EQ(read.header("Message-ID"), "<0A1B2C.dsn@mx.example.org>");
    EXPECT_EQ(read.header("Auto-Submitted"), "auto-replied");
    EXPECT_EQ(read.header("MIME-Version"), "1.0");
    EXPECT_EQ(read.header("In-Reply-To"), "<1@example.org>");
    EXPECT_EQ(read.header("References"), "<1@example.org>");
    const ContentType type = ContentType::parse(read.header("Content-Type"));
    EXPECT_TRUE(type.is("multipart", "report"));
    EXPECT_EQ(type.parameter("report-type"), "delivery-status");
    EXPECT_FALSE(read.message.eight_bit);
    EXPECT_FALSE(read.message.smtputf8);
    ASSERT_EQ(read.parts.size(), 3U);
    EXPECT_EQ(read.parts[0].type, "text/plain; charset=utf-8");
    EXPECT_EQ(read.parts[1].type, "message/delivery-status");
    EXPECT_EQ(read.parts[2].type, "text/rfc822-headers");
}

TEST(Dsn, TellsPeopleInBothLanguages) {
    EXPECT_EQ(read_back(sample()).parts.at(0).body, "The mail was not delivered.\r\n\r\nAsk Bob.\r\n\r\n邮件未送达。\r\n\r\n请联系 Bob。\r\n");
}

TEST(Dsn, TellsProgramsWhatHappened) {
    const Read read = read_back(sample());
    EXPECT_EQ(read.status(0, "Original-Envelope-Id"), "QQ314159");
    EXPECT_EQ(read.status(0, "Reporting-MTA"), "dns; mx.example.org");
    EXPECT_EQ(read.status(0, "Arrival-Date"), rfc5322_date(evening));
    EXPECT_EQ(read.status(1, "Original-Recipient"), "rfc822; bob@example.com");
    EXPECT_EQ(read.status(1, "Final-Recipient"), "rfc822; bob@example.net");
    EXPECT_EQ(read.status(1, "Action"), "failed");
    EXPECT_EQ(read.status(1, "Status"), "5.1.1");
    EXPECT_EQ(read.status(1, "Remote-MTA"), "dns; mx.example.net");
    EXPECT_EQ(read.status(1, "Diagnostic-Code"), "smtp; 550 5.1.1 <bob@example.net>: User unknown");
    EXPECT_EQ(read.status(1, "Last-Attempt-Date"), rfc5322_date(evening + std::chrono::minutes(1)));
    EXPECT_EQ(read.status(1, "Will-Retry-Until"), "");
}

TEST(Dsn, LeavesOutWhatIsNotKnown) {
    Dsn dsn = sample();
    dsn.envelope_id.clear();
    dsn.recipients = {DsnRecipient{}};
    dsn.recipients[0].final_recipient = {"bob", "example.net"};
    const std::string fields = read_back(dsn).parts.at(1).body;
    for (const char* name :
         {"Original-Envelope-Id", "Original-Recipient", "Remote-MTA", "Diagnostic-Code", "Last-Attempt-Date", "Will-Retry-Until"}) {
        EXPECT_THAT(fields, Not(HasSubstr(name)));
    }
}

TEST(Dsn, DelayTellsUntilWhenWeTry) {
    Dsn dsn = sample();
    dsn.recipients[0].action = DsnAction::delayed;
    dsn.recipients[0].status = {4, 4, 1};
    dsn.recipients[0].will_retry_until = evening + std::chrono::hours(120);
    const Read read = read_back(dsn);
    EXPECT_EQ(read.status(1, "Action"), "delayed");
    EXPECT_EQ(read.status(1, "Will-Retry-Until"), rfc5322_date(evening + std::chrono::hours(120)));
    EXPECT_EQ(decode_words(read.header("Subject")), "Mail delayed, still trying / 邮件延迟，仍在重试");
}

TEST(Dsn, TheWorstOutcomeGivesTheSubject) {
    Dsn dsn = sample();
    dsn.recipients.push_back(dsn.recipients[0]);
    dsn.recipients[0].action = DsnAction::delivered;
    const Read read = read_back(dsn);
    EXPECT_THAT(read.header("Subject"), testing::StartsWith("Mail not delivered"));
    EXPECT_EQ(read.status(1, "Action"), "delivered");
    EXPECT_EQ(read.status(2, "Action"), "failed");
}

TEST(Dsn, ReturnsTheHeaderOrTheWholeAsAsked) {
    Dsn dsn = sample();
    for (const Ret ret : {Ret::unset, Ret::headers}) {
        dsn.ret = ret;
        const Part part = read_back(dsn).parts.at(2);
        EXPECT_EQ(part.type, "text/rfc822-headers");
        EXPECT_EQ(part.body, original.substr(0, original.find("\r\n\r\n") + 2));
    }
    dsn.ret = Ret::full;
    EXPECT_EQ(read_back(dsn).parts.at(2).type, "message/rfc822");
    EXPECT_EQ(read_back(dsn).parts.at(2).body, original);
    dsn.original_whole = false;
    EXPECT_EQ(read_back(dsn).parts.at(2).type, "text/rfc822-headers");
    dsn.original = {};
    EXPECT_EQ(read_back(dsn).parts.size(), 2U);
}

TEST(Dsn, ReturnsOnlyTheHeaderOfALargeMessage) {
    const std::string large = std::string(original) + std::string(max_dsn_size, 'x') + "\r\n";
    Dsn dsn = sample();
    dsn.ret = Ret::full;
    dsn.original = large;
    EXPECT_EQ(read_back(dsn).parts.at(2).type, "text/rfc822-headers");
}

TEST(Dsn, EncodesAnEightBitOriginalRatherThanBeingEightBit) {
    const std::string eight_bit = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ngr\xc3\xbc\xc3\x9f Gott, Leute\r\n";
    Dsn dsn = sample();
    dsn.ret = Ret::full;
    dsn.original = eight_bit;
    const Read read = read_back(dsn);
    EXPECT_FALSE(read.message.eight_bit);
    EXPECT_THAT(read.parts.at(2).body, HasSubstr("quoted-printable\r\nMIME-Version: 1.0\r\n\r\ngr=C3=BC=C3=9F Gott, Leute\r\n"));
}

TEST(Dsn, MakesRawEightBitHeadersRecognisable) {
    Dsn dsn = sample();
    dsn.ret = Ret::full;
    dsn.original = "From: \xff\xfe <a@b>\r\nSubject: 中文\r\nX: y\r\n\r\nbody\r\n";
    const Read read = read_back(dsn);
    EXPECT_FALSE(read.message.eight_bit);
    EXPECT_EQ(read.parts.at(2).type, "text/rfc822-headers");
    EXPECT_EQ(read.parts.at(2).body, "From: ?? <a@b>\r\nSubject: =?utf-8?B?5Lit5paH?=\r\nX: y\r\n");
}

TEST(Dsn, WritesUtf8AddressesInAsciiForASenderOfAsciiMail) {
    Dsn dsn = sample();
    dsn.recipients[0].final_recipient = {"用户", "例子.中国"};
    dsn.recipients[0].original_recipient = "utf-8;用户@例子.中国";
    const Read read = read_back(dsn);
    EXPECT_FALSE(read.message.eight_bit || read.message.smtputf8);
    EXPECT_EQ(read.parts.at(1).type, "message/delivery-status");
    EXPECT_EQ(read.status(1, "Final-Recipient"), "utf-8; \\x{7528}\\x{6237}@\\x{4F8B}\\x{5B50}.\\x{4E2D}\\x{56FD}");
    EXPECT_EQ(read.status(1, "Original-Recipient"), read.status(1, "Final-Recipient"));
}

TEST(Dsn, IsInternationalForASenderOfUtf8Mail) {
    Dsn dsn = sample();
    dsn.smtputf8 = true;
    dsn.ret = Ret::full;
    dsn.recipients[0].final_recipient = {"用户", "例子.中国"};
    dsn.recipients[0].diagnostic = "550 5.1.1 没有此用户";
    dsn.original = "From: 张三 <a@b>\r\nSubject: 中文\r\n\r\n正文\r\n";
    Read read = read_back(dsn);
    EXPECT_TRUE(read.message.eight_bit && read.message.smtputf8);
    EXPECT_EQ(read.parts.at(1).type, "message/global-delivery-status");
    EXPECT_EQ(read.status(1, "Final-Recipient"), "utf-8; 用户@例子.中国");
    EXPECT_EQ(read.status(1, "Diagnostic-Code"), "smtp; 550 5.1.1 没有此用户");
    EXPECT_EQ(read.parts.at(2).type, "message/global");
    EXPECT_EQ(read.parts.at(2).body, dsn.original);
    dsn.ret = Ret::headers;
    read = read_back(dsn);
    EXPECT_EQ(read.parts.at(2).type, "message/global-headers");
    EXPECT_EQ(read.parts.at(2).body, "From: 张三 <a@b>\r\nSubject: 中文\r\n");
}

TEST(Dsn, GoesWithUtf8ToAUtf8Address) {
    Dsn dsn = sample();
    dsn.reverse_path = {"用户", "例子.中国"};
    const Read read = read_back(dsn);
    EXPECT_TRUE(read.message.smtputf8);
    EXPECT_EQ(read.header("To"), "<用户@例子.中国>");
    EXPECT_EQ(read.status(1, "Final-Recipient"), "rfc822; bob@example.net");
}

TEST(Dsn, NoValueCanAddAFieldOrEndAPart) {
    for (const std::string& evil : {"x\r\nAction: delivered\r\n\r\nStatus: 2.0.0"s, "x\n\nFinal-Recipient: rfc822; y"s, "\r\n--b0undary--\r\n"s,
                                    "a\0b"s, "\xff\xe4"s, "\xe2\x80\xa8"s, std::string(5000, 'x'), std::string(5000, ' ') + "y", "x;\r\n y"s}) {
        Dsn dsn = sample();
        dsn.reporting_mta = evil;
        dsn.reverse_path = {evil, evil};
        dsn.envelope_id = evil;
        dsn.unique = evil;
        dsn.texts = {evil};
        DsnRecipient& recipient = dsn.recipients[0];
        recipient.original_recipient = evil;
        recipient.final_recipient = {evil, evil};
        recipient.remote_mta = evil;
        recipient.diagnostic_type = evil;
        recipient.diagnostic = evil;
        const std::string evil_message = "Message-ID: <" + evil + ">\r\nSubject: " + evil + "\r\n\r\n" + evil;
        dsn.original = evil_message;
        for (const Ret ret : {Ret::headers, Ret::full}) {
            dsn.ret = ret;
            const Read read = read_back(dsn);
            ASSERT_GE(read.parts.size(), 2U);
            ASSERT_LE(read.parts.size(), 3U);
            const auto header = HeaderSection::parse(read.message.content);
            EXPECT_LE(header->fields().size(), 11U);
            EXPECT_EQ(header->count("Action"), 0U);
            const auto fields = HeaderSection::parse(read.parts[1].body);
            EXPECT_EQ(fields->fields().size(), 3U);
            const auto of_recipient = HeaderSection::parse(std::string_view(read.parts[1].body).substr(fields->size()));
            EXPECT_EQ(of_recipient->count("Action"), 1U);
            EXPECT_EQ(of_recipient->value("Action"), "failed");
            EXPECT_EQ(of_recipient->size(), read.parts[1].body.size() - fields->size());
            EXPECT_EQ(of_recipient->fields().size(), 7U);
        }
    }
}

TEST(Dsn, FoldsALongDiagnosticAndJoinsItsLines) {
    Dsn dsn = sample();
    dsn.recipients[0].diagnostic = "550-5.7.1 first line\n550 5.7.1 second line";
    for (int i = 0; i < 40; ++i) dsn.recipients[0].diagnostic += " word" + std::to_string(i);
    const Read read = read_back(dsn);
    EXPECT_EQ(read.status(1, "Diagnostic-Code").substr(0, 47), "smtp; 550-5.7.1 first line 550 5.7.1 second lin");
    for (std::size_t at = 0; at < read.parts[1].body.size();) {
        const std::size_t end = read.parts[1].body.find("\r\n", at);
        EXPECT_LE(end - at, 76U);
        at = end + 2;
    }
}

TEST(Dsn, WrapsTheTextAtSeventySixColumns) {
    Dsn dsn = sample();
    std::string english;
    std::string chinese;
    for (int i = 0; i < 60; ++i) {
        english += "word ";
        chinese += "邮件未送达，";
    }
    dsn.texts = {english, chinese};
    const std::string body = read_back(dsn).parts.at(0).body;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = body.find("\r\n", at);
        EXPECT_LE(display_width(body.substr(at, end - at)), 76U);
        at = end + 2;
    }
}

TEST(Dsn, StaysWithinItsSizeWhateverComes) {
    Dsn dsn = sample();
    dsn.texts = {std::string(1'000'000, '\xff'), std::string(1'000'000, 'x') + "\n"};
    const std::string plus(5000, '+');
    dsn.recipients[0].original_recipient = "utf-8;\xe4" + plus;
    dsn.recipients[0].final_recipient = {std::string(62, '+') + "\xc3\xa4", "x"};
    dsn.recipients[0].diagnostic = std::string(100'000, 'y');
    dsn.recipients.resize(max_dsn_recipients, dsn.recipients[0]);
    std::string headers;
    for (int i = 0; i < 4000; ++i) headers += "X-Field: " + std::string(60, 'z') + "\r\n";
    dsn.original = headers;
    for (const Ret ret : {Ret::headers, Ret::full}) {
        dsn.ret = ret;
        EXPECT_EQ(read_back(dsn).parts.size(), 3U);
    }
}

TEST(Dsn, RefusesWhatItCannotBuild) {
    Dsn dsn = sample();
    dsn.boundary = "a b";
    EXPECT_EQ(build_dsn(dsn).error().kind, FaultKind::bad_value);
    dsn = sample();
    dsn.recipients.clear();
    EXPECT_EQ(build_dsn(dsn).error().kind, FaultKind::missing);
    dsn.recipients.resize(max_dsn_recipients + 1);
    EXPECT_EQ(build_dsn(dsn).error().kind, FaultKind::too_large);
}

TEST(Dsn, WritesXtextOfUtf8) {
    EXPECT_EQ(utf8_address_xtext("a+b=c\\d e@ä😀"), "a\\x{2B}b\\x{3D}c\\x{5C}d\\x{20}e@\\x{E4}\\x{1F600}");
}

}  // namespace
}  // namespace ph::mail

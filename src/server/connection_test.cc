// server/connection_test.cc: one client's way through session, policy and spool: what it hears, and what is in the spool when it hears it.
#include "server/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "server/test_rig.h"

namespace ph::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Connection, TheMessageIsInTheSpoolBeforeTheClientHears250) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    EXPECT_EQ(rig.count(), 0U);
    EXPECT_THAT(peer.say("DATA"), StartsWith("354"));
    EXPECT_THAT(peer.say("From: a@there.example\r\nSubject: x\r\n\r\n..dot\r\n."), StartsWith("250 2.0.0 "));
    EXPECT_EQ(rig.count(), 1U);
    EXPECT_THAT(rig.kept(), HasSubstr("Subject: x\r\n\r\n.dot\r\n"));
}

TEST(Connection, ThereIsNo250WhileTheDiskHasNotAnswered) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    peer.say("DATA");
    rig.disk.hangs = true;
    peer.send("From: a@there.example\r\n\r\nHello\r\n.");
    std::optional<std::string> answer;
    rig.world.spawn([](Peer& from, std::optional<std::string>& to) -> io::Task<void> {
        const auto bytes = co_await from.stream().read(std::chrono::hours(1));
        to = bytes ? std::string(*bytes) : std::string();
    }(peer, answer));
    rig.world.advance(Seconds(600));
    EXPECT_FALSE(answer.has_value());
    rig.disk.answer_all();  // the content is written
    rig.world.run_until_idle();
    EXPECT_FALSE(answer.has_value());
    rig.disk.answer_all();  // the message is durable
    rig.world.run_until_idle();
    EXPECT_THAT(answer.value_or(""), StartsWith("250 2.0.0 "));
}

TEST(Connection, AFullDiskIsToldAtMail) {
    Rig rig;
    Peer peer = rig.client();
    rig.disk.space.full = true;
    peer.say("EHLO there.example");
    EXPECT_THAT(peer.say("MAIL FROM:<a@there.example>"), StartsWith("452 4.3.1 "));
    rig.disk.space.full = false;
    EXPECT_THAT(peer.say("MAIL FROM:<a@there.example>"), StartsWith("250 2.1.0 "));
}

TEST(Connection, ADiskThatFailsIsToldAtMail) {
    Rig rig;
    Peer peer = rig.client();
    rig.disk.space.failing = true;
    peer.say("EHLO there.example");
    EXPECT_THAT(peer.say("MAIL FROM:<a@there.example>"), StartsWith("451 4.3.0 "));
}

TEST(Connection, ADiskThatIsFullAtTheEndOfTheDataTakesNothing) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    rig.disk.commit_fault = store::StoreFault{store::Trouble::full, "no room"};
    EXPECT_THAT(peer.message(), StartsWith("452 4.3.1 "));
    EXPECT_EQ(rig.count(), 0U);
    rig.disk.commit_fault.reset();
    peer.say("MAIL FROM:<a@there.example>");
    peer.say("RCPT TO:<someone@here.example>");
    EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
}

TEST(Connection, ADiskThatFailsAtTheEndOfTheDataTakesNothing) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    rig.disk.commit_fault = store::StoreFault{store::Trouble::failing, "write: Input/output error"};
    EXPECT_THAT(peer.message(), StartsWith("451 4.3.0 "));
    EXPECT_EQ(rig.count(), 0U);
}

TEST(Connection, ADiskThatFailsWhileTheContentComesIsToldAtItsEnd) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    rig.disk.append_fault = store::StoreFault{store::Trouble::full, "no room"};
    EXPECT_THAT(peer.message(), StartsWith("452 4.3.1 "));
    rig.disk.append_fault.reset();
    peer.say("MAIL FROM:<a@there.example>");
    peer.say("RCPT TO:<someone@here.example>");
    EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
    EXPECT_EQ(rig.count(), 1U);
}

TEST(Connection, StrangersGetReceivedAndNothingElseAdded) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    peer.message();
    const std::string kept = rig.kept();
    EXPECT_THAT(kept, StartsWith("Received: from there.example ([203.0.113.5])"));
    EXPECT_THAT(kept, HasSubstr("by mx.here.example"));
    EXPECT_THAT(kept, HasSubstr("for <someone@here.example>"));
    EXPECT_THAT(kept, Not(HasSubstr("\nDate:")));
    EXPECT_THAT(kept, Not(HasSubstr("\nMessage-ID:")));
}

TEST(Connection, SubmissionAndTrustedClientsGetDateAndMessageId) {
    for (const auto& [from, to] : {std::pair{"203.0.113.5:4000", "192.0.2.25:587"}, std::pair{"127.0.0.1:4000", "192.0.2.25:25"}}) {
        Rig rig;
        Peer peer = rig.client(from, to);
        peer.begin("someone@here.example");
        peer.message();
        const std::string kept = rig.kept();
        EXPECT_THAT(kept, HasSubstr("\nDate: Tue, 24 Nov 2026 ")) << to;
        EXPECT_THAT(kept, HasSubstr("\nMessage-ID: <")) << to;
        EXPECT_THAT(kept, HasSubstr("@mx.here.example>\r\nFrom: ")) << to;
    }
}

TEST(Connection, WhatTheClientWroteOfDateAndMessageIdStays) {
    Rig rig;
    Peer peer = rig.client("127.0.0.1:4000");
    peer.begin("someone@here.example");
    peer.message("From: a@there.example\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <mine@there.example>\r\n");
    const std::string kept = rig.kept();
    EXPECT_THAT(kept, HasSubstr("\nMessage-ID: <mine@there.example>"));
    EXPECT_THAT(kept, Not(HasSubstr("@mx.here.example>")));
    EXPECT_THAT(kept, Not(HasSubstr("\nDate: Tue")));
}

TEST(Connection, SeveralRecipientsAreNotNamedToEachOther) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("one@here.example");
    peer.say("RCPT TO:<two@here.example>");
    peer.message();
    EXPECT_THAT(rig.kept(), Not(HasSubstr("for <")));
}

TEST(Connection, LmtpAnswersForEachRecipientThatWasAccepted) {
    Rig rig;
    Peer peer = rig.client({}, "unix:/run/lmtp-in");
    peer.say("LHLO here.example");
    peer.say("MAIL FROM:<a@there.example>");
    peer.say("RCPT TO:<one@here.example>");
    EXPECT_THAT(peer.say("RCPT TO:<broken>"), StartsWith("504"));
    peer.say("RCPT TO:<two@here.example>");
    EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
    EXPECT_THAT(peer.receive(), StartsWith("250 2.0.0 "));
    EXPECT_THAT(peer.say("NOOP"), StartsWith("250 2.0.0 "));
    rig.disk.commit_fault = store::StoreFault{store::Trouble::failing, "broken"};
    peer.say("MAIL FROM:<a@there.example>");
    peer.say("RCPT TO:<one@here.example>");
    peer.say("RCPT TO:<two@here.example>");
    EXPECT_THAT(peer.message(), StartsWith("451 4.3.0 "));
    EXPECT_THAT(peer.receive(), StartsWith("451 4.3.0 "));
    EXPECT_THAT(peer.say("QUIT"), StartsWith("221"));
}

// Whatever came before, the recipients of the spool are those of the last transaction, each with its own route.
TEST(Connection, RecipientsOfEarlierTransactionsLeaveNothingBehind) {
    const std::vector<std::vector<std::string>> before = {
        {"RSET", "MAIL FROM:<a@there.example>"},
        {"EHLO again.example", "MAIL FROM:<a@there.example>"},
        {"RCPT TO:<nobody@elsewhere.example>", "RCPT TO:<broken>", "RSET", "MAIL FROM:<>"},
        {"DATA", "Subject: no sender\r\n\r\n.", "MAIL FROM:<a@there.example>"},
        {"DATA", ".", "MAIL FROM:<a@there.example>"},
        {"BDAT 5\r\nabc", "RSET", "MAIL FROM:<a@there.example>"},
    };
    for (const auto& lines : before) {
        Rig rig;
        rig.config.smtp.max_recipients = 2;
        Peer peer = rig.client();
        peer.begin("early@here.example");
        peer.say("RCPT TO:<earlier@here.example>");
        EXPECT_THAT(peer.say("RCPT TO:<third@here.example>"), StartsWith("452 4.5.3"));
        for (const std::string& line : lines) peer.say(line);
        EXPECT_THAT(peer.say("RCPT TO:<late@here.example>"), StartsWith("250")) << lines.front();
        EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 ")) << lines.front();
        const std::string list = rig.ask("list");
        EXPECT_THAT(list, HasSubstr("[\"late@here.example\"]")) << lines.front();
        EXPECT_THAT(list, Not(HasSubstr("earl"))) << lines.front();
    }
}

TEST(Connection, TheNullSenderHasOneRecipientInTheSpoolToo) {
    Rig rig;
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    peer.say("MAIL FROM:<>");
    EXPECT_THAT(peer.say("RCPT TO:<one@here.example>"), StartsWith("250"));
    EXPECT_THAT(peer.say("RCPT TO:<two@here.example>"), StartsWith("550 5.5.3"));
    EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
    EXPECT_THAT(rig.ask("list"), HasSubstr("\"recipients\":[\"one@here.example\"]"));
}

// A list that is not filled yet has nobody to keep the message for.
TEST(Connection, AnAliasWithNobodyBehindItIsPutOff) {
    const TestFolder folder;
    const std::string members = folder.write("members", "");
    Rig rig;
    rig.config.directory.local_aliases = folder.write("aliases", "list: :include:" + members + "\n");
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    peer.say("MAIL FROM:<a@there.example>");
    EXPECT_THAT(peer.say("RCPT TO:<list@here.example>"), StartsWith("450 4.2.4 <list@here.example>"));
    EXPECT_THAT(peer.say("RCPT TO:<someone@here.example>"), StartsWith("250"));
    EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
}

TEST(Connection, ListsCannotMakeOneMessageGrowWithoutBound) {
    const TestFolder folder;
    std::string aliases;
    for (int list = 0; list < 6; ++list) {
        const std::string name = "list" + std::to_string(list);
        std::string members;
        for (int i = 0; i < 9000; ++i) members += name + "@d" + std::to_string(i) + ".example\n";
        aliases += name + ": :include:" + folder.write(name, members) + '\n';
    }
    Rig rig;
    rig.config.directory.local_aliases = folder.write("aliases", aliases);
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    peer.say("MAIL FROM:<a@there.example>");
    for (int list = 0; list < 5; ++list) EXPECT_THAT(peer.say("RCPT TO:<list" + std::to_string(list) + "@here.example>"), StartsWith("250"));
    EXPECT_THAT(peer.say("RCPT TO:<list5@here.example>"), StartsWith("452 4.5.3"));
}

TEST(Connection, FloodsOfCommandsAreHeldBack) {
    Rig rig;
    rig.config.server.commands_per_second = 5;
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    const Milliseconds before = rig.world.ticks();
    for (int i = 0; i < 50; ++i) EXPECT_THAT(peer.say("NOOP"), StartsWith("250"));
    EXPECT_GE(rig.world.ticks() - before, Seconds(8));
    EXPECT_LE(rig.world.ticks() - before, Seconds(11));
}

TEST(Connection, WhoBringsMailIsNotHeldBack) {
    Rig rig;
    rig.config.server.commands_per_second = 5;
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    const Milliseconds before = rig.world.ticks();
    for (int i = 0; i < 20; ++i) {
        peer.say("MAIL FROM:<a@there.example>");
        peer.say("RCPT TO:<someone@here.example>");
        EXPECT_THAT(peer.message(), StartsWith("250 2.0.0 "));
    }
    EXPECT_LT(rig.world.ticks() - before, Seconds(1));
}

TEST(Connection, ASilentClientHearsWhyItsSessionEnds) {
    Rig rig;
    Peer peer = rig.client();
    const Milliseconds before = rig.world.ticks();
    EXPECT_THAT(peer.receive(), StartsWith("421 4.4.2"));
    EXPECT_EQ(rig.world.ticks() - before, Seconds(300));
    EXPECT_EQ(peer.receive(), "");
}

TEST(Connection, RefusalsOfPolicyAreLoggedWithTheirCause) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("x@elsewhere.example");
    rig.log.flush();
    EXPECT_THAT(rig.log_text, HasSubstr("smtp.refused"));
    EXPECT_THAT(rig.log_text, HasSubstr("x@elsewhere.example"));
    EXPECT_THAT(rig.log_text, HasSubstr("203.0.113.5"));
}

}  // namespace
}  // namespace ph::server

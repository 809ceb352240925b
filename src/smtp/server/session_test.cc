// smtp/server/session_test.cc: what a dialogue cannot show: how replies are gathered, where content is copied, what an idle session holds, and the
// facts that policy is shown.
#include "smtp/server/session.h"

#include <map>

#include <gtest/gtest.h>

#include "smtp/server/state.h"
#include "smtp/server/test_client.h"

namespace ph::smtp {
namespace {

constexpr std::string_view transaction = "MAIL FROM:<a@client.example>\r\nRCPT TO:<user@example.net>\r\nRCPT TO:<other@example.net>\r\nDATA\r\n";
constexpr std::string_view header = "From: a@client.example\r\n\r\n";

TestClient& greeted(TestClient& client) {
    client.start();
    client.send("EHLO client.example\r\n");
    client.take_said();
    return client;
}

TEST(ServerSession, APipelinedGroupIsOneWrite) {
    TestClient client;
    greeted(client);
    const std::size_t before = client.writes;
    client.send(transaction);
    EXPECT_EQ(client.writes, before + 1);
    EXPECT_EQ(client.take_said(), "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n");
    client.send(std::string(header) + ".\r\n");
    EXPECT_EQ(client.writes, before + 2);
}

TEST(ServerSession, AFloodOfCommandsIsAnsweredInPieces) {
    TestClient client;
    greeted(client);
    std::string flood;
    for (int i = 0; i < 90; ++i) flood += "HELP\r\n" + std::string(i % 2, ' ');
    for (int i = 0; i < 5000; ++i) flood += "MAIL FROM:<>\r\nRSET\r\n";
    client.send(flood);
    EXPECT_TRUE(client.closed);
    EXPECT_LT(client.said.size(), 40'000U);
}

TEST(ServerSession, ContentIsOneAppendForEachReceived) {
    TestClient client;
    greeted(client).send(transaction);
    std::string text(header);
    for (int i = 0; i < 1000; ++i) text += "A line of text as there are many in a message, with a few words in it.\r\n";
    client.send(text);
    EXPECT_EQ(client.appends, std::vector<std::size_t>{text.size()});
    client.send("..a\r\nb\nc\r\n.\r\nNOOP\r\n");
    EXPECT_EQ(client.appends.size(), 2U);
    EXPECT_EQ(client.messages.at(0), text + ".a\r\nb\r\nc\r\n");
}

// A view of what came, not a copy of it.
TEST(ServerSession, PlainContentStaysWhereItCame) {
    ServerParams params;
    ServerSession session(Dialect::smtp, params, "mx.example.net", {});
    Action action = session.step(event::Connected{});
    const auto answer = [&] {
        while (!std::holds_alternative<action::Read>(action)) {
            action = std::holds_alternative<action::Ask>(action) ? session.step(event::Answered{reply_ok()}) : session.step(event::Written{});
        }
    };
    answer();
    for (const std::string_view bytes : {std::string_view("EHLO client.example\r\n"), transaction}) {
        action = session.step(event::Received{bytes});
        answer();
    }
    const std::string text = std::string(header) + "text\r\n.x";
    action = session.step(event::Received{text});
    EXPECT_NE(std::get<action::Append>(action).bytes.data(), text.data());
    action = session.step(event::Written{});
    const std::string more = "y\r\nmore\r\n.\r\nNOOP\r\n";
    action = session.step(event::Received{more});
    EXPECT_EQ(std::get<action::Append>(action).bytes.data(), more.data());
    EXPECT_EQ(std::get<action::Append>(action).bytes, "y\r\nmore\r\n");
}

TEST(ServerSession, AnIdleSessionIsSmall) {
    EXPECT_LE(sizeof(ServerSession::State) + sizeof(ServerSession), 700U);
    RecordProperty("bytes", static_cast<int>(sizeof(ServerSession::State)));
}

TEST(ServerSession, SmugglingFormsNeverEndAMessage) {
    const std::string_view breaks[] = {"\r\n", "\n", "\r", "\n\r", "\r\r\n", "\n\n", "\r\r"};
    for (const std::string_view before : breaks) {
        for (const std::string_view after : breaks) {
            if (before.ends_with("\r\n") && after == "\r\n") continue;
            TestClient client;
            greeted(client).send(transaction);
            client.take_said();
            client.send(std::string(header) + "a" + std::string(before) + "." + std::string(after) + "MAIL FROM:<x@y.example>\r\nRSET\r\n");
            EXPECT_EQ(client.take_said(), "");
            client.send(".\r\n");
            EXPECT_EQ(client.take_said(), "250 2.0.0 Ok\r\n");
            ASSERT_EQ(client.messages.size(), 1U);
            EXPECT_NE(client.messages[0].find("MAIL FROM:<x@y.example>\r\nRSET\r\n"), std::string::npos);
        }
    }
}

TEST(ServerSession, CommandsAndContentHaveTheirTimeouts) {
    ServerParams params;
    params.command_timeout = Seconds(77);
    params.data_timeout = Seconds(33);
    TestClient client(Dialect::smtp, params);
    greeted(client);
    EXPECT_EQ(client.timeout, Seconds(77));
    client.send(transaction);
    EXPECT_EQ(client.timeout, Seconds(33));
    client.send(std::string(header) + ".\r\n");
    EXPECT_EQ(client.timeout, Seconds(77));
}

TEST(ServerSession, PolicyIsAskedInOrderAndSeesTheFacts) {
    TestClient client;
    std::vector<std::string> asked;
    client.answer = [&](Stage stage, std::string_view argument) {
        const ServerSession& session = client.session();
        switch (stage) {
            case Stage::connect:
                asked.push_back("connect " + session.client().address);
                break;
            case Stage::helo:
                asked.push_back("helo " + std::string(session.helo()));
                break;
            case Stage::mail:
                asked.push_back("mail " + to_text(session.envelope().reverse_path) + ' ' + std::string(session.protocol()));
                break;
            case Stage::rcpt:
                asked.push_back("rcpt " + std::string(argument));
                break;
            case Stage::data:
                asked.push_back("data " + std::to_string(session.recipients().size()));
                break;
            case Stage::vrfy:
                asked.push_back("vrfy " + std::string(argument));
                break;
        }
        return reply_ok();
    };
    greeted(client).send(transaction);
    EXPECT_EQ(asked, (std::vector<std::string>{"connect 192.0.2.1", "helo client.example", "mail a@client.example ESMTP", "rcpt <user@example.net>",
                                               "rcpt <other@example.net>", "data 2"}));
}

TEST(ServerSession, TheEnvelopeHasTheParameters) {
    TestClient client;
    greeted(client);
    client.send(
        "MAIL FROM:<a@client.example> SIZE=1000 BODY=8BITMIME RET=FULL ENVID=x+2By SMTPUTF8\r\n"
        "RCPT TO:<user@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;old@example.net\r\n");
    const mail::Envelope& envelope = client.session().envelope();
    EXPECT_EQ(envelope.declared_size, 1000U);
    EXPECT_EQ(envelope.body, mail::BodyType::eight_bit_mime);
    EXPECT_EQ(envelope.ret, mail::Ret::full);
    EXPECT_EQ(envelope.envid, "x+y");
    EXPECT_TRUE(envelope.smtputf8);
    EXPECT_EQ(client.session().protocol(), "UTF8SMTP");
    ASSERT_EQ(client.session().recipients().size(), 1U);
    EXPECT_EQ(client.session().recipients()[0].notify.bits, mail::Notify::success | mail::Notify::delay);
    EXPECT_EQ(client.session().recipients()[0].orcpt, "rfc822;old@example.net");
    client.send("RSET\r\n");
    EXPECT_EQ(client.session().envelope(), mail::Envelope{});
    EXPECT_TRUE(client.session().recipients().empty());
}

TEST(ServerSession, RepliesAreAsciiUntilSmtputf8IsAskedFor) {
    TestClient client;
    greeted(client).send("VRFY 用户\r\n");
    EXPECT_EQ(client.take_said(), "252 2.5.0 Cannot VRFY ??????, but will accept the message and try to deliver it\r\n");
    client.send("MAIL FROM:<a@client.example> SMTPUTF8\r\nVRFY 用户\r\n");
    EXPECT_EQ(client.take_said(), "250 2.1.0 Ok\r\n252 2.5.0 Cannot VRFY 用户, but will accept the message and try to deliver it\r\n");
}

TEST(ServerSession, AnUnfinishedMessageIsDiscardedAtTheEnd) {
    for (const bool by_client : {true, false}) {
        TestClient client;
        greeted(client).send(transaction);
        client.send(header);
        EXPECT_TRUE(client.begun);
        by_client ? client.hang_up() : client.stop();
        EXPECT_TRUE(client.closed);
        EXPECT_FALSE(client.begun);
        EXPECT_EQ(client.discards, 1U);
        EXPECT_TRUE(client.messages.empty());
    }
}

TEST(ServerSession, RefusedContentIsDiscardedOnce) {
    TestClient client;
    greeted(client).send(transaction);
    client.send("Subject: x\r\n\r\n");
    client.send(".\r\n");
    EXPECT_EQ(client.discards, 1U);
    EXPECT_TRUE(client.messages.empty());
}

// Situation 84: what is over the limit is read, but never kept.
TEST(ServerSession, NoMoreThanTheLimitIsAppended) {
    ServerParams params;
    params.max_message_size = 100'000;
    TestClient client(Dialect::smtp, params);
    greeted(client).send(transaction);
    client.send(header);
    for (int i = 0; i < 20; ++i) client.send(std::string(7998, 'a') + "\r\n");
    std::size_t appended = 0;
    for (const std::size_t size : client.appends) appended += size;
    EXPECT_LE(appended, 100'000U);
    client.take_said();
    client.send(".\r\n");
    EXPECT_EQ(client.take_said(), "552 5.3.4 Error: message file too big: 160026 bytes, at most 100000\r\n");
    EXPECT_FALSE(client.closed);
}

TEST(ServerSession, AcceptedRecipientsMakeUpForErrors) {
    ServerParams params;
    params.max_errors = 2;
    TestClient client(Dialect::smtp, params);
    greeted(client).send("MAIL FROM:<a@client.example>\r\n");
    for (int i = 0; i < 10; ++i) client.send("RCPT TO:<>\r\nRCPT TO:<user@example.net>\r\n");
    EXPECT_FALSE(client.closed);
    client.send("RCPT TO:<>\r\nRCPT TO:<>\r\nRCPT TO:<user@example.net>\r\n");
    EXPECT_TRUE(client.closed);
    EXPECT_TRUE(client.said.ends_with("421 4.7.0 Error: too many errors; the last: recipient-syntax, recipient-syntax, recipient-syntax\r\n"));
}

TEST(ServerSession, LmtpProtocolNames) {
    TestClient client(Dialect::lmtp);
    client.start();
    client.send("LHLO client.example\r\n");
    EXPECT_EQ(client.session().protocol(), "LMTP");
    client.send("MAIL FROM:<a@client.example> SMTPUTF8\r\n");
    EXPECT_EQ(client.session().protocol(), "UTF8LMTP");
}

TEST(ServerSession, HeloIsSmtp) {
    TestClient client;
    client.start();
    client.send("HELO client.example\r\n");
    EXPECT_EQ(client.session().protocol(), "SMTP");
    EXPECT_FALSE(client.session().extended());
}

}  // namespace
}  // namespace ph::smtp

// smtp/client/session_test.cc: whole dialogues with a server in memory: what is said, in which order, and what comes of each recipient; and
// each of them again with the connection lost at every step.
#include "smtp/client/session.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "smtp/client/test_peer.h"

namespace ph::smtp {
namespace {

using client::Command;
using client::Fate;
using client::TestPeer;
using client::Transaction;
using testing::ElementsAre;

constexpr std::string_view content = "Subject: x\r\n\r\nhello\r\n";

Transaction to(std::initializer_list<const char*> recipients) {
    Transaction transaction;
    transaction.reverse_path = {"sender", "client.example"};
    for (const char* local_part : recipients) {
        mail::Recipient recipient;
        recipient.address = {local_part, "example.org"};
        transaction.recipients.push_back(recipient);
    }
    transaction.size = content.size();
    return transaction;
}

// Drives a session against a TestPeer: the transactions one after the other, then QUIT.
struct Drive {
    explicit Drive(TestPeer& to_peer, client::Protocol protocol = client::Protocol::smtp, const ClientParams& params = {})
        : peer(to_peer), session(protocol, params, "client.example"), sent_by_peer(peer.greeting) {}

    // Runs until the session wants nothing more; one result a transaction.
    std::vector<client::TransactionResult> run(const std::vector<Transaction>& transactions) {
        std::vector<client::TransactionResult> results;
        client::Event event = client::event::Connected{};
        std::size_t next = 0;
        bool transacting = false;
        while (true) {
            client::Action action = session.step(event);
            const bool idle = std::holds_alternative<client::action::Idle>(action);
            if (transacting && (idle || std::holds_alternative<client::action::Close>(action))) results.push_back(session.result());
            if (std::holds_alternative<client::action::Close>(action)) return results;
            transacting = transacting && !idle;
            if (idle) {
                transacting = next < transactions.size();
                event = transacting ? client::Event(client::event::Transact{&transactions[next++]}) : client::Event(client::event::Quit{});
            } else {
                event = ++steps > lose_at ? client::Event(client::event::Gone{lose_how, "lost"})
                                          : std::visit([&](auto& what) { return perform(what); }, action);
            }
            EXPECT_LT(steps, 10'000U);
        }
    }
    client::TransactionResult run(const Transaction& transaction) {
        auto results = run(std::vector<Transaction>{transaction});
        return results.empty() ? client::TransactionResult{} : results.front();
    }

    client::Event perform(const client::action::Write& write) {
        ++writes;
        sent_by_peer += peer.take(write.bytes);
        return client::event::Written{};
    }
    client::Event perform(const client::action::Read& /*read*/) {
        reply.swap(sent_by_peer);
        sent_by_peer.clear();
        if (reply.empty()) return peer.closed ? client::event::Gone{Lost::closed, ""} : client::event::Gone{Lost::timed_out, ""};
        if (cut != 0 && reply.size() > cut) {
            sent_by_peer = reply.substr(cut);
            reply.resize(cut);
        }
        return client::event::Received{reply};
    }
    client::Event perform(const client::action::WriteBody& body) {
        ++writes;
        if (body_fails) return client::event::BodyFailed{};
        sent_by_peer += peer.take(std::string(body.before) + std::string(content) + (body.framing == client::Framing::dots ? ".\r\n" : ""));
        return client::event::Written{};
    }
    client::Event perform(const client::action::Idle& /*idle*/) { return client::event::Quit{}; }
    client::Event perform(const client::action::Close& /*close*/) { return client::event::Quit{}; }

    TestPeer& peer;
    ClientSession session;
    std::string sent_by_peer;
    std::string reply;
    std::size_t cut = 0;
    std::size_t writes = 0;
    std::size_t steps = 0;
    std::size_t lose_at = 1'000'000;
    Lost lose_how = Lost::closed;
    bool body_fails = false;
};

std::vector<Fate> fates(const client::TransactionResult& result) {
    std::vector<Fate> fates;
    for (const auto& recipient : result.recipients) fates.push_back(recipient.fate);
    return fates;
}

TEST(ClientSession, DeliversInFewWritesWhenPipeliningIsOffered) {
    TestPeer peer;
    Drive drive(peer);
    const auto result = drive.run(to({"a", "b"}));
    EXPECT_THAT(fates(result), ElementsAre(Fate::delivered, Fate::delivered));
    EXPECT_EQ(result.recipients[0].command, Command::content);
    EXPECT_TRUE(result.answered);
    EXPECT_THAT(peer.commands, ElementsAre("EHLO client.example", "MAIL FROM:<sender@client.example> SIZE=21", "RCPT TO:<a@example.org>",
                                           "RCPT TO:<b@example.org>", "DATA", "QUIT"));
    EXPECT_THAT(peer.messages, ElementsAre(content));
    EXPECT_EQ(drive.writes, 4U);  // EHLO; MAIL to DATA; the content; QUIT
}

TEST(ClientSession, WaitsForEachReplyWithoutPipelining) {
    TestPeer peer;
    peer.keywords.clear();
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(to({"a", "b"}))), ElementsAre(Fate::delivered, Fate::delivered));
    EXPECT_THAT(peer.commands, ElementsAre("EHLO client.example", "MAIL FROM:<sender@client.example>", "RCPT TO:<a@example.org>",
                                           "RCPT TO:<b@example.org>", "DATA", "QUIT"));
    EXPECT_EQ(drive.writes, 7U);
}

TEST(ClientSession, ReadsRepliesCutAnywhere) {
    for (std::size_t cut = 1; cut < 12; ++cut) {
        TestPeer peer;
        Drive drive(peer);
        drive.cut = cut;
        EXPECT_THAT(fates(drive.run(to({"a"}))), ElementsAre(Fate::delivered)) << cut;
    }
}

TEST(ClientSession, SaysHeloToAServerWithoutExtensions) {
    TestPeer peer;
    peer.answers["EHLO"] = {"502 5.5.1 what?\r\n"};
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(to({"a"}))), ElementsAre(Fate::delivered));
    EXPECT_THAT(peer.commands, ElementsAre("EHLO client.example", "HELO client.example", "MAIL FROM:<sender@client.example>",
                                           "RCPT TO:<a@example.org>", "DATA", "QUIT"));
    EXPECT_FALSE(drive.session.offers().extended);
}

struct RefusedHello {
    const char* name;
    const char* command;  // "" for the greeting
    const char* answer;
    Command at;
    Lost lost;
    std::uint16_t code;
    bool says_quit;
};
class ClientSessionRefusal : public testing::TestWithParam<RefusedHello> {};

TEST_P(ClientSessionRefusal, IsTheHostsTroubleAndNoTransactionsFate) {
    const RefusedHello& wanted = GetParam();
    TestPeer peer;
    if (*wanted.command == '\0') {
        peer.greeting = wanted.answer;
        peer.closed = peer.greeting.empty();
    } else {
        peer.answers[wanted.command] = {wanted.answer};
        if (wanted.at == Command::helo) peer.answers["EHLO"] = {"500 no\r\n"};
    }
    Drive drive(peer);
    EXPECT_TRUE(drive.run(std::vector<Transaction>{to({"a"})}).empty());
    ASSERT_TRUE(drive.session.refusal());
    EXPECT_FALSE(drive.session.usable());
    EXPECT_EQ(drive.session.refusal()->command, wanted.at);
    EXPECT_EQ(drive.session.refusal()->reply.lost, wanted.lost);
    EXPECT_EQ(drive.session.refusal()->reply.code, wanted.code);
    EXPECT_EQ(!peer.commands.empty() && peer.commands.back() == "QUIT", wanted.says_quit);
}

INSTANTIATE_TEST_SUITE_P(All, ClientSessionRefusal,
                         testing::Values(RefusedHello{"Greeting554", "", "554 5.7.1 blocked\r\n", Command::greeting, Lost::no, 554, true},
                                         RefusedHello{"Greeting421", "", "421 4.3.2 busy\r\n", Command::greeting, Lost::no, 421, false},
                                         RefusedHello{"Greeting450", "", "450 wait\r\n", Command::greeting, Lost::no, 450, true},
                                         RefusedHello{"GreetingNotSmtp", "", "SSH-2.0-OpenSSH\r\n", Command::greeting, Lost::garbage, 0, false},
                                         RefusedHello{"GreetingOfAnotherCode", "", "250 hello\r\n", Command::greeting, Lost::garbage, 0, true},
                                         RefusedHello{"NoGreeting", "", "", Command::greeting, Lost::closed, 0, false},
                                         RefusedHello{"Ehlo450", "EHLO", "450 later\r\n", Command::ehlo, Lost::no, 450, true},
                                         RefusedHello{"Ehlo421", "EHLO", "421 later\r\n", Command::ehlo, Lost::no, 421, false},
                                         RefusedHello{"Helo550", "HELO", "550 5.7.1 no\r\n", Command::helo, Lost::no, 550, true},
                                         RefusedHello{"EhloGoAhead", "EHLO", "354 go\r\n", Command::ehlo, Lost::garbage, 0, false}),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(ClientSession, SettlesEachRecipientByItsOwnReply) {
    TestPeer peer;
    peer.answers["RCPT TO:<b@"] = {"550 5.1.1 who?\r\n"};
    peer.answers["RCPT TO:<c@"] = {"450 4.2.0 later\r\n"};
    Drive drive(peer);
    const auto result = drive.run(to({"a", "b", "c", "d"}));
    EXPECT_THAT(fates(result), ElementsAre(Fate::delivered, Fate::refused, Fate::refused, Fate::delivered));
    EXPECT_EQ(result.recipients[1].reply.code, 550);
    EXPECT_EQ(result.recipients[1].command, Command::rcpt);
    EXPECT_EQ(result.recipients[2].reply.code, 450);
    EXPECT_EQ(peer.messages.size(), 1U);
}

TEST(ClientSession, RefusesAllWithMail) {
    for (const bool pipelining : {true, false}) {
        TestPeer peer;
        if (!pipelining) peer.keywords.clear();
        peer.answers["MAIL"] = {"550 5.7.1 not from you\r\n"};
        peer.answers["RCPT"] = {"503 5.5.1 MAIL first\r\n"};
        Drive drive(peer);
        const auto result = drive.run(to({"a", "b"}));
        EXPECT_THAT(fates(result), ElementsAre(Fate::refused, Fate::refused));
        for (const auto& recipient : result.recipients) {
            EXPECT_EQ(recipient.reply.code, 550);
            EXPECT_EQ(recipient.command, Command::mail);
        }
        EXPECT_TRUE(peer.messages.empty());
        EXPECT_EQ(peer.commands.back(), "QUIT");
    }
}

TEST(ClientSession, EndsAGoAheadForNobodyWithAnEmptyMessage) {
    TestPeer peer;
    peer.answers["RCPT"] = {"550 5.1.1 who?\r\n"};
    peer.answers["DATA"] = {"354 go on\r\n"};
    peer.answers["."] = {"554 5.5.1 nobody\r\n"};
    Drive drive(peer);
    const auto results = drive.run({to({"a"}), to({"b"})});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_THAT(fates(results[0]), ElementsAre(Fate::refused));
    EXPECT_EQ(results[0].recipients[0].reply.code, 550);
    EXPECT_THAT(peer.messages, ElementsAre("", ""));
}

TEST(ClientSession, ResetsATransactionThatWasLeftOpen) {
    TestPeer peer;
    peer.answers["RCPT"] = {"550 5.1.1 who?\r\n", "250 ok\r\n"};
    Drive drive(peer);
    const auto results = drive.run({to({"a"}), to({"b"})});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_THAT(fates(results[1]), ElementsAre(Fate::delivered));
    EXPECT_THAT(peer.commands, ElementsAre("EHLO client.example", testing::StartsWith("MAIL"), "RCPT TO:<a@example.org>", "DATA", "RSET",
                                           testing::StartsWith("MAIL"), "RCPT TO:<b@example.org>", "DATA", "QUIT"));
}

TEST(ClientSession, SettlesByTheReplyToDataAndToTheContent) {
    for (const auto& [at, command] : {std::pair{"DATA", Command::data}, std::pair{".", Command::content}}) {
        TestPeer peer;
        peer.answers["RCPT TO:<b@"] = {"550 5.1.1 who?\r\n"};
        peer.answers[at] = {"554 5.7.1 spam\r\n"};
        Drive drive(peer);
        const auto result = drive.run(to({"a", "b"}));
        EXPECT_THAT(fates(result), ElementsAre(Fate::refused, Fate::refused));
        EXPECT_EQ(result.recipients[0].reply.code, 554);
        EXPECT_EQ(result.recipients[0].command, command);
        EXPECT_EQ(result.recipients[1].reply.code, 550);
    }
}

TEST(ClientSession, PostponesWhomThePeerTakesNotWithThisCopy) {
    for (const char* answer : {"452 4.5.3 too many recipients\r\n", "452 too many\r\n", "552 5.5.3 too many\r\n"}) {
        for (const bool pipelining : {true, false}) {
            TestPeer peer;
            if (!pipelining) peer.keywords.clear();
            peer.answers["RCPT"] = {"250 ok\r\n", answer};
            Drive drive(peer);
            EXPECT_THAT(fates(drive.run(to({"a", "b", "c"}))), ElementsAre(Fate::delivered, Fate::postponed, Fate::postponed)) << answer;
        }
    }
}

TEST(ClientSession, TakesTooManyForARefusalWhenNobodyWasTakenBefore) {
    TestPeer peer;
    peer.answers["RCPT"] = {"452 4.5.3 too many recipients\r\n"};
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(to({"a", "b"}))), ElementsAre(Fate::refused, Fate::refused));
}

TEST(ClientSession, HoldsToTheNumberOfRecipientsThatThePeerNames) {
    TestPeer peer;
    peer.keywords.emplace_back("LIMITS RCPTMAX=2 MAILMAX=7");
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(to({"a", "b", "c"}))), ElementsAre(Fate::delivered, Fate::delivered, Fate::postponed));
    EXPECT_EQ(drive.session.offers().mail_max, 7U);
}

TEST(ClientSession, SendsManyRecipientsInGroups) {
    TestPeer peer;
    ClientParams params;
    params.recipients_per_transaction = 1000;
    Drive drive(peer, client::Protocol::smtp, params);
    Transaction transaction = to({});
    for (int i = 0; i < 1000; ++i) transaction.recipients.push_back({{"recipient" + std::to_string(i), "example.org"}, {}, ""});
    const auto result = drive.run(transaction);
    for (const auto& recipient : result.recipients) ASSERT_EQ(recipient.fate, Fate::delivered);
    EXPECT_EQ(peer.commands.size(), 1004U);
    EXPECT_GT(drive.writes, 6U);
}

TEST(ClientSession, PassesDsnWishesOnWhereTheyAreOffered) {
    Transaction transaction = to({"a"});
    transaction.ret = mail::Ret::headers;
    transaction.envid = "QQ 1+1=2";
    transaction.recipients[0].notify.bits = mail::Notify::success | mail::Notify::delay;
    transaction.recipients[0].orcpt = "rfc822;first+x@example.org";
    TestPeer peer;
    Drive drive(peer);
    drive.run(transaction);
    EXPECT_EQ(peer.commands[1], "MAIL FROM:<sender@client.example> SIZE=21 RET=HDRS ENVID=QQ+201+2B1+3D2");
    EXPECT_EQ(peer.commands[2], "RCPT TO:<a@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;first+2Bx@example.org");
    TestPeer plain;
    plain.keywords = {"PIPELINING"};
    Drive again(plain);
    again.run(transaction);
    EXPECT_EQ(plain.commands[1], "MAIL FROM:<sender@client.example>");
    EXPECT_EQ(plain.commands[2], "RCPT TO:<a@example.org>");
}

TEST(ClientSession, DeclaresEightBitsAndUtf8) {
    Transaction transaction = to({"a"});
    transaction.eight_bit = true;
    transaction.recipients[0].address.local_part = "用户";
    transaction.recipients[0].orcpt = "utf-8;用户@example.org";
    TestPeer peer;
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(transaction)), ElementsAre(Fate::delivered));
    EXPECT_EQ(peer.commands[1], "MAIL FROM:<sender@client.example> SIZE=21 BODY=8BITMIME SMTPUTF8");
    EXPECT_EQ(peer.commands[2], "RCPT TO:<用户@example.org> ORCPT=utf-8;用户@example.org");
}

TEST(ClientSession, SendsNothingThatThePeerCannotTake) {
    Transaction large = to({"a"});
    large.size = 1001;
    Transaction eight_bit = to({"a"});
    eight_bit.eight_bit = true;
    Transaction binary = to({"a"});
    binary.binary = true;
    Transaction utf8_header = to({"a"});
    utf8_header.smtputf8 = true;
    Transaction utf8_recipient = to({"a", "用户"});
    Transaction injected = to({"a"});
    injected.recipients[0].address.local_part = "a\r\nRSET";
    TestPeer peer;
    peer.keywords = {"SIZE 1000"};
    Drive drive(peer);
    const auto results = drive.run({large, eight_bit, binary, utf8_header, injected, utf8_recipient});
    ASSERT_EQ(results.size(), 6U);
    EXPECT_THAT(fates(results[0]), ElementsAre(Fate::too_large));
    EXPECT_THAT(fates(results[1]), ElementsAre(Fate::no_eight_bit));
    EXPECT_THAT(fates(results[2]), ElementsAre(Fate::no_eight_bit));
    EXPECT_THAT(fates(results[3]), ElementsAre(Fate::no_smtputf8));
    EXPECT_THAT(fates(results[4]), ElementsAre(Fate::bad_address));
    EXPECT_THAT(fates(results[5]), ElementsAre(Fate::delivered, Fate::no_smtputf8));
    EXPECT_EQ(peer.commands.size(), 5U);  // EHLO, one transaction, QUIT
}

TEST(ClientSession, SendsBinaryContentAsOneChunkOnceARecipientIsTaken) {
    Transaction binary = to({"a"});
    binary.binary = true;
    TestPeer peer;
    Drive drive(peer);
    EXPECT_THAT(fates(drive.run(binary)), ElementsAre(Fate::delivered));
    EXPECT_EQ(peer.commands[1], "MAIL FROM:<sender@client.example> SIZE=21 BODY=BINARYMIME");
    EXPECT_EQ(peer.commands[3], "BDAT 21 LAST");
    EXPECT_THAT(peer.messages, ElementsAre(content));
    TestPeer refusing;
    refusing.answers["RCPT"] = {"550 5.1.1 who?\r\n"};
    Drive again(refusing);
    EXPECT_THAT(fates(again.run(binary)), ElementsAre(Fate::refused));
    EXPECT_TRUE(refusing.messages.empty());
}

TEST(ClientSession, TakesAReplyForEachRecipientInLmtp) {
    TestPeer peer;
    peer.lmtp = true;
    peer.answers["RCPT TO:<b@"] = {"550 5.1.1 who?\r\n"};
    peer.answers["."] = {"250 2.0.0 kept\r\n", "421 4.2.0 not now\r\n", "552 5.2.2 full\r\n", "250 ok\r\n"};
    Drive drive(peer, client::Protocol::lmtp);
    const auto result = drive.run(to({"a", "b", "c", "d", "e"}));
    EXPECT_EQ(peer.commands[0], "LHLO client.example");
    EXPECT_THAT(fates(result), ElementsAre(Fate::delivered, Fate::refused, Fate::refused, Fate::refused, Fate::delivered));
    EXPECT_EQ(result.recipients[1].reply.code, 550);
    EXPECT_EQ(result.recipients[2].reply.code, 421);
    EXPECT_EQ(result.recipients[3].reply.code, 552);
}

TEST(ClientSession, SaysNoMoreAfter421) {
    TestPeer peer;
    peer.answers["RCPT TO:<b@"] = {"421 4.3.2 going down\r\n"};
    Drive drive(peer);
    const auto result = drive.run(to({"a", "b", "c"}));
    EXPECT_THAT(fates(result), ElementsAre(Fate::refused, Fate::refused, Fate::refused));
    for (const auto& recipient : result.recipients) EXPECT_EQ(recipient.reply.code, 421);
    EXPECT_FALSE(drive.session.usable());
}

TEST(ClientSession, GivesUpOnAPeerThatAnswersOutOfOrder) {
    for (const char* at : {"MAIL", "RCPT", "DATA", "."}) {
        TestPeer peer;
        peer.answers[at] = {at == std::string_view("DATA") ? "250 ok\r\n" : "354 go on\r\n"};
        Drive drive(peer);
        const auto result = drive.run(to({"a"}));
        EXPECT_THAT(fates(result), ElementsAre(Fate::refused)) << at;
        EXPECT_EQ(result.recipients[0].reply.lost, Lost::garbage) << at;
        EXPECT_NE(peer.commands.back(), "QUIT") << at;
    }
}

TEST(ClientSession, EndsWithoutAWordWhenOurContentFails) {
    TestPeer peer;
    Drive drive(peer);
    drive.body_fails = true;
    EXPECT_THAT(fates(drive.run(to({"a"}))), ElementsAre(Fate::body_failed));
    EXPECT_TRUE(peer.messages.empty());
    EXPECT_EQ(peer.commands.back(), "DATA");
}

TEST(ClientSession, HearsWhyThePeerStoppedTakingTheContent) {
    for (const auto& [words, code] : {std::pair{"552 5.3.4 too big\r\n", 552}, std::pair{"250 2.0.0 taken\r\n", 0}}) {
        ClientSession session(client::Protocol::smtp, {}, "client.example");
        const Transaction transaction = to({"a"});
        session.step(client::event::Connected{});
        session.step(client::event::Received{"220 hi\r\n"});
        session.step(client::event::Written{});
        session.step(client::event::Received{"250-hi\r\n250 PIPELINING\r\n"});
        session.step(client::event::Transact{&transaction});
        session.step(client::event::Written{});
        client::Action action = session.step(client::event::Received{"250 ok\r\n250 ok\r\n354 go\r\n"});
        ASSERT_TRUE(std::holds_alternative<client::action::WriteBody>(action));
        action = session.step(client::event::Gone{Lost::closed, "broken pipe"});
        ASSERT_TRUE(std::holds_alternative<client::action::Read>(action));
        action = session.step(client::event::Received{words});
        EXPECT_TRUE(std::holds_alternative<client::action::Close>(action));
        EXPECT_EQ(session.result().recipients[0].fate, Fate::refused);
        EXPECT_EQ(session.result().recipients[0].reply.code, code);
    }
}

// Boost.MySQL calls it a network-error sweep: the same dialogue, the connection lost one step later each time.
TEST(ClientSession, SettlesEveryRecipientWhereverTheConnectionIsLost) {
    for (const bool lmtp : {false, true}) {
        for (const Lost how : {Lost::closed, Lost::timed_out}) {
            bool whole = false;
            for (std::size_t lose_at = 0; !whole; ++lose_at) {
                ASSERT_LT(lose_at, 100U);
                TestPeer peer;
                peer.lmtp = lmtp;
                peer.keywords = {"SIZE 0"};
                peer.answers["RCPT TO:<b@"] = {"550 5.1.1 who?\r\n"};
                Drive drive(peer, lmtp ? client::Protocol::lmtp : client::Protocol::smtp);
                drive.lose_at = lose_at;
                drive.lose_how = how;
                const auto results = drive.run(std::vector<Transaction>{to({"a", "b", "c"})});
                if (results.empty()) {
                    ASSERT_TRUE(drive.session.refusal());
                    EXPECT_EQ(drive.session.refusal()->reply.lost, how);
                    continue;
                }
                whole = drive.steps <= lose_at;
                ASSERT_EQ(results[0].recipients.size(), 3U);
                for (const auto& recipient : results[0].recipients) {
                    EXPECT_TRUE(recipient.fate == Fate::delivered || recipient.fate == Fate::refused);
                    // Nothing counts as delivered that the peer did not say it has.
                    EXPECT_TRUE(recipient.fate != Fate::delivered || peer.messages.size() == 1);
                }
            }
        }
    }
}

TEST(ClientSession, DoesNotWaitAnewForEachOctetOfAReply) {
    ClientSession session(client::Protocol::smtp, {}, "client.example");
    auto action = session.step(client::event::Connected{});
    EXPECT_FALSE(std::get<client::action::Read>(action).goes_on);
    action = session.step(client::event::Received{"2"});
    EXPECT_TRUE(std::get<client::action::Read>(action).goes_on);
}

}  // namespace
}  // namespace ph::smtp

// deliver/smtp_transport_test.cc: whole attempts in a TestWorld: who gets the mail over which connection, and what each recipient is told.
#include "deliver/smtp_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deliver/smtp_test_net.h"

namespace ph::deliver {
namespace {

using smtp::client::TestPeer;
using testing::ElementsAre;
using testing::HasSubstr;

struct SmtpTransportTest : testing::Test {
    SmtpTransportTest() {
        settings.hostname = "client.example";
        route.host = "example.org";
        world.names().set_mx("example.org", {{10, "mx1.example.org"}, {20, "mx2.example.org"}});
        world.names().set_address("mx1.example.org", {"192.0.2.1"});
        world.names().set_address("mx2.example.org", {"192.0.2.2"});
    }
    SmtpTransport& transport() {
        if (!made) made = std::make_unique<SmtpTransport>(world, bodies, settings);
        return *made;
    }
    spool::Work work(const std::vector<std::string>& recipients = {"a"}) { return make_work(bodies, recipients, world.now()); }
    Attempt deliver(const spool::Work& what) {
        Attempt attempt = world.wait_for(transport().attempt(what, route));
        EXPECT_EQ(attempt.outcomes.size(), what.data.recipients.size());
        return attempt;
    }
    // "delivered 2.0.0" of each recipient.
    static std::vector<std::string> ends(const Attempt& attempt) {
        std::vector<std::string> ends;
        for (const RecipientOutcome& outcome : attempt.outcomes) {
            constexpr const char* words[] = {"delivered ", "deferred ", "failed "};
            ends.push_back(words[static_cast<std::size_t>(outcome.ending)] + to_text(outcome.status));
            EXPECT_FALSE(outcome.text.empty());
            EXPECT_TRUE(outcome.diagnostic_type == "smtp" || outcome.diagnostic_type == "x-posthorn");
            EXPECT_EQ(outcome.ending == Ending::failed, outcome.status.code_class == 5);
        }
        return ends;
    }
    static TestPeer peer_with(const std::string& command, const std::string& answer) {
        TestPeer peer;
        peer.answers[command] = {answer};
        return peer;
    }

    io::TestWorld world;
    TestBodies bodies;
    SmtpSettings settings;
    directory::Route route;
    std::unique_ptr<SmtpTransport> made;
};

TEST_F(SmtpTransportTest, DeliversAndTellsEverythingAboutIt) {
    const auto server = start_server(world, "192.0.2.1:25");
    const Attempt attempt = deliver(work());
    EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0"));
    EXPECT_THAT(server->messages(), ElementsAre("Subject: x\r\n\r\n..hello\r\n"));
    const RecipientOutcome& outcome = attempt.outcomes.front();
    EXPECT_EQ(outcome.remote_host, "mx1.example.org");
    EXPECT_EQ(outcome.remote_address, "192.0.2.1:25");
    EXPECT_EQ(outcome.reply.code, 250);
    EXPECT_EQ(outcome.diagnostic_type, "smtp");
    EXPECT_TRUE(outcome.dsn_passed_on);
    EXPECT_FALSE(outcome.relayed_without_dsn || outcome.final_delivery);
    EXPECT_TRUE(attempt.facts.reached);
    EXPECT_FALSE(attempt.facts.host_trouble);
    EXPECT_EQ(attempt.facts.connections_opened, 1U);
}

TEST_F(SmtpTransportTest, KeepsThePartialSuccessOfAMessage) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer = peer_with("RCPT TO:<b@", "550-5.1.1 No such\r\n550 5.1.1 user\r\n");
        peer.answers["RCPT TO:<c@"] = {"450 busy\r\n"};
        return peer;
    };
    const Attempt attempt = deliver(work({"a", "b", "c"}));
    EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0", "failed 5.1.1", "deferred 4.2.0"));
    EXPECT_EQ(attempt.outcomes[1].text, "host mx1.example.org[192.0.2.1] said: 550-5.1.1 No such 550 5.1.1 user (in reply to RCPT TO command)");
    EXPECT_EQ(attempt.outcomes[1].situation, 114U);
    EXPECT_EQ(attempt.outcomes[1].command, "RCPT TO");
    EXPECT_FALSE(attempt.facts.host_trouble);
    EXPECT_EQ(server->sessions.size(), 1U);
}

TEST_F(SmtpTransportTest, GoesToTheNextHostWhenOneIsDeadOrRefusesToTalk) {
    const auto second = start_server(world, "192.0.2.2:25");
    EXPECT_THAT(ends(deliver(work())), ElementsAre("delivered 2.0.0"));
    const auto first = start_server(world, "192.0.2.1:25");
    settings.delivery.idle_timeout = Seconds(0);
    for (const char* greeting : {"554 5.7.1 blocked\r\n", "421 4.3.2 busy\r\n", "SSH-2.0-OpenSSH\r\n", ""}) {
        made.reset();
        first->make = [greeting] {
            TestPeer peer;
            peer.greeting = greeting;
            peer.closed = *greeting == '\0';
            return peer;
        };
        const Attempt attempt = deliver(work());
        EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0")) << greeting;
        EXPECT_EQ(attempt.outcomes[0].remote_host, "mx2.example.org");
        EXPECT_EQ(attempt.facts.connections_opened, 2U);
    }
    EXPECT_EQ(second->messages().size(), 5U);
}

TEST_F(SmtpTransportTest, TellsTheHostsTroubleWhenNoHostIsLeft) {
    world.names().set_mx("example.org", {{10, "mx1.example.org"}});
    const auto server = start_server(world, "192.0.2.1:25");
    struct Case {
        const char* greeting;
        const char* end;
        std::uint32_t situation;
        const char* text;
    };
    for (const Case& wanted :
         {Case{"554 5.7.1 blocked\r\n", "deferred 4.7.1", 113, "host mx1.example.org[192.0.2.1] refused to talk to me: 554 5.7.1 blocked"},
          Case{"554 no\r\n", "deferred 4.3.2", 113, "refused to talk to me: 554 no"},
          Case{"nonsense\r\n", "deferred 4.5.0", 115, "Protocol error: host mx1.example.org[192.0.2.1] said: nonsense"},
          Case{"", "deferred 4.4.2", 106, "lost connection with mx1.example.org[192.0.2.1] while receiving the initial server greeting"}}) {
        server->make = [wanted] {
            TestPeer peer;
            peer.greeting = wanted.greeting;
            peer.closed = peer.greeting.empty();
            return peer;
        };
        const Attempt attempt = deliver(work({"a", "b"}));
        EXPECT_THAT(ends(attempt), ElementsAre(wanted.end, wanted.end));
        EXPECT_EQ(attempt.outcomes[1].situation, wanted.situation);
        EXPECT_THAT(attempt.outcomes[1].text, HasSubstr(wanted.text));
        EXPECT_TRUE(attempt.facts.host_trouble);
        EXPECT_FALSE(attempt.facts.reached);
    }
}

TEST_F(SmtpTransportTest, TellsWhyNoConnectionCameAbout) {
    world.names().set_mx("example.org", {{10, "mx1.example.org"}});
    for (const auto& [reach, text] : {std::pair{io::TestWorld::Reach::refused, "connect to mx1.example.org[192.0.2.1]:25: Connection refused"},
                                      std::pair{io::TestWorld::Reach::silent, "connect to mx1.example.org[192.0.2.1]:25: Connection timed out"},
                                      std::pair{io::TestWorld::Reach::unreachable, "connect to mx1.example.org[192.0.2.1]:25: "}}) {
        world.set_reach(*io::parse_endpoint("192.0.2.1:25"), reach);
        const Attempt attempt = deliver(work());
        EXPECT_THAT(ends(attempt), ElementsAre("deferred 4.4.1"));
        EXPECT_EQ(attempt.outcomes[0].situation, 105U);
        EXPECT_THAT(attempt.outcomes[0].text, testing::StartsWith(text));
        EXPECT_TRUE(attempt.facts.host_trouble);
    }
}

TEST_F(SmtpTransportTest, LosesASecondAndNotTheTimeoutToASilentAddress) {
    const auto second = start_server(world, "192.0.2.2:25");
    world.set_reach(*io::parse_endpoint("192.0.2.1:25"), io::TestWorld::Reach::silent);
    const Attempt attempt = deliver(work());
    EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0"));
    EXPECT_GE(attempt.facts.took, Milliseconds(1000));
    EXPECT_LT(attempt.facts.took, Milliseconds(3000));
    world.advance(Seconds(60));
}

TEST_F(SmtpTransportTest, EndsARecipientByA5yzAndDoesNotAskAnotherHost) {
    const auto first = start_server(world, "192.0.2.1:25");
    const auto second = start_server(world, "192.0.2.2:25");
    for (const char* at : {"MAIL", "RCPT", "DATA", "."}) {
        made.reset();
        first->make = [at] { return peer_with(at, "550 5.7.1 no\r\n"); };
        EXPECT_THAT(ends(deliver(work())), ElementsAre("failed 5.7.1")) << at;
        made.reset();
        first->make = [at] { return peer_with(at, "451 4.7.1 later\r\n"); };
        EXPECT_THAT(ends(deliver(work())), ElementsAre("deferred 4.7.1")) << at;
    }
    EXPECT_TRUE(second->sessions.empty());
}

TEST_F(SmtpTransportTest, GoesOnWithTheNextHostWhereverTheFirstCloses) {
    // Greeting, EHLO, MAIL, RCPT, DATA, the content.
    for (std::size_t commands = 0; commands <= 6; ++commands) {
        io::TestWorld fresh;
        fresh.names().set_mx("example.org", {{10, "mx1.example.org"}, {20, "mx2.example.org"}});
        fresh.names().set_address("mx1.example.org", {"192.0.2.1"});
        fresh.names().set_address("mx2.example.org", {"192.0.2.2"});
        const auto first = start_server(fresh, "192.0.2.1:25");
        const auto second = start_server(fresh, "192.0.2.2:25");
        first->make = [commands] {
            TestPeer peer;
            peer.keywords.clear();
            peer.close_after = commands == 0 ? 1 : commands;
            peer.closed = commands == 0;
            if (commands == 0) peer.greeting.clear();
            return peer;
        };
        SmtpTransport transport_here(fresh, bodies, settings);
        const spool::Work what = work();
        const Attempt attempt = fresh.wait_for(transport_here.attempt(what, route));
        if (commands == 5) {  // after the content: nobody knows whether the first one has it
            EXPECT_THAT(ends(attempt), ElementsAre("deferred 4.4.2"));
            EXPECT_THAT(attempt.outcomes[0].text, HasSubstr("message may be sent more than once"));
            EXPECT_TRUE(second->messages().empty());
            EXPECT_TRUE(attempt.facts.host_trouble);
        } else {
            EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0")) << commands;
            EXPECT_EQ(second->messages().size(), commands < 5 ? 1U : 0U) << commands;
        }
    }
}

TEST_F(SmtpTransportTest, UsesAConnectionAgainAndClosesItWithQuit) {
    const auto server = start_server(world, "192.0.2.1:25");
    for (int i = 0; i < 3; ++i) EXPECT_THAT(ends(deliver(work())), ElementsAre("delivered 2.0.0"));
    ASSERT_EQ(server->sessions.size(), 1U);
    EXPECT_EQ(server->messages().size(), 3U);
    world.advance(Seconds(2));
    EXPECT_NE(server->sessions[0]->commands.back(), "QUIT");
    world.advance(Seconds(2));
    EXPECT_EQ(server->sessions[0]->commands.back(), "QUIT");
    const Attempt attempt = deliver(work());
    EXPECT_EQ(attempt.facts.connections_opened, 1U);
    EXPECT_EQ(server->sessions.size(), 2U);
}

TEST_F(SmtpTransportTest, KeepsDestinationsApart) {
    const auto server = start_server(world, "192.0.2.1:25");
    deliver(work());
    route.host = "[192.0.2.1]";
    deliver(work());
    EXPECT_EQ(server->sessions.size(), 2U);
}

TEST_F(SmtpTransportTest, SaysQuitOnAllConnectionsAtTheEnd) {
    const auto server = start_server(world, "192.0.2.1:25");
    deliver(work());
    transport().close();
    world.run_until_idle();
    EXPECT_EQ(server->sessions[0]->commands.back(), "QUIT");
    deliver(work());
    world.run_until_idle();
    ASSERT_EQ(server->sessions.size(), 2U);
    EXPECT_EQ(server->sessions[1]->commands.back(), "QUIT");
}

TEST_F(SmtpTransportTest, ClosesAConnectionAfterItsMessages) {
    settings.delivery.messages_per_connection = 2;
    const auto server = start_server(world, "192.0.2.1:25");
    for (int i = 0; i < 5; ++i) deliver(work());
    EXPECT_EQ(server->sessions.size(), 3U);
    EXPECT_EQ(server->sessions[0]->commands.back(), "QUIT");
}

TEST_F(SmtpTransportTest, TakesAFreshConnectionWhenTheKeptOneTurnsOutDead) {
    const auto server = start_server(world, "192.0.2.1:25");
    for (const bool says_421 : {false, true}) {
        int connections = 0;
        server->make = [&connections, says_421] {
            TestPeer peer;
            if (connections++ > 0) return peer;
            if (says_421) {
                peer.answers["MAIL"] = {"250 ok\r\n", "421 4.4.2 idle too long\r\n"};
            } else {
                peer.close_after = 6;  // EHLO, MAIL, RCPT, DATA, the content, and the next MAIL
            }
            return peer;
        };
        made.reset();
        deliver(work());
        const Attempt attempt = deliver(work());
        EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0"));
        EXPECT_EQ(attempt.facts.connections_opened, 1U);
        EXPECT_EQ(attempt.outcomes[0].remote_host, "mx1.example.org");
        EXPECT_EQ(connections, 2);
    }
}

TEST_F(SmtpTransportTest, BeginsAnotherTransactionForThoseWhoWereTooMany) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer;
        peer.keywords.emplace_back("LIMITS RCPTMAX=2 MAILMAX=1");
        return peer;
    };
    EXPECT_THAT(ends(deliver(work({"a", "b", "c", "d", "e"}))), testing::Each("delivered 2.0.0"));
    EXPECT_EQ(server->messages().size(), 3U);
    EXPECT_EQ(server->sessions.size(), 3U);  // MAILMAX
}

TEST_F(SmtpTransportTest, DoesNotTurnInCirclesWithAServerThatTakesNobody) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer = peer_with("RCPT", "250 ok\r\n");
        peer.answers["RCPT"].emplace_back("452 4.5.3 too many\r\n");
        peer.answers["."] = {"451 4.3.0 no\r\n"};
        return peer;
    };
    const Attempt attempt = deliver(work({"a", "b", "c"}));
    EXPECT_THAT(ends(attempt), ElementsAre("deferred 4.3.0", "deferred 4.5.3", "deferred 4.5.3"));
}

TEST_F(SmtpTransportTest, FailsWhatThePeerCannotTakeWithoutSendingIt) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer;
        peer.keywords = {"SIZE 10"};
        return peer;
    };
    Attempt attempt = deliver(work());
    EXPECT_THAT(ends(attempt), ElementsAre("failed 5.3.4"));
    EXPECT_EQ(attempt.outcomes[0].situation, 122U);
    EXPECT_EQ(attempt.outcomes[0].text, "message size 22 exceeds size limit 10 of server mx1.example.org[192.0.2.1]");
    made.reset();
    server->make = [] {
        TestPeer peer;
        peer.keywords.clear();
        return peer;
    };
    attempt = deliver(work({"a", "用户"}));
    EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0", "failed 5.6.7"));
    EXPECT_EQ(attempt.outcomes[1].situation, 123U);
    EXPECT_TRUE(attempt.outcomes[0].relayed_without_dsn);
}

TEST_F(SmtpTransportTest, SendsUnneededSmtputf8AsAPlainMessage) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer;
        peer.keywords = {"8BITMIME"};
        return peer;
    };
    for (const auto& [text, end] :
         {std::pair{"Subject: x\r\n\r\n\xC3\xA4\r\n", "delivered 2.0.0"}, std::pair{"Subject: \xC3\xA4\r\n\r\nx\r\n", "failed 5.6.7"}}) {
        bodies.text = text;
        spool::Work what = work();
        auto info = std::make_shared<spool::MessageInfo>(*what.info);
        info->envelope.smtputf8 = true;
        info->eight_bit = true;
        what.info = info;
        EXPECT_THAT(ends(deliver(what)), ElementsAre(end));
    }
}

TEST_F(SmtpTransportTest, RecodesForAPeerWithoutEightBits) {
    const auto server = start_server(world, "192.0.2.1:25");
    server->make = [] {
        TestPeer peer;
        peer.keywords = {"PIPELINING"};
        return peer;
    };
    bodies.text =
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\xC3\xBC\xC3\x9F dich\r\n";
    spool::Work what = work();
    auto info = std::make_shared<spool::MessageInfo>(*what.info);
    info->eight_bit = true;
    what.info = info;
    EXPECT_THAT(ends(deliver(what)), ElementsAre("delivered 2.0.0"));
    ASSERT_EQ(server->messages().size(), 1U);
    const std::string sent = server->messages()[0];
    EXPECT_THAT(sent, HasSubstr("gr=C3=BC=C3=9F dich"));
    EXPECT_TRUE(std::all_of(sent.begin(), sent.end(), [](char c) { return static_cast<unsigned char>(c) < 128; }));
    // What must not be changed is returned.
    bodies.text = "Subject: gr\xC3\xBC\xC3\x9F\r\n\r\nx\r\n";
    what.size = bodies.text.size();
    const Attempt attempt = deliver(what);
    EXPECT_THAT(ends(attempt), ElementsAre("failed 5.6.3"));
    EXPECT_EQ(server->messages().size(), 1U);
}

TEST_F(SmtpTransportTest, NeverSendsHalfAMessageAsAWholeOne) {
    const auto server = start_server(world, "192.0.2.1:25");
    bodies.fails = true;
    Attempt attempt = deliver(work());
    EXPECT_THAT(ends(attempt), ElementsAre("deferred 4.3.0"));
    EXPECT_EQ(attempt.outcomes[0].situation, 131U);
    bodies.fails = false;
    spool::Work what = work();
    what.size += 1;
    EXPECT_THAT(ends(deliver(what)), ElementsAre("deferred 4.3.0"));
    world.run_until_idle();
    EXPECT_TRUE(server->messages().empty());
    EXPECT_FALSE(attempt.facts.host_trouble);
}

TEST_F(SmtpTransportTest, SendsALargeMessageInBlocksWholeAndUnchanged) {
    const auto server = start_server(world, "192.0.2.1:25");
    bodies.text = "Subject: large\r\n\r\n";
    for (int i = 0; bodies.text.size() < 1'000'000 - 100; ++i) bodies.text += "line " + std::to_string(i) + "\r\n";
    bodies.piece = 200'000;
    EXPECT_THAT(ends(deliver(work())), ElementsAre("delivered 2.0.0"));
    ASSERT_EQ(server->messages().size(), 1U);
    EXPECT_EQ(server->messages()[0], bodies.text);
}

TEST_F(SmtpTransportTest, GivesEachLmtpRecipientItsOwnEnd) {
    route.kind = directory::RouteKind::lmtp;
    route.host = "unix:/run/lmtp";
    const auto server = start_server(world, "unix:/run/lmtp");
    server->make = [] {
        TestPeer peer;
        peer.lmtp = true;
        peer.answers["."] = {"250 2.0.0 saved\r\n", "552 5.2.2 full\r\n", "451 4.3.0 later\r\n"};
        return peer;
    };
    const Attempt attempt = deliver(work({"a", "b", "c"}));
    EXPECT_THAT(ends(attempt), ElementsAre("delivered 2.0.0", "failed 5.2.2", "deferred 4.3.0"));
    EXPECT_TRUE(attempt.outcomes[0].final_delivery);
    EXPECT_FALSE(attempt.outcomes[0].dsn_passed_on || attempt.outcomes[0].relayed_without_dsn);
    EXPECT_EQ(attempt.outcomes[1].text, "host localhost[/run/lmtp] said: 552 5.2.2 full (in reply to end of DATA command)");
    EXPECT_EQ(server->sessions[0]->commands[0], "LHLO client.example");
}

TEST_F(SmtpTransportTest, SpeaksLmtpOverTcpWithTheHostThatWasNamed) {
    route.kind = directory::RouteKind::lmtp;
    route.host = "mx2.example.org";
    const auto server = start_server(world, "192.0.2.2:24");
    server->make = [] {
        TestPeer peer;
        peer.lmtp = true;
        return peer;
    };
    EXPECT_THAT(ends(deliver(work())), ElementsAre("delivered 2.0.0"));
}

TEST_F(SmtpTransportTest, TriesADomainWithoutAddressForADay) {
    world.names().clear();
    world.names().set_mx("example.org", {{10, "gone.example.org"}});
    spool::Work what = work();
    EXPECT_THAT(ends(deliver(what)), ElementsAre("deferred 4.4.4"));
    world.advance(std::chrono::hours(25));
    const Attempt attempt = deliver(what);
    EXPECT_THAT(ends(attempt), ElementsAre("failed 5.4.4"));
    EXPECT_EQ(attempt.outcomes[0].situation, 109U);
    EXPECT_EQ(attempt.outcomes[0].remote_host, "");
}

TEST_F(SmtpTransportTest, LeavesTheWishesOfTheFirstMessageBehindAList) {
    const auto server = start_server(world, "192.0.2.1:25");
    spool::Work what = work();
    auto info = std::make_shared<spool::MessageInfo>(*what.info);
    info->envelope.envid = "id";
    info->envelope.ret = mail::Ret::full;
    what.info = info;
    what.data.recipients[0].recipient.notify.bits = mail::Notify::success;
    what.data.recipients[0].expanded = true;
    EXPECT_FALSE(deliver(what).outcomes[0].dsn_passed_on);
    EXPECT_THAT(server->sessions[0]->commands[1], HasSubstr("RET=FULL ENVID=id"));
    EXPECT_EQ(server->sessions[0]->commands[2], "RCPT TO:<a@example.org> NOTIFY=NEVER");
    what.data.reverse_path = {"owner-list", "client.example"};
    deliver(what);
    EXPECT_EQ(server->sessions[0]->commands[4], "MAIL FROM:<owner-list@client.example> SIZE=22");
    EXPECT_EQ(server->sessions[0]->commands[5], "RCPT TO:<a@example.org>");
}

TEST_F(SmtpTransportTest, DoesNotWaitForeverForASlowPeer) {
    const auto server = start_server(world, "192.0.2.1:25");
    world.names().set_mx("example.org", {{10, "mx1.example.org"}});
    server->answers_after = Seconds(301);
    const Attempt attempt = deliver(work());
    EXPECT_THAT(ends(attempt), ElementsAre("deferred 4.4.2"));
    EXPECT_EQ(attempt.outcomes[0].text, "conversation with mx1.example.org[192.0.2.1] timed out while receiving the initial server greeting");
    EXPECT_LT(attempt.facts.took, Seconds(302));
}

}  // namespace
}  // namespace ph::deliver

// server/server_test.cc: who is let in, what a reload changes, and how the server ends.
#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_rig.h"

namespace ph::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

io::Task<void> stop(Server& server, bool& done) {
    co_await server.stop();
    done = true;
}

TEST(Server, OneClientHasOnlySoManySessions) {
    Rig rig;
    rig.config.server.max_sessions_per_client = 1;
    Peer first = rig.client();
    Peer second = rig.connect("203.0.113.5:4001");
    EXPECT_EQ(second.receive(), "421 4.7.0 mx.here.example Error: too many connections from 203.0.113.5");
    EXPECT_EQ(second.receive(), "");
    Peer other = rig.connect("203.0.113.6:4000");
    EXPECT_THAT(other.receive(), StartsWith("220 "));
    first.say("QUIT");
    EXPECT_EQ(first.receive(), "");
    Peer third = rig.connect("203.0.113.5:4002");
    EXPECT_THAT(third.receive(), StartsWith("220 "));
}

TEST(Server, AllTogetherHaveOnlySoManySessions) {
    Rig rig;
    rig.config.server.max_sessions = 2;
    Peer first = rig.client("203.0.113.5:4000");
    Peer second = rig.client("127.0.0.1:4000");
    Peer third = rig.connect("203.0.113.7:4000");
    EXPECT_THAT(third.receive(), StartsWith("421 4.3.2 "));
    EXPECT_EQ(third.receive(), "");
}

// However a session ends, its place is free again.
TEST(Server, EverySessionThatEndedMakesRoomForAnother) {
    Rig rig;
    rig.config.server.max_sessions = 1;
    for (int round = 0; round < 3; ++round) {
        rig.client().say("QUIT");
        rig.client();  // leaves at once
        rig.world.run_until_idle();
        rig.client().stream().reset();
        rig.world.run_until_idle();
        Peer in_data = rig.client();
        in_data.begin("someone@here.example");
        in_data.say("DATA");
        in_data.send("From: a@there.example");
        in_data.leave();
        rig.world.run_until_idle();
        Peer silent = rig.client();
        EXPECT_THAT(silent.receive(), StartsWith("421 4.4.2"));
        rig.world.run_until_idle();
    }
    EXPECT_THAT(rig.connect().receive(), StartsWith("220 "));
}

TEST(Server, NewConnectionsComeOnlySoFast) {
    Rig rig;
    rig.config.server.connections_per_minute = 1;
    rig.client().say("QUIT");
    Peer second = rig.connect("203.0.113.5:4001");
    const std::string refusal = second.receive();
    EXPECT_THAT(refusal, StartsWith("421 4.7.0 mx.here.example Error: too many connections from 203.0.113.5 (connection rate limit)"));
    const std::size_t in = refusal.find("again in ");
    ASSERT_NE(in, std::string::npos);
    rig.world.advance(Seconds(std::stol(refusal.substr(in + 9))));
    EXPECT_THAT(rig.connect("203.0.113.5:4002").receive(), StartsWith("220 "));
}

TEST(Server, AReloadIsForNewSessions) {
    Rig rig;
    rig.config.smtp.banner = "before";
    Peer old = rig.connect();
    EXPECT_THAT(old.receive(), HasSubstr("before"));
    rig.config.smtp.banner = "after";
    rig.config.smtp.max_recipients = 1;
    rig.config.directory.local_domains = {"new.example"};
    rig.server->reload(rig.snapshot());
    old.begin("someone@here.example");
    EXPECT_THAT(old.say("RCPT TO:<two@here.example>"), StartsWith("250"));
    EXPECT_THAT(old.say("RCPT TO:<someone@new.example>"), StartsWith("554"));
    EXPECT_THAT(old.message(), StartsWith("250 2.0.0 "));
    Peer fresh = rig.connect("203.0.113.6:4000");
    EXPECT_THAT(fresh.receive(), HasSubstr("after"));
    fresh.begin("someone@new.example");
    EXPECT_THAT(fresh.message(), StartsWith("250 2.0.0 "));
}

TEST(Server, StoppingEndsIdleSessionsAtOnce) {
    Rig rig;
    Peer idle = rig.client();
    Peer between = rig.client("203.0.113.6:4000");
    between.begin("someone@here.example");
    bool stopped = false;
    const Milliseconds before = rig.world.ticks();
    rig.world.spawn(stop(*rig.server, stopped));
    EXPECT_THAT(idle.receive(), StartsWith("421 4.3.2 "));
    EXPECT_EQ(idle.receive(), "");
    EXPECT_THAT(between.receive(), StartsWith("421 4.3.2 "));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(60)));
    EXPECT_LT(rig.world.ticks() - before, Seconds(1));
    EXPECT_EQ(rig.world.dial(endpoint("192.0.2.25:25"), endpoint("203.0.113.5:4001")), nullptr);
}

TEST(Server, StoppingLetsAMessageInProgressFinish) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    peer.say("DATA");
    peer.send("From: a@there.example");
    rig.world.run_until_idle();
    bool stopped = false;
    rig.world.spawn(stop(*rig.server, stopped));
    rig.world.advance(Seconds(10));
    EXPECT_FALSE(stopped);
    EXPECT_THAT(peer.say("\r\nHello\r\n."), StartsWith("250 2.0.0 "));
    EXPECT_EQ(rig.engine->totals().messages, 1U);
    EXPECT_THAT(peer.receive(), StartsWith("421 4.3.2 "));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(60)));
}

// 354 was said: the client sends now, though nothing of it is here yet.
TEST(Server, StoppingLetsAMessageFinishThatWasJustCalledFor) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    EXPECT_THAT(peer.say("DATA"), StartsWith("354"));
    bool stopped = false;
    rig.world.spawn(stop(*rig.server, stopped));
    rig.world.advance(Seconds(1));
    EXPECT_THAT(peer.say("From: a@there.example\r\n\r\nHello\r\n."), StartsWith("250 2.0.0 "));
    EXPECT_THAT(peer.receive(), StartsWith("421 4.3.2 "));
}

TEST(Server, StoppingWaitsForAMessageOnlySoLong) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    peer.say("DATA");
    peer.send("From: a@there.example");
    rig.world.run_until_idle();
    bool stopped = false;
    const Milliseconds before = rig.world.ticks();
    rig.world.spawn(stop(*rig.server, stopped));
    EXPECT_THAT(peer.receive(), StartsWith("421 4.3.2 "));
    EXPECT_GE(rig.world.ticks() - before, Seconds(30));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(60)));
    EXPECT_LT(rig.world.ticks() - before, Seconds(31));
    EXPECT_EQ(rig.engine->totals().messages, 0U);
}

// The five minutes that a write has are not the server's to wait.
TEST(Server, StoppingDoesNotWaitForAClientThatReadsNothing) {
    Rig rig;
    rig.world.set_streams({.capacity = 64, .max_read = 64});
    Peer peer = rig.client();
    for (int i = 0; i < 4; ++i) peer.send("NOOP");
    rig.world.run_until_idle();
    bool stopped = false;
    const Milliseconds before = rig.world.ticks();
    rig.world.spawn(stop(*rig.server, stopped));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(60)));
    EXPECT_LT(rig.world.ticks() - before, Seconds(31));
}

TEST(Server, AClientThatIsHeldBackIsStoppedAtOnce) {
    Rig rig;
    rig.config.server.commands_per_second = 1;
    Peer peer = rig.client();
    std::string flood = "NOOP";
    for (int i = 0; i < 90; ++i) flood += "\r\nNOOP";
    peer.send(flood);
    rig.world.run_until_idle();
    bool stopped = false;
    const Milliseconds before = rig.world.ticks();
    rig.world.spawn(stop(*rig.server, stopped));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(200)));
    EXPECT_LT(rig.world.ticks() - before, Seconds(2));
    EXPECT_THAT(peer.rest(), HasSubstr("421 4.3.2 "));
}

// A disk that answers too late: sessions still wait for it when the spool is closed, and touch nothing of it afterwards.
TEST(Server, NothingUsesTheSpoolOnceItIsClosed) {
    Rig rig;
    std::vector<Peer> peers;
    for (int i = 0; i < 2; ++i) {
        peers.push_back(rig.client("203.0.113.5:400" + std::to_string(i)));
        peers.back().begin("someone@here.example");
        peers.back().say("DATA");
    }
    peers.push_back(rig.connect({}, "unix:/run/control"));
    rig.disk.hangs = true;
    peers[0].send("From: a@there.example\r\n\r\nHello\r\n.");
    peers[1].send("From: a@there.example\r\n\r\nHello");
    peers[2].send("list");
    rig.world.run_until_idle();
    EXPECT_EQ(rig.disk.held.size(), 3U);
    bool stopped = false;
    rig.world.spawn(stop(*rig.server, stopped));
    EXPECT_TRUE(rig.world.run_until([&] { return stopped; }, Seconds(60)));
    EXPECT_TRUE(rig.disk.closed);
    peers[1].send("more");
    rig.disk.answer_all();
    rig.world.run_until_idle();
    EXPECT_EQ(rig.disk.used_after_close, 0U);
}

TEST(Server, MayGoWhileSessionsAndQuestionsAreOpen) {
    Rig rig;
    Peer idle = rig.client();
    Peer in_data = rig.client("203.0.113.6:4000");
    in_data.begin("someone@here.example");
    in_data.say("DATA");
    in_data.send("From: a@there.example");
    Peer asking = rig.connect({}, "unix:/run/control");
    rig.world.run_until_idle();
    rig.server.reset();
    SUCCEED();  // the world ends the coroutines that are left; the sanitizers look on
}

TEST(Server, TheControlSocketListsAndShowsWhatWaits) {
    Rig rig;
    Peer peer = rig.client();
    peer.begin("someone@here.example");
    peer.say("RCPT TO:<other@here.example>");
    peer.message("From: a@there.example\r\nMessage-ID: <m@there.example>\r\n");
    const std::string list = rig.ask("list");
    const std::string id = list.substr(7, list.find('"', 7) - 7);
    EXPECT_THAT(list, StartsWith("{\"id\":\""));
    EXPECT_THAT(list, HasSubstr("\"arrived\":\"2026-11-24T19:06:31"));
    EXPECT_THAT(list, HasSubstr("\"from\":\"a@there.example\",\"client\":\"203.0.113.5\",\"message_id\":\"<m@there.example>\",\"notice\":false"));
    EXPECT_THAT(list, HasSubstr("\"destination\":\"lmtp:unix:/run/lmtp\",\"state\":\"active\",\"attempts\":0,\"next_attempt\":\"2026-"));
    EXPECT_THAT(list, HasSubstr("\"recipients\":[\"someone@here.example\",\"other@here.example\"],\"last\":null}]}\n"));
    EXPECT_EQ(rig.ask("show " + id), list);
    EXPECT_THAT(rig.ask("list " + id), Not(HasSubstr("id")));
    EXPECT_EQ(rig.ask("list 0000000000000 0"), rig.ask("list " + id));
    EXPECT_THAT(rig.ask("status"), StartsWith("{\"messages\":1,\"jobs\":1,\"in_delivery\":0,"));
    EXPECT_THAT(rig.ask("status"),
                HasSubstr("\"full\":false,\"failing\":false,\"trouble\":\"\",\"destinations\":[{\"destination\":\"lmtp:unix:/run/lmtp\","
                          "\"waiting\":1}]}\n"));
}

TEST(Server, TheControlSocketListsInPages) {
    Rig rig;
    Peer peer = rig.client();
    peer.say("EHLO there.example");
    for (int i = 0; i < 1203; ++i) {
        peer.say("MAIL FROM:<a@there.example>");
        peer.say("RCPT TO:<someone@here.example>");
        peer.message();
    }
    EXPECT_EQ(rig.count(), 1203U);
}

TEST(Server, TheControlSocketSaysWhatItDoesNotKnow) {
    Rig rig;
    rig.client();
    EXPECT_EQ(rig.ask("dance"), "{\"error\":\"no such request: dance\"}\n");
    EXPECT_EQ(rig.ask("show ???"), "{\"error\":\"not understood: show ???\"}\n");
    EXPECT_EQ(rig.ask("list 0000000000000 99999999999999999999"), "{\"error\":\"not understood: list 0000000000000 99999999999999999999\"}\n");
    EXPECT_THAT(rig.ask("show 0000000000000"), StartsWith("{\"error\":\"no message 0"));
    EXPECT_THAT(rig.ask(std::string(5000, 'x')), Not(HasSubstr("xxx")));
}

}  // namespace
}  // namespace ph::server

// smtp/peer_reply_test.cc: replies whole and cut at every octet, and what is not a reply.
#include "smtp/peer_reply.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::smtp {
namespace {

PeerReply parse(std::string_view bytes) {
    PeerReplyParser parser;
    EXPECT_EQ(parser.feed(bytes), bytes.size());
    EXPECT_TRUE(parser.done());
    return parser.take();
}

TEST(PeerReply, ReadsOneLineWithItsEnhancedCode) {
    const PeerReply reply = parse("550 5.1.1 No such user\r\n");
    EXPECT_EQ(reply.lost, Lost::no);
    EXPECT_EQ(reply.code, 550);
    EXPECT_EQ(reply.enhanced, (status::EnhancedCode{5, 1, 1}));
    EXPECT_EQ(reply.text, "550 5.1.1 No such user");
    EXPECT_TRUE(reply.permanent());
}

TEST(PeerReply, JoinsLinesAndStopsAtTheEndOfTheReply) {
    const std::string bytes = "250-mx.example.org\r\n250-SIZE 1000\r\n250 8BITMIME\r\n250 next\r\n";
    PeerReplyParser parser;
    EXPECT_EQ(parser.feed(bytes), bytes.size() - 10);
    ASSERT_TRUE(parser.done());
    EXPECT_EQ(parser.take().text, "250-mx.example.org\n250-SIZE 1000\n250 8BITMIME");
    EXPECT_EQ(parser.feed("250 next\r\n"), 10U);
    EXPECT_EQ(parser.take().text, "250 next");
}

TEST(PeerReply, ComesOutTheSameCutAtEveryOctet) {
    const std::string bytes = "452-4.5.3 Too many\r\n452 4.5.3 recipients\n";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        PeerReplyParser parser;
        EXPECT_EQ(parser.feed(bytes.substr(0, cut)), cut);
        EXPECT_EQ(parser.done(), cut == bytes.size());
        parser.feed(bytes.substr(cut));
        ASSERT_TRUE(parser.done()) << cut;
        const PeerReply reply = parser.take();
        EXPECT_EQ(reply.code, 452);
        EXPECT_EQ(reply.enhanced, (status::EnhancedCode{4, 5, 3}));
        EXPECT_EQ(reply.text, "452-4.5.3 Too many\n452 4.5.3 recipients");
    }
}

TEST(PeerReply, TakesACodeAloneAndABareLineFeed) {
    EXPECT_EQ(parse("250\r\n").code, 250);
    EXPECT_EQ(parse("250\n").code, 250);
    EXPECT_EQ(parse("354 \n").code, 354);
}

TEST(PeerReply, IgnoresAnEnhancedCodeOfAnotherClassOrWithATail) {
    EXPECT_FALSE(parse("550 4.1.1 contradiction\r\n").enhanced);
    EXPECT_FALSE(parse("550 5.1.1: colon\r\n").enhanced);
    EXPECT_FALSE(parse("354 2.0.0 go\r\n").enhanced);
    EXPECT_FALSE(parse("550 no code\r\n").enhanced);
}

TEST(PeerReply, CallsWhatIsNoReplyGarbage) {
    for (const char* bytes : {"\r\n", "hello\r\n", "99 x\r\n", "199 x\r\n", "600 x\r\n", "250OK\r\n", "250_x\r\n", "HTTP/1.1 400 Bad Request\r\n",
                              "2x0 ok\r\n", " 250 ok\r\n"}) {
        const PeerReply reply = parse(bytes);
        EXPECT_EQ(reply.lost, Lost::garbage) << bytes;
        EXPECT_EQ(reply.code, 0);
        EXPECT_EQ(reply.text + "\r\n", bytes);
        EXPECT_TRUE(reply.transient());
    }
}

TEST(PeerReply, CallsLinesOfDifferentCodesGarbage) {
    const PeerReply reply = parse("250-one\r\n550 two\r\n");
    EXPECT_EQ(reply.lost, Lost::garbage);
    EXPECT_EQ(reply.text, "250-one\n550 two");
}

TEST(PeerReply, KeepsTheBeginningOfAnOverlongLine) {
    const PeerReply reply = parse("250 " + std::string(5000, 'x') + "\r\n");
    EXPECT_EQ(reply.code, 250);
    EXPECT_EQ(reply.text.size(), 1024U);
}

TEST(PeerReply, EndsALineWithoutEnd) {
    PeerReplyParser parser;
    std::size_t fed = 0;
    while (!parser.done() && fed < 1'000'000) fed += parser.feed("250 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    EXPECT_LT(fed, 70'000U);
    EXPECT_EQ(parser.take().lost, Lost::garbage);
}

TEST(PeerReply, EndsAReplyOfTooManyLines) {
    std::string hundred;
    for (int i = 0; i < 99; ++i) hundred += "250-x\r\n";
    EXPECT_EQ(parse(hundred + "250 x\r\n").code, 250);
    EXPECT_EQ(parse(hundred + "250-x\r\n").lost, Lost::garbage);
}

TEST(PeerReply, ShowsWhatCameOfAnUnfinishedReply) {
    PeerReplyParser parser;
    parser.feed("421-4.3.2 going\r\n421 do");
    EXPECT_EQ(parser.remains(), "421-4.3.2 going\n421 do");
    EXPECT_FALSE(parser.done());
}

}  // namespace
}  // namespace ph::smtp

// smtp/reply_test.cc: whatever a value holds, a reply stays the lines that it was.
#include <gtest/gtest.h>

#include "catalogue/builtin.h"
#include "catalogue/replies.h"
#include "smtp/replies.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

std::string wire(const Reply& reply) {
    std::string out;
    append_wire(out, reply);
    return out;
}

// Every line: code, '-' or ' ', at most 512 octets with CRLF, no control character, one code, '-' in all but the last.
void expect_well_formed(std::string_view out) {
    const std::string_view code = out.substr(0, 3);
    while (!out.empty()) {
        const std::size_t end = out.find("\r\n");
        ASSERT_NE(end, std::string_view::npos);
        const std::string_view line = out.substr(0, end);
        EXPECT_LE(line.size() + 2, 512U);
        ASSERT_GE(line.size(), 4U);
        EXPECT_EQ(line.substr(0, 3), code);
        for (const char c : line) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7F) << static_cast<int>(c);
        out.remove_prefix(end + 2);
        EXPECT_EQ(line[3], out.empty() ? ' ' : '-');
    }
}

TEST(Reply, TakesCodesTextAndCauseFromTheCatalogue) {
    const Reply reply = refuse(refusal::recipient_unknown, {{"address", "user@example.net"}});
    EXPECT_EQ(reply.code.value(), 550);
    EXPECT_EQ(reply.enhanced, (status::EnhancedCode{5, 1, 1}));
    EXPECT_EQ(reply.name, "recipient-unknown");
    EXPECT_EQ(reply.cause, "recipient.unknown");
    EXPECT_FALSE(reply.positive());
    EXPECT_EQ(wire(reply), "550 5.1.1 <user@example.net>: Recipient address rejected: User unknown in local recipient table\r\n");
}

TEST(Reply, ClosesWith421And521) {
    EXPECT_TRUE(refuse(refusal::stopping).closes());
    EXPECT_TRUE(refuse(refusal::http_or_header).closes());
    EXPECT_FALSE(refuse(refusal::pipelining).closes());
}

TEST(Reply, PositiveOnesNeedNoCause) {
    EXPECT_EQ(wire(reply_ok()), "250 2.0.0 Ok\r\n");
    EXPECT_TRUE(reply_ok().cause.empty());
    EXPECT_EQ(wire(accept(reply::data_go_ahead)), "354 End data with <CR><LF>.<CR><LF>\r\n");
    const QueueId id = QueueId::make(TimePoint(Milliseconds(1'800'000'000'000)), 1, 2, 3);
    EXPECT_EQ(wire(reply_queued(id)), "250 2.0.0 " + to_text(id) + " queued\r\n");
}

TEST(Reply, AValueCannotBreakTheLine) {
    const std::string_view hostile("a\r\n250 ok\n\0b\x7F\xC2\x85\xE2\x80\xA8\xFF{text}", 25);
    const std::string line = wire(refuse(refusal::parameter_unknown, {{"text", hostile}}));
    expect_well_formed(line);
    EXPECT_EQ(line, "555 5.5.4 Unsupported option: a??250 ok??b????{text}\r\n");
}

TEST(Reply, AValueIsCutBetweenCharacters) {
    std::string address;
    for (int i = 0; i < 100; ++i) address += "用户";
    const std::string line = wire(refuse(refusal::relay_denied, {{"address", address}}));
    expect_well_formed(line);
    EXPECT_EQ(line, "554 5.7.1 <" + address.substr(0, 198) + ">: Relay access denied\r\n");
    expect_well_formed(wire(refuse(refusal::relay_denied, {{"address", std::string(1000, '\x80')}})));
}

TEST(Reply, EveryReplyOfTheCatalogueIsALine) {
    const std::string hostile = "\r\n\xFF" + std::string(1000, 'a');
    for (const status::Cause& cause : catalogue::builtin().causes) {
        for (const status::OwnReply& own : cause.replies) {
            const Reply reply = refuse(own, {{"address", hostile},
                                             {"ip", hostile},
                                             {"host", hostile},
                                             {"text", hostile},
                                             {"filter", hostile},
                                             {"seconds", hostile},
                                             {"limit", hostile},
                                             {"size", hostile},
                                             {"list", hostile},
                                             {"url", hostile},
                                             {"user", hostile},
                                             {"command", hostile}});
            ASSERT_TRUE(reply.enhanced) << own.name;
            EXPECT_EQ(reply.enhanced->code_class, reply.code.value() / 100) << own.name;
            expect_well_formed(wire(reply));
        }
    }
}

TEST(Reply, LinesCarryTheCodesEach) {
    Reply reply = reply_ok();
    reply.text = "first\nsecond\n";
    EXPECT_EQ(wire(reply), "250-2.0.0 first\r\n250 2.0.0 second\r\n");
    reply.enhanced.reset();
    reply.text = "";
    EXPECT_EQ(wire(reply), "250 \r\n");
}

TEST(Reply, LongTextIsFoldedAtBlanksOrCharacters) {
    Reply reply = reply_ok();
    for (int i = 0; i < 100; ++i) reply.text += "several words ";
    const std::string folded = wire(reply);
    expect_well_formed(folded);
    EXPECT_EQ(folded.find("severa\r\n"), std::string::npos);
    reply.text.clear();
    for (int i = 0; i < 1000; ++i) reply.text += "字";
    expect_well_formed(wire(reply));
    reply.text = std::string(3000, '\x80') + "\r\n\x01";
    expect_well_formed(wire(reply));
}

TEST(Reply, TextIsBounded) {
    Reply reply = reply_ok();
    reply.text = std::string(1'000'000, 'x');
    EXPECT_LT(wire(reply).size(), 10'000U);
}

TEST(ReplyDeathTest, APlaceWithoutValueIsABug) {
    EXPECT_DEATH(static_cast<void>(refuse(refusal::relay_denied)), "bug");
}

}  // namespace
}  // namespace ph::smtp

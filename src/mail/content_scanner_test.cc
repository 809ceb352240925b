// mail/content_scanner_test.cc: what a message shows on its way through; every text is scanned whole and cut at many places, with the same facts.
#include "mail/content_scanner.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/content_type.h"

namespace ph::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ContentFacts scan_pieces(std::string_view text, std::size_t step) {
    ContentScanner scanner;
    for (std::size_t at = 0; at < text.size(); at += step) scanner.feed(text.substr(at, step));
    return scanner.finish();
}

// The facts, the same for every way to cut the text.
ContentFacts scan(std::string_view text) {
    const ContentFacts facts = scan_pieces(text, text.size() + 1);
    for (const std::size_t step : {1U, 2U, 3U, 7U, 64U}) EXPECT_TRUE(scan_pieces(text, step) == facts) << "step " << step << " of\n" << text;
    return facts;
}

// A multipart around `inner`, which is a header section and a body.
std::string within(const std::string& boundary, const std::string& inner) {
    return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n" + inner + "\r\n--" + boundary + "--\r\n";
}

TEST(ContentScanner, SeesTheFieldsOfAnOrdinaryMessage) {
    const std::string header =
        "Received: from by.example (by [192.0.2.1])\r\n\tby MX.Example.org (Posthorn) with ESMTP id 1;\r\n\tTue, 24 Nov 2026 19:06:31 +0000\r\n"
        "Received: by two.example; Tue, 24 Nov 2026 19:06:31 +0000\r\n"
        "DATE : Tue, 24 Nov 2026 19:06:31 +0000\r\nFrom: a@example.org\r\nmessage-id:\r\n <1@example.org>\r\n"
        "Delivered-To: User@Example.ORG\r\n\r\n";
    const ContentFacts facts = scan(header + "Body\r\n");
    EXPECT_EQ(facts.size, header.size() + 6);
    EXPECT_EQ(facts.header_size, header.size());
    EXPECT_EQ(facts.received, 2U);
    EXPECT_THAT(facts.received_by, ElementsAre("mx.example.org", "two.example"));
    EXPECT_THAT(facts.delivered_to, ElementsAre("user@example.org"));
    EXPECT_EQ(facts.message_id, "<1@example.org>");
    EXPECT_TRUE(facts.has_from && facts.has_date && facts.has_message_id);
    EXPECT_FALSE(facts.bad_header || facts.eight_bit || facts.eight_bit_header);
    EXPECT_EQ(facts.mime_depth, 0U);
    EXPECT_EQ(facts.longest_line, 57U);
}

TEST(ContentScanner, FieldsInTheBodyDoNotCount) {
    const ContentFacts facts =
        scan("Subject: x\r\n\r\nReceived: by x\r\nFrom: y\r\nDate: z\r\nMessage-ID: <1@x>\r\nDelivered-To: a@b\r\nnot a field\r\n");
    EXPECT_EQ(facts.received, 0U);
    EXPECT_FALSE(facts.has_from || facts.has_date || facts.has_message_id || facts.bad_header);
    EXPECT_THAT(facts.delivered_to, IsEmpty());
}

TEST(ContentScanner, NoticesLinesThatAreNoFields) {
    for (const char* header : {"no colon here\r\n", ": no name\r\n", "two words: x\r\n", " continues nothing\r\n", "na\x01me: x\r\n",
                               "n\xc3\xa4me: x\r\n", "From a@b Tue\r\n"}) {
        EXPECT_TRUE(scan(std::string(header) + "From: x\r\n\r\n").bad_header) << header;
    }
    for (const char* header : {"X:\r\n", "X: y\r\n", "X \t: y\r\n", "!#$%&: y\r\n", "X: y\r\n z\r\n\tz\r\n", "X: y\r\n \r\n"}) {
        EXPECT_FALSE(scan(std::string(header) + "\r\n").bad_header) << header;
    }
}

TEST(ContentScanner, EndsTheHeaderSectionAtTheFirstEmptyLine) {
    EXPECT_EQ(scan("\r\nbody\r\n").header_size, 2U);
    EXPECT_EQ(scan("A: b\r\n\r\n\r\n").header_size, 8U);
    EXPECT_EQ(scan("A: b\r\n").header_size, 6U);
    EXPECT_EQ(scan("A: b\r\nFrom: x").header_size, 13U);
    EXPECT_TRUE(scan("A: b\r\nFrom: x").has_from);
    EXPECT_EQ(scan("").header_size, 0U);
}

TEST(ContentScanner, TellsEightBitInHeaderAndBodyApart) {
    EXPECT_TRUE(scan("Subject: \xc3\xa4\r\n\r\n").eight_bit_header);
    EXPECT_TRUE(scan("Subject: \xc3\xa4\r\n\r\n").eight_bit);
    EXPECT_FALSE(scan("Subject: a\r\n\r\n\xc3\xa4\r\n").eight_bit_header);
    EXPECT_TRUE(scan("Subject: a\r\n\r\n" + std::string(1000, 'x') + "\xc3\xa4" + std::string(1000, 'x') + "\r\n").eight_bit);
    EXPECT_FALSE(scan("Subject: a\r\n\r\n" + std::string(1000, 'x')).eight_bit);
}

TEST(ContentScanner, MeasuresTheLongestLineWhereverItStands) {
    const std::string header = "A: b\r\n\r\n";
    EXPECT_EQ(scan(header + "12345\r\n123\r\n").longest_line, 5U);
    EXPECT_EQ(scan(header + "123\r\n12345\r\n123\r\n").longest_line, 5U);
    EXPECT_EQ(scan(header + "123\r\n123456").longest_line, 6U);
    EXPECT_EQ(scan(header + std::string(100'000, 'x') + "\r\n1\r\n").longest_line, 100'000U);
    EXPECT_EQ(scan(header + std::string(50, 'x') + "\r\n" + std::string(51, 'x') + "\r\n" + std::string(50, 'x') + "\r\n").longest_line, 51U);
    EXPECT_EQ(scan("Subject: " + std::string(5000, 'x') + "\r\n\r\n1\r\n").longest_line, 5009U);
    // Lines without CR count all of their octets.
    EXPECT_EQ(scan(header + "12345\n123456\n12345\n").longest_line, 6U);
    EXPECT_EQ(scan(header + "12345\n1234\r\n").longest_line, 5U);
}

TEST(ContentScanner, FollowsNestedMultiparts) {
    const std::string leaf = "Content-Type: text/plain\r\n\r\nHello\r\n";
    EXPECT_EQ(scan(leaf).mime_depth, 0U);
    EXPECT_EQ(scan(within("a", leaf)).mime_depth, 1U);
    EXPECT_EQ(scan(within("a", within("b", leaf))).mime_depth, 2U);
    EXPECT_EQ(scan(within("a", within("ab", within("abc", leaf)))).mime_depth, 3U);
    EXPECT_EQ(scan(within("a", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" + within("b", leaf))).mime_depth, 3U);
}

TEST(ContentScanner, PartsBesideEachOtherDoNotAddUp) {
    const std::string leaf = "\r\nHello\r\n";
    std::string text = "Content-Type: multipart/mixed; boundary=outer\r\n\r\n";
    for (const char* boundary : {"a", "b", "c"}) text += "--outer\r\n" + within(boundary, leaf) + "\r\n";
    EXPECT_EQ(scan(text + "--outer--\r\n").mime_depth, 2U);
}

TEST(ContentScanner, AnOuterDelimiterEndsWhatWasLeftOpen) {
    const std::string text =
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nopen\r\n"
        "--a\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--a--\r\n--a\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n";
    EXPECT_EQ(scan(text).mime_depth, 2U);
}

TEST(ContentScanner, DoesNotTakeOtherLinesForDelimiters) {
    const std::string text =
        "Content-Type: multipart/mixed; boundary=abc\r\n\r\n--abcd\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "-- abc\r\n\r\n--ab\r\n\r\nx --abc\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n";
    EXPECT_EQ(scan(text).mime_depth, 1U);
}

TEST(ContentScanner, StopsAtAHundredLevels) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        const std::string boundary = "b" + std::to_string(i);
        text += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
    }
    EXPECT_EQ(scan_pieces(text, 1000).mime_depth, 100U);
    std::string messages;
    for (int i = 0; i < 300; ++i) messages += "Content-Type: message/rfc822\r\n\r\n";
    EXPECT_EQ(scan_pieces(messages, 1000).mime_depth, 100U);
}

TEST(ContentScanner, FollowsNoBoundaryOverSeventyCharacters) {
    const std::string leaf = "\r\nx";
    EXPECT_EQ(scan(within("a", within(std::string(70, 'b'), within("c", leaf)))).mime_depth, 3U);
    EXPECT_EQ(scan(within("a", within(std::string(71, 'b'), within("c", leaf)))).mime_depth, 2U);
}

TEST(ContentScanner, KeepsABoundedNumberOfValues) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "Received: by h" + std::to_string(i) + "; x\r\nDelivered-To: " + std::string(5000, 'x') + "@y\r\n";
    text += "Message-ID: <" + std::string(5000, 'x') + ">\r\nMessage-ID: <2@x>\r\n\r\n";
    const ContentFacts facts = scan_pieces(text, 997);
    EXPECT_EQ(facts.received, 500U);
    EXPECT_EQ(facts.received_by.size(), 100U);
    EXPECT_EQ(facts.delivered_to.size(), 20U);
    EXPECT_EQ(facts.delivered_to[0].size(), 255U);
    EXPECT_EQ(facts.message_id.size(), 255U);
}

TEST(ContentScanner, ReadsTheByHostPastCommentsAndNames) {
    EXPECT_THAT(scan("Received: (by comment (by nested)) from by (by [1.2.3.4]) by host.example(x) with SMTP; d\r\n\r\n").received_by,
                ElementsAre("host.example"));
    EXPECT_THAT(scan("Received: from a.example; by nobody\r\n\r\n").received_by, IsEmpty());
    EXPECT_THAT(scan("Received: (unfinished by x\r\n\r\n").received_by, IsEmpty());
}

}  // namespace
}  // namespace ph::mail

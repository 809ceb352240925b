// mail/trace_test.cc: trace fields to the octet, and hostile clients that try to write their own (RFC 5321 4.4).
#include "mail/trace.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/content_scanner.h"

namespace ph::mail {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

constexpr TimePoint evening{std::chrono::milliseconds(1'795'547'191'000)};

Received sample() {
    Received received;
    received.helo = "client.example";
    received.client_name = "mail.client.example";
    received.client_address = "192.0.2.1";
    received.hostname = "mx.example.org";
    received.protocol = "ESMTP";
    received.id = QueueId(123456789);
    received.when = evening;
    return received;
}

// Nothing but the one field: each line but the first is a continuation.
void expect_one_field(const std::string& field) {
    ASSERT_TRUE(field.ends_with("\r\n"));
    for (std::size_t at = 0; at + 2 < field.size(); ++at) {
        const auto c = static_cast<unsigned char>(field[at]);
        if (c == '\r') {
            EXPECT_EQ(field[at + 1], '\n');
            EXPECT_EQ(field[at + 2], '\t');
        } else if (c != '\n' && c != '\t') {
            EXPECT_GE(c, 0x20);
        }
        EXPECT_TRUE(c != '\n' || field[at - 1] == '\r');
    }
}

TEST(Trace, WritesReceivedAsTheGrammarHasIt) {
    Received received = sample();
    const Mailbox recipient{"a b", "example.org"};
    received.recipient = &recipient;
    EXPECT_EQ(received_field(received),
              "Received: from client.example (mail.client.example [192.0.2.1])\r\n"
              "\tby mx.example.org (Posthorn) with ESMTP id " +
                  to_text(received.id) +
                  "\r\n"
                  "\tfor <\"a b\"@example.org>;\r\n"
                  "\t" +
                  rfc5322_date(evening) + "\r\n");
}

TEST(Trace, NamesNoRecipientWhenThereAreSeveral) {
    EXPECT_THAT(received_field(sample()), Not(HasSubstr("for <")));
}

TEST(Trace, WritesIpv6AndUnknownNames) {
    Received received = sample();
    received.client_name = {};
    received.client_address = "2001:db8::1";
    EXPECT_THAT(received_field(received), HasSubstr("from client.example ([IPv6:2001:db8::1])\r\n"));
    received.helo = "[IPv6:2001:db8::1]";
    EXPECT_THAT(received_field(received), HasSubstr("from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n"));
}

TEST(Trace, LocalMailHasNoAddress) {
    Received received = sample();
    received.client_address = {};
    received.client_name = {};
    EXPECT_THAT(received_field(received), HasSubstr("from client.example (local)\r\n"));
    received.helo = {};
    received.protocol = {};
    EXPECT_THAT(received_field(received), testing::StartsWith("Received: by mx.example.org (Posthorn) id "));
}

TEST(Trace, TellsTlsInAComment) {
    Received received = sample();
    received.tls = "TLSv1.3 (x)";
    EXPECT_THAT(received_field(received), HasSubstr("\r\n\t(TLSv1.3 ?x?);\r\n"));
}

TEST(Trace, PutsUtf8AddressesOnlyIntoUtf8Mail) {
    Received received = sample();
    const Mailbox recipient{"用户", "例子.中国"};
    received.recipient = &recipient;
    EXPECT_THAT(received_field(received), Not(HasSubstr("for <")));
    received.protocol = "UTF8SMTP";
    EXPECT_THAT(received_field(received), HasSubstr("with UTF8SMTP id"));
    EXPECT_THAT(received_field(received), HasSubstr("for <用户@例子.中国>;"));
}

TEST(Trace, NothingFromTheClientCanEndTheField) {
    for (const std::string& evil :
         {"x\r\nSubject: injected"s, "x\nSubject: y"s, "x) by evil (y"s, "a\0b"s, "\xff\xfe"s, "x\\"s, "\xe2\x80\xa8x"s, std::string(5000, 'h')}) {
        Received received = sample();
        received.helo = evil;
        received.client_name = evil;
        received.protocol = evil;
        received.tls = evil;
        const Mailbox recipient{evil, evil};
        received.recipient = &recipient;
        const std::string field = received_field(received);
        expect_one_field(field);
        ContentScanner scanner;
        scanner.feed(field);
        EXPECT_THAT(scanner.finish().received_by, testing::ElementsAre("mx.example.org")) << field;
        EXPECT_LE(scanner.facts().longest_line, 998U);
        expect_one_field(return_path_field(recipient));
        expect_one_field(delivered_to_field(recipient));
        expect_one_field(message_id_field(evil, evil));
    }
}

TEST(Trace, WritesTheShortFields) {
    EXPECT_EQ(return_path_field({}), "Return-Path: <>\r\n");
    EXPECT_EQ(return_path_field({"a", "b.example"}), "Return-Path: <a@b.example>\r\n");
    EXPECT_EQ(delivered_to_field({"a b", "c.example"}), "Delivered-To: \"a b\"@c.example\r\n");
    EXPECT_EQ(date_field(evening), "Date: " + rfc5322_date(evening) + "\r\n");
    EXPECT_EQ(message_id_field("0A1B.1", "mx.example.org"), "Message-ID: <0A1B.1@mx.example.org>\r\n");
}

}  // namespace
}  // namespace ph::mail

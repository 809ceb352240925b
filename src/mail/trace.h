// mail/trace.h: the fields that a mail system puts before a message: Received:, Return-Path:, Delivered-To: (RFC 5321 4.4), and on submission
// Date: and Message-ID: (RFC 6409 8). Each function gives one whole field with its CRLF.
#pragma once

#include <string>
#include <string_view>

#include "base/queue_id.h"
#include "base/time.h"
#include "mail/mailbox.h"

namespace ph::mail {

// Everything from the client is made harmless on the way out.
struct Received {
    std::string_view helo;            // as the client gave it; "" if it gave none
    std::string_view client_name;     // from the DNS, confirmed; "" if unknown
    std::string_view client_address;  // "192.0.2.1", "2001:db8::1"; "" if it came over a local socket
    std::string_view hostname;        // ours
    std::string_view protocol;        // "ESMTP", "UTF8SMTP", "LMTP" … (RFC 3848, RFC 6531 4.3); "" leaves the clause out
    std::string_view tls;             // "TLSv1.3 with cipher …" as a comment; "" without TLS
    QueueId id;
    const Mailbox* recipient = nullptr;  // set only if there is just one: `for` must not tell one recipient of another (RFC 5321 7.6)
    TimePoint when{};
};
std::string received_field(const Received& received);

std::string return_path_field(const Mailbox& reverse_path);
std::string delivered_to_field(const Mailbox& recipient);
std::string date_field(TimePoint when);
// Message-ID: <unique@hostname>; `unique` is a dot-atom that the caller makes (the queue id has all it takes).
std::string message_id_field(std::string_view unique, std::string_view hostname);

}  // namespace ph::mail

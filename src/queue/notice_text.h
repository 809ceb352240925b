// queue/notice_text.h: the part of a notice that a person reads (RFC 3464 2, first part), in English and Chinese: what happened, why, what the
// sender and the administrators can do, by the texts of the catalogue; then the peer's own words.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/queue_id.h"
#include "base/time.h"
#include "explain/explainer.h"
#include "mail/mailbox.h"

namespace ph::queue {

enum class NoticeKind : std::uint8_t { failed, delayed, delivered, relayed, expanded };

// One recipient as a notice tells of it.
struct NoticeRecipient {
    std::string address;     // as the sender knows it
    std::string reply;       // what explains it: the peer's words, or ours
    bool from_peer = false;  // they are the peer's
    std::string remote;      // "mx.example.org[192.0.2.1]:25"
    std::string host;        // "mx.example.org", a hint to whose words they are
    std::string command;     // "RCPT TO"
    TimePoint tried_at{};
    std::uint32_t attempts = 0;
    bool expired = false;  // failed because the lifetime is over
};

struct NoticeFacts {
    NoticeKind kind = NoticeKind::failed;
    bool double_bounce = false;  // it goes to the postmaster, who is not the sender
    std::string hostname;
    QueueId id;
    TimePoint arrived{};
    std::string sender;
    std::string message_id;   // without brackets; "" unknown
    TimePoint retry_until{};  // delayed
};

// UTF-8, lines of at most 76 columns ended by '\n'.
struct NoticeText {
    std::string english;
    std::string chinese;
};

NoticeText notice_text(const NoticeFacts& facts, std::span<const NoticeRecipient> recipients, explain::Explainer& explainer);

}  // namespace ph::queue

// queue/judge.h: what becomes of a recipient after an attempt: delivered, tried again, or failed. The class of the code decides; the rows of the
// situations table that know better are here (109, 113, 115, 124). Pure.
#pragma once

#include "deliver/transport.h"
#include "shaping/concurrency.h"
#include "spool/spool.h"

namespace ph::queue {

struct Judgement {
    deliver::Ending ending = deliver::Ending::deferred;
    status::EnhancedCode status{4, 0, 0};  // its class is that of the ending
};

// What the recipient went through before.
struct History {
    TimePoint now{};
    TimePoint since{};                  // from when on each attempt ended with this status
    std::uint16_t protocol_errors = 0;  // of the job, this attempt's included
    Seconds mailbox_full_grace{};
};

Judgement judge(const deliver::RecipientOutcome& outcome, const History& history);

// From when on the recipient's attempts end as this one did.
TimePoint since_when(const spool::PendingRecipient& pending, const deliver::RecipientOutcome& outcome, TimePoint now);

// The peer did not talk SMTP (situation 115): the message may be what it cannot stand, so that the message waits and not its host.
bool is_protocol_error(const deliver::RecipientOutcome& outcome);

shaping::HostNews host_news(const deliver::Attempt& attempt);

// "mx.example.org[192.0.2.1]:25"; "" if nobody was reached.
std::string remote_text(const deliver::RecipientOutcome& outcome);

// At most `max` octets of the text, no character halved.
std::string_view head_of(std::string_view text, std::size_t max);

}  // namespace ph::queue

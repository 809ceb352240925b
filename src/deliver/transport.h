// deliver/transport.h: one attempt to deliver one job, and what came of it for each recipient. Transports know protocols and files, nothing of
// retry times: the queue decides by the outcome.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "directory/directory.h"
#include "smtp/peer_reply.h"
#include "spool/spool.h"
#include "status/enhanced_code.h"

namespace ph::deliver {

enum class Ending : std::uint8_t { delivered, deferred, failed };

struct RecipientOutcome {
    Ending ending = Ending::deferred;
    status::EnhancedCode status{4, 0, 0};
    smtp::PeerReply reply;        // the peer's, or Lost; for our own findings empty
    std::string text;             // for a person and the Diagnostic-Code: the reply with its frame, as a log shows it
    std::string diagnostic_type;  // "smtp", or "x-posthorn" for our own findings
    std::string remote_host;      // "mx.example.org"; "" if none was reached
    std::string remote_address;   // "192.0.2.1:25"
    std::string command;          // "RCPT TO", "" at connect
    bool relayed_without_dsn = false;  // delivered to a server that lacks DSN: tell NOTIFY=SUCCESS senders "relayed" (RFC 3461 5.2.2)
    bool dsn_passed_on = false;        // the next server took over the duty to report success
    bool final_delivery = false;       // into a mailbox: "delivered" rather than "relayed"
    std::uint32_t situation = 0;       // row of the situations table, 0 if none fits
};

// What the destination as a whole showed; shaping learns from it.
struct AttemptFacts {
    bool reached = false;       // a session was open at least up to MAIL
    bool host_trouble = false;  // the fault is the host's or the way to it, not this message's
    Milliseconds took{};
    std::uint32_t connections_opened = 0;
};

struct Attempt {
    std::vector<RecipientOutcome> outcomes;  // one for each recipient of the job, in order
    AttemptFacts facts;
};

class Transport {
  public:
    virtual ~Transport() = default;
    // `work` outlives the task. The body is work.body, or read from the spool.
    virtual io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) = 0;
};

}  // namespace ph::deliver

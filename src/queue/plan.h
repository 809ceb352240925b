// queue/plan.h: recipients as the directory resolved them, put together into jobs: one for each destination and reverse-path (RFC 5321 3.6.2),
// with the rules of RFC 3461 5.2.7 for what aliases do to NOTIFY=SUCCESS.
#pragma once

#include <vector>

#include "directory/directory.h"
#include "spool/spool.h"

namespace ph::queue {

// A recipient of RCPT with what it resolved to.
struct Accepted {
    mail::Recipient recipient;
    std::vector<directory::Target> targets;
};

// RFC 5321 4.5.3.1.8: a server must take 100 recipients, so a job never needs more than one transaction.
inline constexpr std::size_t recipients_per_job = 100;

// The same target of several recipients gets the message once.
std::vector<spool::JobPlan> plan_jobs(const std::vector<Accepted>& recipients, const mail::Mailbox& reverse_path);

}  // namespace ph::queue

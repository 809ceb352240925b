// deliver/finding.h: outcomes that we find out ourselves, without a peer: local deliveries, a body that cannot be read, a route that says no.
#pragma once

#include <string>
#include <string_view>

#include "deliver/obstacle.h"
#include "deliver/transport.h"

namespace ph::deliver {

RecipientOutcome delivered_here(std::string text);
// The ending follows from the class of the status: 4 is deferred, 5 failed.
RecipientOutcome finding(status::EnhancedCode status, std::uint32_t situation, std::string text);
// Situation 124: a full disk is 4.3.1, an exceeded quota 4.2.2, all else 4.3.0; never a failure for good, because the fault is ours.
RecipientOutcome finding(const Obstacle& obstacle);
// The spool could not give the body: damaged is situation 131.
RecipientOutcome finding(const store::StoreFault& fault);

// True for obstacles that every delivery here would meet: the disk is full, broken or read-only.
bool is_host_trouble(const Obstacle& obstacle);

// One line of printable UTF-8 of at most 400 octets from words that a program or a table said.
std::string one_line(std::string_view text);

}  // namespace ph::deliver

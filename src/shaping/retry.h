// shaping/retry.h: when to try again (RFC 5321 4.5.4.1): exponentially growing pauses with jitter, the wait that the peer asked for, and one last
// try just before the lifetime ends. Pure: the clock and the dice are arguments.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace ph::shaping {

struct RetryRule {
    Seconds first{300};
    Seconds max{4 * 3600};
    std::uint32_t factor = 2;
};

struct RetryState {
    std::uint32_t attempts = 1;  // made so far, this one included
    TimePoint now{};
    TimePoint expires_at{};
    Seconds asked{0};  // the peer said when to come back; 0: it did not
};

// The pause after that many attempts, before jitter and whatever the peer asks.
Seconds pause_after(const RetryRule& rule, std::uint32_t attempts);

// nullopt: the lifetime is over and the message is returned. Never later than `expires_at`.
std::optional<TimePoint> next_attempt(const RetryRule& rule, const RetryState& state, std::uint64_t random);

// The last try stands this long before the end; a failure within it is final.
Milliseconds last_try_margin(const RetryRule& rule);

}  // namespace ph::shaping

// shaping/retry.cc: pauses of 5, 10, 20 … minutes, an eighth more or less, so that messages which failed together do not come back together.
#include "shaping/retry.h"

#include <algorithm>

namespace ph::shaping {
namespace {

// A peer may ask for less than the first pause (greylisting: 60 s), but is believed only in the first attempts, and never for less than this.
constexpr Seconds shortest_asked{60};
constexpr std::uint32_t believed_attempts = 3;
// RFC 5321 4.5.4.1 wants several tries in the lifetime; a peer that asks for weeks is not obeyed.
constexpr Seconds longest_asked{24 * 3600};

Milliseconds jitter(Milliseconds pause, std::uint64_t random) {
    const std::int64_t span = pause.count() / 8;
    return Milliseconds(span == 0 ? 0 : static_cast<std::int64_t>(random % static_cast<std::uint64_t>(2 * span + 1)) - span);
}

Milliseconds pause_for(const RetryRule& rule, const RetryState& state, std::uint64_t random) {
    const Milliseconds usual = pause_after(rule, state.attempts);
    const Milliseconds own = usual + jitter(usual, random);
    if (state.asked <= Seconds(0)) return own;
    const Milliseconds asked = std::clamp(state.asked, std::min(shortest_asked, rule.first), longest_asked);
    // Earlier than asked for is useless: the jitter only adds.
    const Milliseconds then = asked + std::chrono::abs(jitter(asked, random));
    return state.attempts <= believed_attempts ? then : std::max(own, then);
}

}  // namespace

Seconds pause_after(const RetryRule& rule, std::uint32_t attempts) {
    Seconds pause = std::min(rule.first, rule.max);
    for (std::uint32_t made = 1; made < attempts && pause < rule.max && rule.factor > 1; ++made) {
        pause = pause > rule.max / rule.factor ? rule.max : pause * rule.factor;
    }
    return pause;
}

Milliseconds last_try_margin(const RetryRule& rule) {
    return std::min<Milliseconds>(Seconds(60), Milliseconds(rule.first) / 2);
}

std::optional<TimePoint> next_attempt(const RetryRule& rule, const RetryState& state, std::uint64_t random) {
    const TimePoint last = state.expires_at - last_try_margin(rule);
    if (state.now >= last) return std::nullopt;
    return std::min(state.now + pause_for(rule, state, random), last);
}

}  // namespace ph::shaping

// queue/conclusion.h: what an attempt means for the job as a whole: who is done, when the rest is tried again or that its time is over, what is
// kept with the job, and whether the sender hears of a delay. A function of the work, the attempt, the clock and the dice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deliver/transport.h"
#include "explain/explainer.h"
#include "queue/params.h"
#include "spool/spool.h"

namespace ph::queue {

// Of one recipient; the index is that of work.data.recipients and attempt.outcomes.
struct Fate {
    deliver::Ending ending = deliver::Ending::deferred;
    status::EnhancedCode status{4, 0, 0};
    bool expired = false;  // failed only because the lifetime is over (row 130)
    std::string cause;     // catalogue id; "" when delivered
};

struct Conclusion {
    std::vector<Fate> fates;
    spool::JobOutcome outcome;
    bool tell_delay = false;
    TimePoint expires_at{};
};

struct Circumstances {
    const QueueParams& params;
    const Limits& limits;
    TimePoint now{};
    std::uint64_t random = 0;
    // Nothing was tried because the destination is dead: then the time of its next probe.
    std::optional<TimePoint> resting_until;
};

Conclusion conclude(const spool::Work& work, const deliver::Attempt& attempt, const Circumstances& circumstances, explain::Explainer& explainer);

// When the message is given up: the time it was accepted with, or the destination's own lifetime.
TimePoint expiry_of(const spool::Work& work, const Limits& limits);
TimePoint arrival_of(const spool::Work& work);
// What explains an outcome: the peer's words, or ours.
std::string_view words_of(const deliver::RecipientOutcome& outcome);
// A job of a dead destination has nothing to be told or decided yet and may simply wait.
bool may_rest(const spool::Work& work, const Circumstances& circumstances);

// The settlement when notices cannot be made now: those who failed stay, so that they fail again later, when their sender can be told.
spool::JobOutcome postponed(const spool::Work& work, const Conclusion& conclusion, const Circumstances& circumstances);

}  // namespace ph::queue

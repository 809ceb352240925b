// queue/records.cc: the records' fields, in the order in which a person reads them.
#include "queue/records.h"

#include <cstdio>

#include "queue/judge.h"

namespace ph::queue {
namespace {

using deliver::Ending;
using obs::Level;

std::string_view event_of(Ending ending) {
    return ending == Ending::delivered ? "queue.delivered" : ending == Ending::deferred ? "queue.deferred" : "queue.failed";
}

std::string seconds_text(Milliseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1000);
    return text;
}

}  // namespace

void log_attempt(obs::Log& log, const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion, TimePoint now) {
    if (!log.enabled(Level::info)) return;
    const std::string id = to_text(work.id);
    const std::string from = to_text(work.data.reverse_path);
    const std::string attempts = std::to_string(conclusion.outcome.attempts);
    const std::string delay = seconds_text(now - arrival_of(work));
    const std::string next = conclusion.outcome.done ? std::string() : rfc3339_date(conclusion.outcome.next_at);
    for (std::size_t index = 0; index < conclusion.fates.size(); ++index) {
        const Fate& fate = conclusion.fates[index];
        const deliver::RecipientOutcome& said = attempt.outcomes[index];
        const spool::PendingRecipient& pending = work.data.recipients[index];
        const std::string to = to_text(pending.recipient.address);
        const std::string original = pending.original == pending.recipient.address ? std::string() : to_text(pending.original);
        const std::string relay = said.remote_host.empty() && said.remote_address.empty() ? work.job.queue : remote_text(said);
        const std::string status = to_text(fate.status);
        log.write(Level::info, event_of(fate.ending),
                  {{"id", id},
                   {"from", from},
                   {"to", to},
                   {"original_to", original},
                   {"relay", relay},
                   {"status", status},
                   {"cause", fate.cause},
                   {"delay", delay},
                   {"attempts", attempts},
                   {"reply", words_of(said)},
                   {"next", fate.ending == Ending::deferred ? std::string_view(next) : std::string_view()}});
    }
}

void log_notice(obs::Log& log, QueueId about, QueueId notice, const NoticePlan& plan) {
    static constexpr std::string_view kinds[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
    const std::string_view kind = plan.double_bounce ? "double-bounce" : kinds[static_cast<std::size_t>(plan.kind)];
    log.write(Level::info, plan.kind == NoticeKind::failed ? "queue.bounced" : "queue.notified",
              {{"id", to_text(about)}, {"notice", to_text(notice)}, {"to", to_text(plan.to)}, {"kind", kind}});
}

void log_dropped(obs::Log& log, const spool::Work& work, std::string_view why) {
    log.write(Level::error, "queue.dropped", {{"id", to_text(work.id)}, {"from", to_text(work.data.reverse_path)}, {"why", why}});
}

}  // namespace ph::queue

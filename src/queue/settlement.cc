// queue/settlement.cc: the end of an attempt: what it means, the notices it calls for, and one batch with all of that. A batch that the spool does
// not take is tried again as long as the attempt holds its job, for a delivery that is not written down would happen twice.
#include <algorithm>

#include "queue/plan.h"
#include "queue/records.h"
#include "queue/runner_core.h"

namespace ph::queue {
namespace {

using deliver::Attempt;
using spool::Submission;
using spool::Work;
using store::Stored;
using store::Trouble;

// Of a message that comes back with its header alone.
constexpr std::uint64_t most_header = 64ULL * 1024;
constexpr unsigned longest_wait_shift = 6;  // 64 s between tries on a failing disk

std::string head_of_body(const store::BodyText& body, std::uint64_t max) {
    std::string text;
    for (const std::string& chunk : body.chunks) {
        if (text.size() >= max) break;
        text.append(chunk, 0, static_cast<std::size_t>(max - text.size()));
    }
    return text;
}

}  // namespace

struct RunnerCore::Settlement {
    const Work& work;
    const Attempt& attempt;
    std::shared_ptr<const Settings> settings;
    Limits limits;
    Circumstances circumstances;
    Conclusion conclusion;
    std::vector<NoticePlan> plans;
    // Made anew for each try: a commit takes the drafts.
    std::vector<Submission> notices;
    std::vector<NoticePlan> made;  // what each of the notices is
    std::string original;
    bool original_read = false;
    bool original_whole = false;
    bool postponed = false;  // the notices cannot be made now
    bool reported_drop = false;
    unsigned tries = 0;

    Settlement(const Work& of, const Attempt& after, std::shared_ptr<const Settings> by, const Limits& within, TimePoint now, std::uint64_t random,
               std::optional<TimePoint> resting_until)
        : work(of), attempt(after), settings(std::move(by)), limits(within), circumstances{settings->params(), limits, now, random, resting_until} {}
};

io::Task<void> RunnerCore::finish(Self self, const Work& work, const Attempt& attempt, std::optional<TimePoint> resting_until) {
    const Limits limits = self->settings_->limits_for(work.job.queue);
    Settlement settlement(work, attempt, self->settings_, limits, self->now(), self->parts_.world.random(), resting_until);
    settlement.conclusion = conclude(work, attempt, settlement.circumstances, self->explainer_);
    log_attempt(self->parts_.log, work, attempt, settlement.conclusion, settlement.circumstances.now);
    NoticePlans plans = plan_notices(work, attempt, settlement.conclusion, settlement.circumstances.params);
    settlement.plans = std::move(plans.plans);
    if (plans.dropped) log_dropped(self->parts_.log, work, "a message with the null reverse-path failed, and nobody is left to be told");
    co_await settle(self, settlement);
}

io::Task<void> RunnerCore::settle(Self self, Settlement& settlement) {
    while (!self->abandoned_) {
        const bool settled = co_await settle_once(self, settlement);
        if (settled) break;
        const unsigned shift = std::min(settlement.tries++, longest_wait_shift);
        co_await self->parts_.world.sleep(Milliseconds(1000) * (1U << shift));
    }
}

// False: try again later.
io::Task<bool> RunnerCore::settle_once(Self self, Settlement& settlement) {
    settlement.notices.clear();
    settlement.made.clear();
    if (!settlement.postponed && !settlement.plans.empty()) {
        const bool made = co_await make_notices(self, settlement);
        if (self->abandoned_) co_return true;
        settlement.postponed = !made;
        if (!made) settlement.notices.clear();
    }
    std::vector<spool::JobOutcome> outcomes;
    outcomes.push_back(settlement.postponed ? postponed(settlement.work, settlement.conclusion, settlement.circumstances)
                                            : settlement.conclusion.outcome);
    std::vector<QueueId> ids;
    for (const Submission& notice : settlement.notices) ids.push_back(notice.id);
    const spool::Lifetime lifetime = settlement.settings->lifetime({}, !self->stopping_);
    std::vector<Submission> notices = std::move(settlement.notices);
    Stored<std::vector<Work>> kept = co_await self->parts_.spool.settle(std::move(outcomes), std::move(notices), lifetime);
    if (self->abandoned_) co_return true;
    if (!kept) co_return self->take_fault(settlement, kept.error());
    for (std::size_t index = 0; index < ids.size(); ++index) log_notice(self->parts_.log, settlement.work.id, ids[index], settlement.made[index]);
    self->submit(*std::move(kept));
    co_return true;
}

// True: there is nothing more to settle.
bool RunnerCore::take_fault(Settlement& settlement, const store::StoreFault& fault) {
    if (fault.trouble == Trouble::gone) {
        parts_.log.write(obs::Level::notice, "queue.gone", {{"id", to_text(settlement.work.id)}, {"why", fault.message}});
        return true;
    }
    parts_.log.write(obs::Level::warning, "queue.settle_failed", {{"id", to_text(settlement.work.id)}, {"why", fault.message}});
    // A full spool takes no new messages, but marks on old ones: then those who failed wait for a notice.
    if (fault.trouble == Trouble::full) settlement.postponed = true;
    return false;
}

// False: not now.
io::Task<bool> RunnerCore::make_notices(Self self, Settlement& settlement) {
    if (!settlement.original_read) co_await read_original(self, settlement);
    for (const NoticePlan& plan : settlement.plans) {
        NoticePlan copy = plan;
        const bool made = co_await make_notice(self, settlement, copy);
        if (!made) co_return false;
    }
    co_return true;
}

io::Task<bool> RunnerCore::make_notice(Self self, Settlement& settlement, NoticePlan& plan) {
    using directory::Existence;
    for (;;) {
        mail::Mailbox to = plan.to;
        const directory::Resolution found = co_await self->parts_.resolve(std::move(to));
        if (self->abandoned_) co_return false;
        if (found.existence == Existence::table_down || found.existence == Existence::misconfigured) co_return false;
        const bool reachable = found.existence == Existence::deliverable || found.existence == Existence::not_ours;
        if (reachable && !found.targets.empty()) {
            Accepted accepted;
            accepted.recipient.address = plan.to;
            accepted.recipient.notify.bits = mail::Notify::never;  // RFC 3461 6.1: nothing is reported about a report
            accepted.targets = found.targets;
            std::vector<Accepted> recipients;
            recipients.push_back(std::move(accepted));
            std::vector<spool::JobPlan> jobs = plan_jobs(recipients, {});
            NoticePlan copy = plan;
            std::optional<Submission> notice = co_await submission(self, settlement, std::move(copy), std::move(jobs));
            if (!notice) co_return false;
            settlement.notices.push_back(*std::move(notice));
            settlement.made.push_back(plan);
            co_return true;
        }
        if (make_double_bounce(plan, settlement.settings->params())) continue;
        if (!std::exchange(settlement.reported_drop, true)) {
            log_dropped(self->parts_.log, settlement.work, "no notice can be sent to " + to_text(plan.to) + ": it does not exist");
        }
        co_return true;
    }
}

io::Task<std::optional<Submission>> RunnerCore::submission(Self self, const Settlement& settlement, NoticePlan plan,
                                                           std::vector<spool::JobPlan> jobs) {
    NoticeContext context;
    context.hostname = self->parts_.hostname;
    context.now = settlement.circumstances.now;
    context.random = {self->parts_.world.random(), self->parts_.world.random()};
    context.id = self->parts_.spool.next_id();
    context.original = settlement.original;
    context.original_whole = settlement.original_whole;
    Notice notice = write_notice(plan, settlement.work, settlement.attempt, settlement.conclusion, context, self->explainer_);
    Submission made;
    made.id = context.id;
    made.info = std::move(notice.info);
    made.jobs = std::move(jobs);
    made.draft = self->parts_.spool.draft();
    if (!made.draft->append(notice.content)) {
        const Stored<void> room = co_await self->parts_.spool.writable(*made.draft);
        if (!room) co_return std::nullopt;
    }
    co_return made;
}

// A body that cannot be read does not keep the sender from being told: the notice then lacks its last part.
io::Task<void> RunnerCore::read_original(Self self, Settlement& settlement) {
    settlement.original_read = true;
    const bool whole = std::ranges::any_of(settlement.plans, [](const NoticePlan& plan) { return plan.whole_original; });
    const std::uint64_t max = whole ? std::max(most_header, settlement.work.size) : most_header;
    if (settlement.work.body != nullptr) {
        settlement.original = head_of_body(*settlement.work.body, max);
    } else {
        Stored<std::string> read = co_await self->parts_.spool.body(settlement.work.id, max);
        if (read) settlement.original = *std::move(read);
        if (!read) {
            self->parts_.log.write(obs::Level::warning, "queue.body_unreadable",
                                   {{"id", to_text(settlement.work.id)}, {"why", read.error().message}});
        }
    }
    settlement.original_whole = settlement.original.size() == settlement.work.size;
}

}  // namespace ph::queue

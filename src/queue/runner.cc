// queue/runner.cc: what runs when. Destinations with work that is ready stand in a round and start one attempt a turn; free places are filled from
// the spool, a few jobs of each due destination. Everything happens on the loop's thread between two co_awaits, so no state needs a lock.
#include "queue/runner.h"

#include <algorithm>

#include "base/assert.h"
#include "queue/judge.h"
#include "queue/runner_core.h"

namespace ph::queue {
namespace {

using deliver::Attempt;
using deliver::RecipientOutcome;
using spool::Work;

constexpr std::size_t claim_batch = 16;  // jobs of one destination at a time
constexpr std::size_t rest_batch = 100;  // jobs of a dead destination that are put off at a time
constexpr std::size_t most_resting = 500;
constexpr std::size_t due_page = 64;               // destinations that one question to the spool names
constexpr int due_pages = 8;                       // questions in one look; the next look goes on where it ended
constexpr std::size_t most_destinations = 20'000;  // beyond it those that nothing is known about are forgotten
constexpr std::uint64_t work_overhead = 2048;      // octets of a waiting job beside its body
constexpr Milliseconds longest_pause{60'000};      // the wall clock may step
constexpr Milliseconds blocked_pause{1000};        // jobs are due that found no place: an attempt that ends looks again at once
constexpr Milliseconds claim_pause{1000};

std::uint64_t weight_of(const Work& work) {
    return work_overhead + (work.body != nullptr ? work.body->size : 0);
}

// Jobs that no transport takes wait for the administrator (situation 27).
Attempt misconfigured(const Work& work) {
    RecipientOutcome outcome;
    outcome.status = {4, 3, 5};
    outcome.text = "4.3.5 Server configuration error: nothing here delivers to '" + work.job.queue + "'";
    outcome.diagnostic_type = "x-posthorn";
    outcome.situation = 27;
    Attempt attempt;
    attempt.outcomes.assign(work.data.recipients.size(), outcome);
    return attempt;
}

}  // namespace

RunnerCore::RunnerCore(RunnerParts parts, std::shared_ptr<const QueueParams> params)
    : parts_(std::move(parts)),
      settings_(std::make_shared<const Settings>(*params)),
      explainer_(parts_.catalogue),
      woken_(parts_.world),
      idle_(parts_.world) {
    parts_.spool.on_damage([&log = parts_.log](QueueId id, const std::string& what) {
        log.write(obs::Level::error, "queue.damaged", {{"id", to_text(id)}, {"why", what}});
    });
}

io::Task<void> RunnerCore::run(Self self) {
    if (self->started_) co_return;
    self->started_ = true;
    while (!self->stopping_) {
        self->look_again_ = false;
        self->pump();
        if (self->look_again_) {
            co_await self->parts_.world.sleep(Milliseconds(0));
        } else {
            co_await self->woken_.wait(self->pause());
        }
    }
}

void RunnerCore::wake() {
    look_again_ = true;
    woken_.notify();
}

void RunnerCore::pump() {
    if (settings_->params().hold) return;
    start_ready();
    const auto next = parts_.spool.engine().next_due();
    if (next && *next <= now()) claim_due();
    if (destinations_.size() > most_destinations) forget_idle();
}

Milliseconds RunnerCore::pause() const {
    const auto next = parts_.spool.engine().next_due();
    if (!next || settings_->params().hold) return longest_pause;
    const TimePoint time = now();
    return *next <= time ? blocked_pause : std::min(*next - time, longest_pause);
}

Destination& RunnerCore::destination(const std::string& name) {
    std::unique_ptr<Destination>& found = destinations_[name];
    if (found == nullptr) {
        found = std::make_unique<Destination>();
        found->name = name;
        found->limits = settings_->limits_for(name);
    }
    return *found;
}

void RunnerCore::forget_idle() {
    std::erase_if(destinations_, [](const auto& entry) { return entry.second->idle() && !entry.second->listed; });
}

void RunnerCore::set_params(std::shared_ptr<const QueueParams> params) {
    settings_ = std::make_shared<const Settings>(*params);
    for (const auto& [name, found] : destinations_) {
        found->limits = settings_->limits_for(name);
        list(*found);
    }
    wake();
}

// --- Work in memory.

void RunnerCore::submit(std::vector<Work> works) {
    for (Work& work : works) {
        Destination& to = destination(work.job.queue);
        if (stopping_ || settings_->params().hold) {
            parts_.spool.release(work, now());
        } else if (to.window.dead() && to.window.room(to.limits.window, now()) == 0) {
            rest(to, std::move(work));
        } else if (has_place(to, work)) {
            add_ready(to, std::move(work));
        } else {
            parts_.spool.release(work, now());
        }
    }
    start_ready();
    // The runner sleeps by what it saw last: what was released or postponed here may be due earlier.
    if (!works.empty()) wake();
}

// It starts at once, or there is memory for it to wait.
bool RunnerCore::has_place(const Destination& to, const Work& work) const {
    const bool starts = to.ready.size() < to.window.room(to.limits.window, now()) && running_ + ready_ < settings_->params().concurrency;
    return starts || ready_bytes_ + weight_of(work) <= settings_->params().memory;
}

void RunnerCore::add_ready(Destination& to, Work work) {
    ++ready_;
    ready_bytes_ += weight_of(work);
    to.ready.push_back(std::move(work));
    list(to);
}

Work RunnerCore::take_ready(Destination& from) {
    Work work = std::move(from.ready.front());
    from.ready.pop_front();
    --ready_;
    ready_bytes_ -= weight_of(work);
    return work;
}

void RunnerCore::list(Destination& one) {
    if (one.listed || one.ready.empty()) return;
    one.listed = true;
    round_.push_back(&one);
}

void RunnerCore::start_ready() {
    while (!round_.empty() && running_ < settings_->params().concurrency && !stopping_ && !settings_->params().hold) {
        Destination& next = *round_.front();
        round_.pop_front();
        next.listed = false;
        if (next.ready.empty()) continue;
        if (next.window.room(next.limits.window, now()) != 0) {
            launch(next, take_ready(next));
            list(next);
        } else if (next.window.dead()) {
            rest_all(next);
        }
        // Otherwise it has no room, and comes back into the round when one of its attempts ends.
    }
}

// --- Work from the spool.

// Places for attempts that nothing is meant for yet.
std::size_t RunnerCore::budget() const {
    const std::size_t taken = running_ + claiming_;
    const std::size_t places = settings_->params().concurrency;
    return places > taken ? places - taken : 0;
}

void RunnerCore::claim_due() {
    std::string first;
    const std::size_t claims_before = claims_;
    for (int page = 0; page < due_pages; ++page) {
        if (budget() == 0 || !claim_some(first)) return;
    }
    // There is more to look at; soon if this look found something to do, otherwise when the blocked are looked at again.
    look_again_ = look_again_ || claims_ != claims_before;
}

// Claims of the next page of due destinations; false when all were looked at.
bool RunnerCore::claim_some(std::string& first) {
    const std::vector<store::QueueCount> queues = parts_.spool.engine().due(now(), cursor_, due_page);
    const std::size_t share = std::max<std::size_t>(1, budget() / std::max<std::size_t>(1, queues.size()));
    for (const store::QueueCount& queue : queues) {
        if (queue.queue == first) return false;
        if (first.empty()) first = queue.queue;
        cursor_ = queue.queue;
        Destination& from = destination(queue.queue);
        if (must_rest(from)) {
            start_claim(from, rest_batch, 0);
        } else if (const std::size_t limit = wanted(from, queue, share); limit != 0) {
            start_claim(from, limit, limit);
        }
        if (budget() == 0) return true;
    }
    return queues.size() == due_page;
}

void RunnerCore::start_claim(Destination& from, std::size_t limit, std::size_t places) {
    from.claiming = true;
    ++claims_;
    claiming_ += places;
    parts_.world.spawn(claim(shared_from_this(), from, limit, places));
}

// The jobs of a dead destination are put off to its next probe one by one, so that they are told of, and expire, in time.
bool RunnerCore::must_rest(const Destination& from) const {
    return !from.claiming && from.window.dead() && now() < from.window.probe_at() && now() >= from.claim_after && resting_ < most_resting;
}

std::size_t RunnerCore::wanted(const Destination& from, const store::QueueCount& queue, std::size_t share) const {
    if (from.claiming || now() < from.claim_after) return 0;
    const std::size_t room = from.window.room(from.limits.window, now());
    if (room <= from.ready.size()) return 0;
    return std::min({room - from.ready.size(), claim_batch, share, budget(), static_cast<std::size_t>(queue.due)});
}

io::Task<void> RunnerCore::claim(Self self, Destination& from, std::size_t limit, std::size_t places) {
    std::string queue = from.name;
    store::Stored<std::vector<Work>> works = co_await self->parts_.spool.claim(std::move(queue), limit, lease);
    --self->claims_;
    self->claiming_ -= places;
    from.claiming = false;
    if (self->abandoned_) co_return;
    if (!works) {
        self->parts_.log.write(obs::Level::warning, "queue.claim_failed", {{"destination", from.name}, {"why", works.error().message}});
        works = std::vector<Work>();
    }
    if (works->empty()) from.claim_after = self->now() + claim_pause;
    for (Work& work : *works) {
        if (self->stopping_) {
            self->parts_.spool.release(work, self->now());
        } else if (from.window.room(from.limits.window, self->now()) == 0 && from.window.dead()) {
            self->rest(from, std::move(work));
        } else {
            self->add_ready(from, std::move(work));
        }
    }
    self->task_ended();
}

// --- Attempts.

void RunnerCore::launch(Destination& to, Work work) {
    to.window.started();
    ++running_;
    parts_.world.spawn(attempt(shared_from_this(), to, std::move(work)));
}

io::Task<Attempt> RunnerCore::try_once(Self self, const Work& work) {
    const auto route = directory::parse_route(work.job.queue);
    deliver::Transport* transport = route ? self->parts_.transports[static_cast<std::size_t>(route->kind)] : nullptr;
    if (transport == nullptr) co_return misconfigured(work);
    co_return co_await transport->attempt(work, *route);
}

io::Task<void> RunnerCore::attempt(Self self, Destination& to, Work work) {
    const Attempt attempt = co_await try_once(self, work);
    PH_ASSERT(attempt.outcomes.size() == work.data.recipients.size());
    if (!self->abandoned_) {
        self->finished(to, attempt);
        co_await finish(self, work, attempt, std::nullopt);
    }
    --self->running_;
    self->task_ended();
}

// What the attempt says about the destination; the place in its window is free from now on, before the settlement is on disk.
void RunnerCore::finished(Destination& to, const Attempt& attempt) {
    const shaping::HostNews news = host_news(attempt);
    const bool was_dead = to.window.dead();
    to.window.finished(to.limits.window, news, now());
    if (news == shaping::HostNews::trouble) to.trouble = attempt.outcomes.front();
    if (to.window.dead() && (!was_dead || news == shaping::HostNews::trouble)) {
        parts_.log.write(obs::Level::notice, "queue.dead",
                         {{"destination", to.name}, {"until", rfc3339_date(to.window.probe_at())}, {"why", words_of(to.trouble)}});
    }
    if (was_dead && !to.window.dead()) parts_.log.write(obs::Level::notice, "queue.alive", {{"destination", to.name}});
    list(to);
    wake();
}

// --- Dead destinations.

void RunnerCore::rest(Destination& to, Work work) {
    const Circumstances circumstances{settings_->params(), to.limits, now(), 0, to.window.probe_at()};
    if (may_rest(work, circumstances)) {
        const TimePoint last = expiry_of(work, to.limits) - last_try_margin(to.limits.retry);
        parts_.spool.release(work, std::min(to.window.probe_at(), last));
        return;
    }
    ++resting_;
    parts_.world.spawn(rest_and_tell(shared_from_this(), to.trouble, to.window.probe_at(), std::move(work)));
}

void RunnerCore::rest_all(Destination& to) {
    while (!to.ready.empty()) rest(to, take_ready(to));
}

io::Task<void> RunnerCore::rest_and_tell(Self self, RecipientOutcome trouble, TimePoint until, Work work) {
    Attempt attempt;
    trouble.ending = deliver::Ending::deferred;
    attempt.outcomes.assign(work.data.recipients.size(), trouble);
    co_await finish(self, work, attempt, until);
    --self->resting_;
    self->task_ended();
}

// --- The end.

void RunnerCore::task_ended() {
    wake();
    if (stopping_) idle_.notify();
}

void RunnerCore::abandon() {
    stopping_ = abandoned_ = true;
    woken_.notify();
}

io::Task<void> RunnerCore::stop(Self self, Milliseconds limit) {
    self->stopping_ = true;
    self->woken_.notify();
    for (const auto& [name, found] : self->destinations_) {
        while (!found->ready.empty()) self->parts_.spool.release(self->take_ready(*found), self->now());
    }
    const Milliseconds deadline = self->parts_.world.ticks() + limit;
    while (self->running_ + self->resting_ + self->claims_ != 0) {
        const Milliseconds left = deadline - self->parts_.world.ticks();
        if (left <= Milliseconds(0)) break;
        co_await self->idle_.wait(left);
    }
    if (self->running_ != 0) {
        self->parts_.log.write(obs::Level::warning, "queue.stopped", {{"unfinished", std::to_string(self->running_)}});
    }
    self->abandon();
}

// --- The face.

Runner::Runner(RunnerParts parts, std::shared_ptr<const QueueParams> params)
    : core_(std::make_shared<RunnerCore>(std::move(parts), std::move(params))) {}
Runner::~Runner() {
    core_->abandon();
}
void Runner::start() {
    core_->start();
}
void Runner::submit(std::vector<Work> works) {
    core_->submit(std::move(works));
}
void Runner::wake() {
    core_->wake();
}
void Runner::set_params(std::shared_ptr<const QueueParams> params) {
    core_->set_params(std::move(params));
}
spool::Lifetime Runner::lifetime(const mail::Mailbox& reverse_path) const {
    return core_->settings().lifetime(reverse_path);
}
io::Task<void> Runner::stop(Milliseconds limit) {
    return RunnerCore::stop(core_, limit);
}
RunnerLoad Runner::load() const {
    return core_->load();
}

}  // namespace ph::queue

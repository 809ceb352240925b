// store/job_index.cc: the heaps behind the due index. Time moves forward in advance(), which wakes what has fallen due since the last call: so
// each job is moved once, however often the runner asks.
#include "store/job_index.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"

namespace ph::store {
namespace {

std::int64_t ms(TimePoint when) {
    return when.time_since_epoch().count();
}
TimePoint time_of(std::int64_t ms) {
    return TimePoint(Milliseconds(ms));
}

}  // namespace

// Equal times go by id, so that what came first is delivered first.
struct JobIndex::JobOrder {
    JobIndex& index;
    bool before(Slot a, Slot b) const {
        const Entry& left = index.jobs_[a];
        const Entry& right = index.jobs_[b];
        if (left.at != right.at) return left.at < right.at;
        return index.messages_[left.message].id < index.messages_[right.message].id;
    }
    void moved(Slot job, std::uint32_t position) const { index.jobs_[job].position = position; }
};

struct JobIndex::LaterOrder {
    JobIndex& index;
    std::int64_t key(Slot queue) const { return index.jobs_[index.queues_[queue].later.top()].at; }
    bool before(Slot a, Slot b) const { return key(a) < key(b); }
    void moved(Slot queue, std::uint32_t position) const { index.queues_[queue].by_later = position; }
};

struct JobIndex::NextOrder {
    JobIndex& index;
    bool before(Slot a, Slot b) const { return index.earliest(index.queues_[a]) < index.earliest(index.queues_[b]); }
    void moved(Slot queue, std::uint32_t position) const { index.queues_[queue].by_next = position; }
};

Slot JobIndex::add_message(QueueId id) {
    const Slot slot = messages_.add();
    if (!ids_.insert(id, slot)) {
        messages_.free(slot);
        return no_slot;
    }
    messages_[slot].id = id;
    ++totals_.messages;
    return slot;
}

Slot JobIndex::add_job(Slot message, const Fields& fields) {
    const Slot slot = jobs_.add();
    Entry& job = jobs_[slot];
    job.at = ms(fields.next_at);
    job.message = message;
    job.number = fields.number;
    job.attempts = fields.attempts;
    job.state = fields.state;
    job.queue = queue_of(fields.queue);
    ++queues_[job.queue].jobs;
    Slot* link = &messages_[message].first;
    while (*link != no_slot && jobs_[*link].number < job.number) link = &jobs_[*link].next;
    job.next = *link;
    *link = slot;
    ++totals_.jobs;
    put(slot, job.state == JobState::active ? Where::later : Where::idle);
    return slot;
}

Slot JobIndex::find_job(Slot message, std::uint16_t number) const {
    Slot job = messages_[message].first;
    while (job != no_slot && jobs_[job].number != number) job = jobs_[job].next;
    return job;
}

std::vector<Slot> JobIndex::jobs_of(Slot message) const {
    std::vector<Slot> jobs;
    for (Slot job = messages_[message].first; job != no_slot; job = jobs_[job].next) jobs.push_back(job);
    return jobs;
}

JobIndex::Fields JobIndex::fields(Slot slot) const {
    const Entry& job = jobs_[slot];
    return {job.number, queues_[job.queue].name, time_of(job.at), job.attempts, job.state};
}

std::vector<Slot> JobIndex::claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease) {
    advance(now);
    std::vector<Slot> claimed;
    const auto found = names_.find(queue);
    if (found == names_.end()) return claimed;
    SlotHeap& ready = queues_[found->second].ready;
    while (claimed.size() < limit && !ready.empty()) {
        claimed.push_back(ready.top());
        claim_job(claimed.back(), lease);
    }
    return claimed;
}

void JobIndex::claim_job(Slot slot, TimePoint lease) {
    take_out(slot);
    Entry& job = jobs_[slot];
    job.at = ms(lease);
    ++job.epoch;
    if (!job.claimed) ++totals_.claimed;
    job.claimed = true;
    put(slot, Where::leased);
}

void JobIndex::release(JobRef ref, TimePoint next_at) {
    const Slot job = settleable(ref);
    if (job != no_slot && jobs_[job].claimed) update(job, next_at, jobs_[job].attempts, jobs_[job].state);
}

Slot JobIndex::settleable(JobRef ref) const {
    const Slot message = find(ref.id);
    const Slot slot = message == no_slot ? no_slot : find_job(message, ref.number);
    if (slot == no_slot) return no_slot;
    const Entry& job = jobs_[slot];
    const bool fits = ref.epoch == 0 ? !job.claimed : ref.epoch == job.epoch;
    return fits && job.where != Where::settling ? slot : no_slot;
}

bool JobIndex::start_settling(Slot job) {
    if (jobs_[job].where == Where::settling) return false;
    take_out(job);
    put(job, Where::settling);
    return true;
}

void JobIndex::stop_settling(Slot slot) {
    const Entry& job = jobs_[slot];
    put(slot, job.claimed ? Where::leased : job.state == JobState::active ? Where::later : Where::idle);
}

void JobIndex::update(Slot slot, TimePoint next_at, std::uint16_t attempts, JobState state) {
    take_out(slot);
    Entry& job = jobs_[slot];
    job.at = ms(next_at);
    job.attempts = attempts;
    job.state = state;
    if (job.claimed) --totals_.claimed;
    job.claimed = false;
    ++job.epoch;  // who held it has said what came of it; a second word from there is refused
    put(slot, state == JobState::active ? Where::later : Where::idle);
}

void JobIndex::erase_job(Slot slot) {
    take_out(slot);
    const Entry& job = jobs_[slot];
    Slot* link = &messages_[job.message].first;
    while (*link != slot) link = &jobs_[*link].next;
    *link = job.next;
    if (job.claimed) --totals_.claimed;
    --totals_.jobs;
    leave_queue(job.queue);
    jobs_.free(slot);
}

void JobIndex::erase_message(Slot message) {
    while (messages_[message].first != no_slot) erase_job(messages_[message].first);
    ids_.erase(messages_[message].id);
    messages_.free(message);
    --totals_.messages;
}

Slot JobIndex::queue_of(std::string_view name) {
    if (const auto found = names_.find(name); found != names_.end()) return found->second;
    const Slot slot = queues_.add();
    queues_[slot].name = name;
    names_.emplace(queues_[slot].name, slot);
    return slot;
}

void JobIndex::leave_queue(Slot slot) {
    Queue& queue = queues_[slot];
    if (--queue.jobs > 0) return;
    names_.erase(queue.name);
    queues_.free(slot);
}

void JobIndex::put(Slot slot, Where where) {
    Entry& job = jobs_[slot];
    job.where = where;
    if (where == Where::leased) leases_.push(slot, JobOrder{*this});
    if (where != Where::later && where != Where::ready) return;
    Queue& queue = queues_[job.queue];
    (where == Where::later ? queue.later : queue.ready).push(slot, JobOrder{*this});
    requeue(job.queue);
}

void JobIndex::take_out(Slot slot) {
    Entry& job = jobs_[slot];
    const Where where = job.where;
    job.where = Where::idle;
    if (where == Where::leased) leases_.erase(job.position, JobOrder{*this});
    if (where != Where::later && where != Where::ready) return;
    // The heaps of queues compare by the first job of each: the queue leaves them before that job goes, and comes back after.
    Queue& queue = queues_[job.queue];
    if (queue.in_later) by_later_.erase(queue.by_later, LaterOrder{*this});
    if (queue.in_next) by_next_.erase(queue.by_next, NextOrder{*this});
    queue.in_later = queue.in_next = false;
    (where == Where::later ? queue.later : queue.ready).erase(job.position, JobOrder{*this});
    requeue(job.queue);
}

void JobIndex::requeue(Slot slot) {
    Queue& queue = queues_[slot];
    const auto place = [slot](SlotHeap& heap, bool& inside, bool wanted, std::uint32_t position, auto order) {
        if (inside && wanted) heap.changed(position, order);
        if (!inside && wanted) heap.push(slot, order);
        inside = wanted;
    };
    place(by_later_, queue.in_later, !queue.later.empty(), queue.by_later, LaterOrder{*this});
    place(by_next_, queue.in_next, !queue.later.empty() || !queue.ready.empty(), queue.by_next, NextOrder{*this});
    if (queue.in_ready == !queue.ready.empty()) return;
    queue.in_ready = !queue.in_ready;
    if (queue.in_ready) {
        ready_.insert({queue.name, slot});
    } else {
        ready_.erase({queue.name, slot});
    }
}

void JobIndex::advance(TimePoint now) {
    while (!leases_.empty() && jobs_[leases_.top()].at <= ms(now)) {
        const Slot job = leases_.top();
        take_out(job);
        jobs_[job].claimed = false;
        --totals_.claimed;
        put(job, jobs_[job].state == JobState::active ? Where::later : Where::idle);
    }
    while (!by_later_.empty()) {
        const Slot job = queues_[by_later_.top()].later.top();
        if (jobs_[job].at > ms(now)) break;
        take_out(job);
        put(job, Where::ready);
    }
}

std::int64_t JobIndex::earliest(const Queue& queue) const {
    std::int64_t at = std::numeric_limits<std::int64_t>::max();
    if (!queue.later.empty()) at = jobs_[queue.later.top()].at;
    if (!queue.ready.empty()) at = std::min(at, jobs_[queue.ready.top()].at);
    return at;
}

QueueCount JobIndex::count(Slot slot) const {
    const Queue& queue = queues_[slot];
    QueueCount count{.queue = queue.name, .due = queue.ready.size(), .waiting = queue.ready.size() + queue.later.size()};
    if (count.waiting > 0) count.next_at = time_of(earliest(queue));
    return count;
}

std::vector<QueueCount> JobIndex::due(TimePoint now, std::string_view after, std::size_t limit) {
    advance(now);
    std::vector<QueueCount> counts;
    const std::size_t wanted = std::min(limit, ready_.size());
    auto at = ready_.upper_bound({after, no_slot});
    while (counts.size() < wanted) {
        if (at == ready_.end()) at = ready_.begin();
        counts.push_back(count((at++)->second));
    }
    return counts;
}

std::optional<TimePoint> JobIndex::next_due() const {
    std::optional<TimePoint> next;
    if (!by_next_.empty()) next = time_of(earliest(queues_[by_next_.top()]));
    if (!leases_.empty() && (!next || time_of(jobs_[leases_.top()].at) < *next)) next = time_of(jobs_[leases_.top()].at);
    return next;
}

std::vector<QueueCount> JobIndex::queues() const {
    std::vector<QueueCount> counts;
    counts.reserve(names_.size());
    for (const auto& [name, slot] : names_) counts.push_back(count(slot));
    std::sort(counts.begin(), counts.end(), [](const QueueCount& a, const QueueCount& b) { return a.queue < b.queue; });
    return counts;
}

}  // namespace ph::store

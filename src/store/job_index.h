// store/job_index.h: which jobs there are, when each is due and who holds it: the part of an engine that does not depend on where mail is kept.
// All in memory and on the loop's thread. What a message or job carries (bytes, or their place on disk) stays with the engine, in arrays of its
// own that run beside the slots given out here. Names of queues are kept once; a job with its message takes about 100 octets.
//
// A job is in exactly one place: waiting in its queue (later, or ready when its time has come), claimed (in the order of the leases), being
// settled (a settlement is on its way to the disk), or idle (held or suspended). A claim whose lease has ended makes the job due again, but
// its epoch stays until somebody else claims it: a late settlement by the one who did deliver is better than a duplicate.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "store/engine.h"
#include "store/id_table.h"
#include "store/slot_heap.h"

namespace ph::store {

class JobIndex {
  public:
    // What is kept of a job here.
    struct Fields {
        std::uint16_t number = 0;
        std::string_view queue;
        TimePoint next_at{};
        std::uint16_t attempts = 0;
        JobState state = JobState::active;
    };

    // no_slot: there is a message of that id. A message without jobs must be given one or removed.
    Slot add_message(QueueId id);
    Slot add_job(Slot message, const Fields& fields);
    Slot find(QueueId id) const { return ids_.find(id); }
    Slot find_job(Slot message, std::uint16_t number) const;
    std::vector<Slot> jobs_of(Slot message) const;  // by number
    QueueId id_of(Slot message) const { return messages_[message].id; }
    Slot message_of(Slot job) const { return jobs_[job].message; }
    Fields fields(Slot job) const;  // of a claimed job next_at is the end of its lease
    bool claimed(Slot job) const { return jobs_[job].claimed; }
    std::uint32_t epoch(Slot job) const { return jobs_[job].epoch; }
    std::vector<QueueId> above(QueueId after, std::size_t limit) const { return ids_.above(after, limit); }

    // Takes up to `limit` due jobs, the earliest first.
    std::vector<Slot> claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease);
    void claim_job(Slot job, TimePoint lease);
    void release(JobRef ref, TimePoint next_at);
    // The job that may be settled under this reference, or no_slot. Epoch 0 stands for whoever changes a job that nobody holds.
    Slot settleable(JobRef ref) const;
    bool start_settling(Slot job);  // false: it is being settled already
    bool settling(Slot job) const { return jobs_[job].where == Where::settling; }
    void stop_settling(Slot job);  // it was not written: the claim stands
    void update(Slot job, TimePoint next_at, std::uint16_t attempts, JobState state);
    void erase_job(Slot job);          // the last one leaves an empty message
    void erase_message(Slot message);  // with its jobs
    bool empty(Slot message) const { return messages_[message].first == no_slot; }

    std::vector<QueueCount> due(TimePoint now, std::string_view after, std::size_t limit);
    std::optional<TimePoint> next_due() const;
    // `due` as of the last call that named a time.
    std::vector<QueueCount> queues() const;
    Totals totals() const { return totals_; }

  private:
    enum class Where : std::uint8_t { idle, later, ready, leased, settling };
    struct Message {
        QueueId id;
        Slot first = no_slot;  // its jobs
    };
    struct Entry {
        std::int64_t at = 0;  // when it falls due, or the end of the lease
        Slot message = no_slot;
        Slot next = no_slot;  // of the same message
        Slot queue = no_slot;
        std::uint32_t position = 0;  // in the heap that `where` names
        std::uint32_t epoch = 0;
        std::uint16_t number = 0;
        std::uint16_t attempts = 0;
        JobState state = JobState::active;
        Where where = Where::idle;
        bool claimed = false;
    };
    struct Queue {
        std::string name;
        std::uint32_t jobs = 0;
        SlotHeap later;
        SlotHeap ready;
        std::uint32_t by_later = 0;  // positions in the heaps of queues
        std::uint32_t by_next = 0;
        bool in_later = false;
        bool in_next = false;
        bool in_ready = false;
    };
    struct JobOrder;
    struct LaterOrder;
    struct NextOrder;

    Slot queue_of(std::string_view name);
    void leave_queue(Slot queue);
    void put(Slot job, Where where);
    void take_out(Slot job);
    void requeue(Slot queue);  // after its heaps have changed
    void advance(TimePoint now);
    std::int64_t earliest(const Queue& queue) const;
    QueueCount count(Slot queue) const;

    IdTable ids_;
    BlockArray<Message> messages_;
    BlockArray<Entry> jobs_;
    BlockArray<Queue> queues_;
    boost::unordered_flat_map<std::string_view, Slot> names_;  // views of Queue::name
    std::set<std::pair<std::string_view, Slot>> ready_;        // queues with ready jobs
    SlotHeap by_later_;                                        // queues by their first later job
    SlotHeap by_next_;                                         // queues by their first job of either heap
    SlotHeap leases_;
    Totals totals_;
};

}  // namespace ph::store

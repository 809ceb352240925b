// store/log/log_engine.h: the engine on disk. The loop's thread has the index and decides; three lanes do what blocks: one writes, one reads, one
// makes and frees segments. What they hand back is applied on the loop in the order in which it was written.
//
// A segment is freed strictly first in, first out: the oldest, once nothing in it is needed. So a mark (a job's new state, "done") is never
// gone before the message it speaks of, and a message cannot come back because its end was forgotten. The price is that one old message holds
// everything behind it; the compactor copies such messages forward.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/job_index.h"
#include "store/log/draft.h"
#include "store/log/engine.h"
#include "store/log/lane.h"
#include "store/log/recovery.h"
#include "store/log/spares.h"
#include "store/log/writer.h"

namespace ph::store::log {

// A message as it is read back: its envelope and the data of some of its jobs. Filled in on the reader's lane.
struct MessageRead {
    struct OfJob {
        Slot slot = no_slot;
        std::uint32_t epoch = 0;
        std::uint16_t number = 0;
        SegmentPtr segment;
        Place place;
        TimePoint expires_at{};
        std::string data;
        bool fallback = false;  // its own record was damaged; the data is the message's
    };
    QueueId id{};
    SegmentPtr segment;
    Place place;
    std::vector<OfJob> jobs;
    // What was read.
    TimePoint created{};
    std::uint64_t size = 0;
    std::uint32_t prefix_size = 0;
    std::shared_ptr<const std::string> meta;
    std::optional<StoreFault> fault;
};
void read_message(MessageRead& read);

class LogEngine final : public Engine {
  public:
    LogEngine(LogOptions options, Post post, std::shared_ptr<Files> files, std::unique_ptr<SpoolLock> lock);
    ~LogEngine() override;
    LogEngine(const LogEngine&) = delete;
    LogEngine& operator=(const LogEngine&) = delete;
    LogEngine(LogEngine&&) = delete;
    LogEngine& operator=(LogEngine&&) = delete;

    // Reads the spool; before anything else.
    Result<std::vector<Report>> start();

    QueueId next_id(TimePoint now) override { return ids_.next(now); }
    std::unique_ptr<Draft> draft() override;
    void commit(Batch batch, std::function<void(Stored<Committed>)> then) override;
    void claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
               std::function<void(Stored<std::vector<Claim>>)> then) override;
    void release(JobRef ref, TimePoint next_at) override { index_.release(ref, next_at); }
    std::vector<QueueCount> due(TimePoint now, std::string_view after, std::size_t limit) const override { return index_.due(now, after, limit); }
    std::optional<TimePoint> next_due() const override { return index_.next_due(); }
    std::vector<QueueCount> queues() const override { return index_.queues(); }
    void open_body(QueueId id, std::function<void(Stored<std::unique_ptr<BodyReader>>)> then) override;
    void list(QueueId after, std::size_t limit, std::function<void(Stored<std::vector<Listed>>)> then) override;
    void get(QueueId id, std::function<void(Stored<Listed>)> then) override;
    void remove(QueueId id, std::function<void(Stored<void>)> then) override;
    Space space() const override;
    Totals totals() const override { return index_.totals(); }
    void close(std::function<void()> then) override;

  private:
    friend class LogDraft;
    friend class LogReader;

    struct KeptMessage {
        Place place{};
        Slot chunks = no_slot;  // in chunk_lists_
        std::uint64_t size = 0;
    };
    struct KeptJob {
        Place place{};  // of the record with its data: the message's, or one of its own
    };
    struct Segment {
        SegmentPtr file;
        std::uint64_t end = first_record;
        std::uint64_t live_bytes = 0;
        std::uint32_t live_records = 0;
        std::uint32_t pins = 0;  // reads that are under way
        bool sealed = false;
        bool failed = false;
    };
    struct Commit;  // a batch on its way
    class Compactor;

    // commit.cc
    std::optional<StoreFault> prepare(Commit& commit, Request& request);
    std::optional<StoreFault> add_mail(Commit& commit, Request& request, NewMessage& message);
    void finish_commit(Commit& commit, Request& request);
    void undo_commit(Commit& commit);
    void keep(NewMessage& message, DraftState& state, const BodyPtr& body, const Place& place, std::uint64_t size, Committed& committed);
    void update_job(Slot job, const JobUpdate& update, const Place& place);
    void finish_job(Slot job);
    void drop_message(Slot message);
    void send_chunk(const std::shared_ptr<DraftState>& state, std::string bytes);
    void drop_draft(DraftState& state);
    void send_remove(QueueId id, std::function<void(Stored<void>)> then);

    // engine.cc
    void replay(const SummaryLine& line);
    void replay_message(const SummaryLine& line);
    void start_lanes(Recovered recovered);
    void on_written(Written& written);
    void hold(const Place& place);
    void let_go(const Place& place);
    SegmentPtr file_of(const Place& place) const;
    void free_segments();
    void watch_space();
    void retry_room();
    // Runs on the loop, unless the engine is gone by then.
    void on_loop(std::function<void()> run);
    void report(Report report);

    // reading.cc
    MessageRead message_read(Slot message, const std::vector<Slot>& jobs) const;
    void read_messages(std::vector<MessageRead> reads, std::function<void(std::vector<MessageRead>&)> then);
    // Readers hold a segment as records do.
    void pin(const Place& place, int change);
    void pin(const MessageRead& read, int change);
    Claim claim_of(MessageRead& read, std::size_t job) const;
    Listed listed(MessageRead& read) const;
    void give_claims(std::vector<MessageRead>& reads, const std::function<void(Stored<std::vector<Claim>>)>& then);
    void heed(const MessageRead& read);
    // The record cannot be read any more: its octets are copied to damaged/, the message leaves the queue, a person is told.
    void set_aside(QueueId id, const Place& place);

    LogOptions options_;
    Post post_;
    std::shared_ptr<Files> files_;
    std::unique_ptr<SpoolLock> lock_;
    std::shared_ptr<int> life_ = std::make_shared<int>();
    QueueIdMaker ids_;

    mutable JobIndex index_;
    BlockArray<KeptMessage> messages_;  // beside the index's slots
    BlockArray<KeptJob> jobs_;
    BlockArray<std::vector<Place>> chunk_lists_;
    std::map<Slot, QueueId> chunked_;  // lists in use, and whose they are
    std::map<std::uint32_t, Segment> segments_;
    std::uint32_t active_ = 0;    // segment that is written to
    std::uint64_t finished_ = 0;  // commits
    std::uint64_t used_ = 0;      // octets of the segments that are written, and those still needed
    std::uint64_t live_ = 0;
    bool retrying_ = false;
    std::unique_ptr<Compactor> compactor_;

    Health health_;
    std::unique_ptr<Spares> spares_;
    std::unique_ptr<Lane> write_lane_;
    std::unique_ptr<Lane> read_lane_;
    std::unique_ptr<Lane> make_lane_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace ph::store::log

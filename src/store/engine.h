// store/engine.h: where mail is kept: messages, their bodies, and one job per message and destination. One narrow interface, so that the
// engine in memory (tests, simulation), the log on disk and a later shared store behave alike; store/contract_test.h is the proof.
// What an envelope or a recipient looks like is none of its business: `meta` and `data` are bytes to it (spool/ gives them their meaning).
//
// Threads: every function is called from the loop's thread and never waits for the disk. Every callback runs later on the loop's thread,
// by way of the `post` that the engine was opened with, and never inside the call that was given it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/queue_id.h"
#include "base/result.h"
#include "base/time.h"

namespace ph::store {

// Runs a function later on the loop's thread; may be called from any thread.
using Post = std::function<void(std::function<void()>)>;

// Why something was not kept. A value and not a Fault: the server answers by it (situations 56, 83).
enum class Trouble : std::uint8_t {
    full,     // no room for new mail: 452 4.3.1
    failing,  // the disk does not do what it is told: 451 4.3.0
    gone,     // no such message or job (any more)
    damaged,  // it was there and its checksum is wrong: 4.3.0 and quarantine (situation 131)
};
struct StoreFault {
    Trouble trouble;
    std::string message;  // what, where and what to do
};
template <typename T>
using Stored = tl::expected<T, StoreFault>;

enum class JobState : std::uint8_t { active, held, suspended };

struct Job {
    std::uint16_t number = 0;  // within its message, from 0
    std::string queue{};       // the name of its destination: "smtp:example.org", "maildir:", …; at most 300 octets
    TimePoint next_at{};       // due from then on
    TimePoint expires_at{};
    std::uint16_t attempts = 0;
    JobState state = JobState::active;
    std::string data{};  // the recipients still pending, and what was said last; at most 1 MiB
};

struct JobRef {
    QueueId id{};
    std::uint16_t number = 0;
    // Of the claim; a settlement with an older one is refused as Trouble::gone. 0 is for an administrator who changes a job that nobody
    // holds (hold, free, deliver now): of a claimed job it is refused too.
    std::uint32_t epoch = 0;
};

// A body in memory, whole; shared by those who deliver it. Chunks in order.
struct BodyText {
    std::vector<std::string> chunks{};
    std::uint64_t size = 0;
};
using BodyPtr = std::shared_ptr<const BodyText>;  // nullptr: it is not in memory, read it with open_body

// Content on its way in. Kept in memory up to the engine's bound, beyond it written out while more comes (unsynced; the commit seals it).
// Destroying an uncommitted draft drops what it wrote.
class Draft {
  public:
    virtual ~Draft() = default;
    // Takes the octets. False: too much is on its way to the disk, append no more before `writable` has called back.
    virtual bool append(std::string_view bytes) = 0;
    virtual void writable(std::function<void(Stored<void>)> then) = 0;
    virtual std::uint64_t size() const = 0;
};

struct NewMessage {
    QueueId id{};  // from next_id()
    TimePoint created{};
    std::string meta{};  // the envelope; at most 1 MiB
    std::vector<Job> jobs{};
    std::unique_ptr<Draft> draft{};  // the body
    std::string prefix{};            // octets before the draft's: the trace header, which is known only at the end
    bool claimed = false;            // "born leased": the caller delivers it at once, its jobs are not due for anyone before `lease`
    TimePoint lease{};
};

struct JobUpdate {
    JobRef ref{};
    TimePoint next_at{};
    std::uint16_t attempts = 0;
    JobState state = JobState::active;
    std::string data{};
};

// Becomes durable as a whole or not at all: one reference that is not valid any more refuses the batch (Trouble::gone). A message without
// jobs is not kept.
struct Batch {
    std::vector<NewMessage> messages{};
    std::vector<JobUpdate> updates{};  // releases the claim
    std::vector<JobRef> done{};        // the job goes; with its last job the message
};

struct Claim {
    QueueId id{};
    TimePoint created{};
    std::uint64_t size = 0;  // of the body, prefix included
    std::shared_ptr<const std::string> meta{};
    Job job{};
    std::uint32_t epoch = 0;
    BodyPtr body{};  // when it is still in memory
};

struct Committed {
    std::vector<Claim> claims{};  // the jobs of messages that were born claimed, in order
};

struct QueueCount {
    std::string queue{};
    std::uint64_t due = 0;
    std::uint64_t waiting = 0;  // active and unclaimed, due or not
    TimePoint next_at{};        // of the earliest active, unclaimed job
};

struct Space {
    bool full = false;  // new mail is refused
    bool failing = false;
    std::uint64_t used_bytes = 0;
    std::uint64_t live_bytes = 0;
    std::string message{};  // what is wrong, when something is
};

struct Totals {
    std::uint64_t messages = 0;
    std::uint64_t jobs = 0;
    std::uint64_t claimed = 0;
};

class BodyReader {
  public:
    virtual ~BodyReader() = default;
    // The next chunk; empty at the end. One call at a time.
    virtual void next(std::function<void(Stored<std::string>)> then) = 0;
};

// One message as a list or a person sees it.
struct Listed {
    QueueId id{};
    TimePoint created{};
    std::uint64_t size = 0;
    std::shared_ptr<const std::string> meta{};
    std::vector<Job> jobs{};
    std::vector<bool> claimed{};  // by job
};

class Engine {
  public:
    virtual ~Engine() = default;

    virtual QueueId next_id(TimePoint now) = 0;
    virtual std::unique_ptr<Draft> draft() = 0;
    // `then` is called when the batch is durable, or with why it is not; then nothing of it counts as done.
    virtual void commit(Batch batch, std::function<void(Stored<Committed>)> then) = 0;

    // Takes up to `limit` due jobs of a queue, the earliest first; nobody else gets them before `lease`.
    virtual void claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
                       std::function<void(Stored<std::vector<Claim>>)> then) = 0;
    // Gives a claim back unused; the job is due at `next_at`, nothing is written.
    virtual void release(JobRef ref, TimePoint next_at) = 0;
    // Queues with at least one due job, at most `limit`, beginning after the name `after` and going round.
    virtual std::vector<QueueCount> due(TimePoint now, std::string_view after, std::size_t limit) const = 0;
    // When the next job of any queue falls due; nullopt when nothing waits.
    virtual std::optional<TimePoint> next_due() const = 0;
    virtual std::vector<QueueCount> queues() const = 0;

    virtual void open_body(QueueId id, std::function<void(Stored<std::unique_ptr<BodyReader>>)> then) = 0;
    // Messages with an id above `after`, in order of their ids.
    virtual void list(QueueId after, std::size_t limit, std::function<void(Stored<std::vector<Listed>>)> then) = 0;
    virtual void get(QueueId id, std::function<void(Stored<Listed>)> then) = 0;
    // Takes every job of the message away, claimed or not (the administrator removes it).
    virtual void remove(QueueId id, std::function<void(Stored<void>)> then) = 0;

    virtual Space space() const = 0;
    virtual Totals totals() const = 0;
    // Writes out what is on its way, then calls back; after it nothing may be called. The destructor alone is like a kill.
    virtual void close(std::function<void()> then) = 0;
};

}  // namespace ph::store

// spool/spool.h: messages with their envelopes and recipients on top of a store::Engine, as tasks of the loop. What the engine keeps as bytes
// (meta, job data) gets its form here (spool/codec.h, described in docs/spool-envelope.md); settle() is one batch, so one sync.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/world.h"
#include "mail/envelope.h"
#include "status/enhanced_code.h"
#include "store/engine.h"

namespace ph::spool {

// Where a message came from, for Received, bounces and lists.
struct Origin {
    std::string client;  // "192.0.2.1", "local", "" for our own notices
    std::string helo;
    std::string protocol;      // "ESMTP"
    std::string arrived_with;  // message-id without brackets, at most 200 octets, for a person who searches
    friend bool operator==(const Origin&, const Origin&) = default;
};

struct MessageInfo {
    mail::Envelope envelope;
    Origin origin;
    TimePoint arrived{};
    bool eight_bit = false;  // the content has octets above 127
    bool notice = false;     // made by us (bounce, delay notice): never answered
    friend bool operator==(const MessageInfo&, const MessageInfo&) = default;
};

// A recipient of a job that is not done yet.
struct PendingRecipient {
    mail::Recipient recipient;
    mail::Mailbox original;              // as it came in RCPT, before aliases; what a bounce speaks of
    bool expanded = false;               // by an alias or list: the next hop gets no NOTIFY=SUCCESS promise twice
    bool tell_expanded = false;          // the first of those that an alias became: with it the sender is told "expanded" (RFC 3461 5.2.7)
    status::EnhancedCode last_status{};  // of its last attempt; class 0 before the first
    TimePoint since{};                   // from when on each attempt ended with that same status
    friend bool operator==(const PendingRecipient&, const PendingRecipient&) = default;
};

// What is known after the last attempt; kept with the job.
struct LastAttempt {
    TimePoint at{};
    std::string cause;    // catalogue id; "" before the first attempt
    std::string reply;    // the peer's words, or ours; at most 1000 octets
    std::string status;   // "4.4.1"
    std::string remote;   // "mx.example.org[192.0.2.1]:25"
    std::string command;  // "RCPT TO"
    friend bool operator==(const LastAttempt&, const LastAttempt&) = default;
};

struct JobData {
    std::vector<PendingRecipient> recipients;
    mail::Mailbox reverse_path;  // of the envelope, or the owner- address of a list
    LastAttempt last;
    bool delay_told = false;
    std::uint16_t protocol_errors = 0;  // answers that were not SMTP so far (situation 115)
    friend bool operator==(const JobData&, const JobData&) = default;
};

// One job taken for delivery.
struct Work {
    QueueId id;
    std::uint64_t size = 0;
    std::shared_ptr<const MessageInfo> info;
    store::Job job;  // its `data` is empty here: see below
    JobData data;
    std::uint32_t epoch = 0;
    store::BodyPtr body;
    store::JobRef ref() const { return {id, job.number, epoch}; }
};

struct JobPlan {
    std::string queue;
    JobData data;
};

// A message to be kept: from SMTP, `posthorn send`, or a notice of ours.
struct Submission {
    MessageInfo info;
    std::vector<JobPlan> jobs;
    std::unique_ptr<store::Draft> draft;
    std::string prefix;
    QueueId id;
};

struct JobOutcome {
    store::JobRef ref;
    bool done = false;    // nobody is left: the job goes
    TimePoint next_at{};  // otherwise
    std::uint16_t attempts = 0;
    JobData data;  // the recipients that are left
    store::JobState state = store::JobState::active;
};

struct Lifetime {
    Seconds expires_after;
    bool deliver_now = true;  // jobs are born claimed and handed to the runner
    Milliseconds lease{600'000};
};

class Spool {
  public:
    Spool(std::unique_ptr<store::Engine> engine, io::World& world);

    QueueId next_id();
    std::unique_ptr<store::Draft> draft();
    // Waits until a draft takes more; the fault if its disk writes failed.
    io::Task<store::Stored<void>> writable(store::Draft& draft);

    // Durable when it returns. The work of jobs that are to be delivered now, in the order of the plans.
    io::Task<store::Stored<std::vector<Work>>> commit(Submission submission, Lifetime lifetime);
    // Outcomes and new notices together.
    io::Task<store::Stored<std::vector<Work>>> settle(std::vector<JobOutcome> outcomes, std::vector<Submission> notices, Lifetime lifetime);

    // Jobs whose envelope cannot be read are held, told to on_damage, and not among what is returned (situation 131).
    io::Task<store::Stored<std::vector<Work>>> claim(std::string queue, std::size_t limit, Milliseconds lease);
    // Gives work back unused: due at `next_at`, nothing is written.
    void release(const Work& work, TimePoint next_at) { engine_->release(work.ref(), next_at); }
    io::Task<store::Stored<std::string>> body(QueueId id, std::uint64_t max);  // whole, or cut at max

    using OnDamage = std::function<void(QueueId id, const std::string& what)>;
    void on_damage(OnDamage tell) { on_damage_ = std::move(tell); }

    store::Engine& engine() { return *engine_; }

  private:
    struct Cached {
        QueueId id;
        std::shared_ptr<const MessageInfo> info;
    };

    // The message as the engine takes it; the info and data stay with the caller for the work that comes back.
    store::NewMessage prepare(Submission& submission, const Lifetime& lifetime);
    std::shared_ptr<const MessageInfo> info_of(const store::Claim& claim);
    Result<Work> work_of(store::Claim& claim);
    void set_aside(store::Claim claim, const std::string& what);
    // What was born claimed, from the submissions that it was made of: nothing is decoded.
    static std::vector<Work> born(std::vector<store::Claim> claims, std::vector<Submission>& submissions);

    std::unique_ptr<store::Engine> engine_;
    io::World& world_;
    OnDamage on_damage_;
    std::array<Cached, 64> cache_;  // by the low bits of the id's counter: the jobs of a message are claimed one soon after the other
};

}  // namespace ph::spool

// spool/spool.cc: submissions and outcomes become batches of the engine, claims become work. What was born claimed goes to its delivery with
// the structs that it was submitted with; only what is claimed later is decoded, and its envelope once for all jobs of a message.
#include "spool/spool.h"

#include <unordered_map>

#include "base/assert.h"
#include "io/completion.h"
#include "spool/codec.h"

namespace ph::spool {
namespace {

using store::Batch;
using store::Claim;
using store::Committed;
using store::Stored;

store::JobUpdate update_of(JobOutcome& outcome) {
    store::JobUpdate update;
    update.ref = outcome.ref;
    update.next_at = outcome.next_at;
    update.attempts = outcome.attempts;
    update.state = outcome.state;
    update.data = encode(outcome.data);
    return update;
}

Work bare_work(Claim& claim) {
    Work work;
    work.id = claim.id;
    work.size = claim.size;
    work.job = std::move(claim.job);
    work.job.data.clear();
    work.epoch = claim.epoch;
    work.body = std::move(claim.body);
    return work;
}

std::size_t slot_of(QueueId id, std::size_t slots) {
    return (id.value() ^ id.value() >> 22U) % slots;
}

}  // namespace

Spool::Spool(std::unique_ptr<store::Engine> engine, io::World& world) : engine_(std::move(engine)), world_(world) {}

QueueId Spool::next_id() {
    return engine_->next_id(world_.now());
}

std::unique_ptr<store::Draft> Spool::draft() {
    return engine_->draft();
}

io::Task<Stored<void>> Spool::writable(store::Draft& draft) {
    io::Completion<Stored<void>> written(world_);
    draft.writable(written.callback());
    co_return co_await written.take();
}

store::NewMessage Spool::prepare(Submission& submission, const Lifetime& lifetime) {
    PH_ASSERT(submission.draft != nullptr && !submission.jobs.empty());
    const TimePoint now = world_.now();
    if (submission.id == QueueId()) submission.id = next_id();
    store::NewMessage message;
    message.id = submission.id;
    message.created = now;
    message.meta = encode(submission.info);
    message.draft = std::move(submission.draft);
    message.prefix = std::move(submission.prefix);
    message.claimed = lifetime.deliver_now;
    message.lease = now + lifetime.lease;
    message.jobs.resize(submission.jobs.size());
    for (std::size_t number = 0; number < submission.jobs.size(); ++number) {
        store::Job& job = message.jobs[number];
        job.number = static_cast<std::uint16_t>(number);
        job.queue = submission.jobs[number].queue;
        job.next_at = now;
        job.expires_at = now + lifetime.expires_after;
        job.data = encode(submission.jobs[number].data);
    }
    return message;
}

std::vector<Work> Spool::born(std::vector<Claim> claims, std::vector<Submission>& submissions) {
    std::vector<Work> works;
    works.reserve(claims.size());
    std::unordered_map<std::uint64_t, std::pair<Submission*, std::shared_ptr<const MessageInfo>>> by_id;
    for (Submission& submission : submissions) {
        by_id[submission.id.value()] = {&submission, std::make_shared<const MessageInfo>(std::move(submission.info))};
    }
    for (Claim& claim : claims) {
        const auto found = by_id.find(claim.id.value());
        PH_ASSERT(found != by_id.end() && claim.job.number < found->second.first->jobs.size());
        Work& work = works.emplace_back(bare_work(claim));
        work.info = found->second.second;
        work.data = std::move(found->second.first->jobs[work.job.number].data);
    }
    return works;
}

io::Task<Stored<std::vector<Work>>> Spool::commit(Submission submission, Lifetime lifetime) {
    std::vector<Submission> one;
    one.push_back(std::move(submission));
    std::vector<JobOutcome> none;
    co_return co_await settle(std::move(none), std::move(one), lifetime);
}

io::Task<Stored<std::vector<Work>>> Spool::settle(std::vector<JobOutcome> outcomes, std::vector<Submission> notices, Lifetime lifetime) {
    Batch batch;
    for (JobOutcome& outcome : outcomes) {
        if (outcome.done) {
            batch.done.push_back(outcome.ref);
        } else {
            batch.updates.push_back(update_of(outcome));
        }
    }
    for (Submission& notice : notices) batch.messages.push_back(prepare(notice, lifetime));
    io::Completion<Stored<Committed>> committed(world_);
    engine_->commit(std::move(batch), committed.callback());
    Stored<Committed> result = co_await committed.take();
    if (!result) co_return tl::unexpected(std::move(result).error());
    co_return born(std::move(result->claims), notices);
}

std::shared_ptr<const MessageInfo> Spool::info_of(const Claim& claim) {
    Cached& cached = cache_[slot_of(claim.id, cache_.size())];
    if (cached.info != nullptr && cached.id == claim.id) return cached.info;
    auto info = decode_message_info(claim.meta != nullptr ? *claim.meta : std::string_view());
    if (!info) return nullptr;
    cached = {claim.id, std::make_shared<const MessageInfo>(*std::move(info))};
    return cached.info;
}

Result<Work> Spool::work_of(Claim& claim) {
    auto info = info_of(claim);
    if (info == nullptr) return fail(FaultKind::malformed, "the envelope of the message cannot be read");
    PH_TRY(JobData data, decode_job_data(claim.job.data));
    if (data.recipients.empty()) return fail(FaultKind::malformed, "the job has no recipients");
    Work work = bare_work(claim);
    work.info = std::move(info);
    work.data = std::move(data);
    return work;
}

// Situation 131: it blocks nobody and nothing of it is lost; the administrator finds it held.
void Spool::set_aside(Claim claim, const std::string& what) {
    Batch batch;
    store::JobUpdate held;
    held.ref = {claim.id, claim.job.number, claim.epoch};
    held.next_at = claim.job.next_at;
    held.attempts = claim.job.attempts;
    held.state = store::JobState::held;
    held.data = std::move(claim.job.data);
    batch.updates.push_back(std::move(held));
    engine_->commit(std::move(batch), [](const Stored<Committed>&) {});
    if (on_damage_) on_damage_(claim.id, what);
}

io::Task<Stored<std::vector<Work>>> Spool::claim(std::string queue, std::size_t limit, Milliseconds lease) {
    io::Completion<Stored<std::vector<Claim>>> claimed(world_);
    const TimePoint now = world_.now();
    engine_->claim(queue, limit, now, now + lease, claimed.callback());
    Stored<std::vector<Claim>> claims = co_await claimed.take();
    if (!claims) co_return tl::unexpected(std::move(claims).error());
    std::vector<Work> works;
    works.reserve(claims->size());
    for (Claim& claim : *claims) {
        auto work = work_of(claim);
        if (work) {
            works.push_back(*std::move(work));
        } else {
            set_aside(std::move(claim), work.error().message);
        }
    }
    co_return works;
}

io::Task<Stored<std::string>> Spool::body(QueueId id, std::uint64_t max) {
    io::Completion<Stored<std::unique_ptr<store::BodyReader>>> opened(world_);
    engine_->open_body(id, opened.callback());
    Stored<std::unique_ptr<store::BodyReader>> reader = co_await opened.take();
    if (!reader) co_return tl::unexpected(std::move(reader).error());
    std::string text;
    while (text.size() < max) {
        io::Completion<Stored<std::string>> chunk(world_);
        (*reader)->next(chunk.callback());
        Stored<std::string> bytes = co_await chunk.take();
        if (!bytes) co_return tl::unexpected(std::move(bytes).error());
        if (bytes->empty()) break;
        text.append(*bytes, 0, static_cast<std::size_t>(max - text.size()));
    }
    co_return text;
}

}  // namespace ph::spool

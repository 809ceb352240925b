// store/log/commit.cc: batches, from the caller to the writer and, once durable, into the index. Until then a batch changes nothing but that the
// jobs it settles are taken out of the due index, so that nobody else can settle or claim them.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "store/log/compactor.h"
#include "store/log/log_engine.h"

namespace ph::store::log {
namespace {

constexpr std::size_t max_text = 1024 * 1024;
constexpr std::size_t max_queue_name = 300;

StoreFault gone(QueueId id) {
    return {Trouble::gone, "message " + to_text(id) + " or its job is not in the queue, or is held by somebody else"};
}

Outgoing outgoing(RecordType type, QueueId id, std::string head) {
    Outgoing record;
    record.header.type = type;
    record.header.id = id;
    record.head = std::move(head);
    return record;
}

}  // namespace

struct LogEngine::Commit {
    struct Mail {
        std::shared_ptr<DraftState> draft;  // nullptr: a message without jobs, which is not kept
        BodyPtr body;
        std::uint64_t size = 0;
    };
    Batch batch;
    std::vector<Mail> mail;     // by message
    std::vector<Slot> settled;  // updates, then done
    std::function<void(Stored<Committed>)> then;
};

std::unique_ptr<Draft> LogEngine::draft() {
    auto state = std::make_shared<DraftState>();
    state->engine = this;
    state->life = life_;
    return std::make_unique<LogDraft>(std::move(state), LogDraft::Limits{.in_memory = options_.in_memory, .chunk = options_.chunk});
}

void LogEngine::commit(Batch batch, std::function<void(Stored<Committed>)> then) {
    auto commit = std::make_shared<Commit>();
    commit->batch = std::move(batch);
    commit->then = std::move(then);
    auto request = std::make_unique<Request>();
    if (auto fault = prepare(*commit, *request)) {
        undo_commit(*commit);
        on_loop([commit, fault = std::move(*fault)] { commit->then(tl::unexpected(fault)); });
        return;
    }
    const bool settles = !commit->settled.empty();
    request->use = settles || request->records.empty() ? Use::settlement : Use::mail;
    request->then = [this, commit](Request& written) { finish_commit(*commit, written); };
    writer_->send(std::move(request));
}

// Builds the records: messages, updates, then one for all that is done.
std::optional<StoreFault> LogEngine::prepare(Commit& commit, Request& request) {
    const auto settle = [&](const JobRef& ref) {
        const Slot job = index_.settleable(ref);
        if (job == no_slot) return false;
        index_.start_settling(job);
        commit.settled.push_back(job);
        compactor_->touch(ref.id);
        return true;
    };
    for (NewMessage& message : commit.batch.messages) {
        if (auto fault = add_mail(commit, request, message)) return fault;
    }
    for (const JobUpdate& update : commit.batch.updates) {
        PH_ASSERT(update.data.size() <= max_text);
        if (!settle(update.ref)) return gone(update.ref.id);
        const JobRecord job{update.ref.number, update.state, update.attempts, update.next_at, update.data};
        request.records.push_back(outgoing(RecordType::job, update.ref.id, encode_job(job)));
    }
    std::vector<DoneJob> done;
    for (const JobRef& ref : commit.batch.done) {
        if (!settle(ref)) return gone(ref.id);
        done.push_back({ref.id, ref.number});
    }
    if (!done.empty()) request.records.push_back(outgoing(RecordType::done, {}, encode_done(done)));
    return std::nullopt;
}

std::optional<StoreFault> LogEngine::add_mail(Commit& commit, Request& request, NewMessage& message) {
    PH_ASSERT(message.meta.size() <= max_text && index_.find(message.id) == no_slot);
    Commit::Mail& mail = commit.mail.emplace_back();
    auto body = std::make_shared<BodyText>();
    body->chunks.push_back(std::move(message.prefix));
    const std::size_t prefix = body->chunks[0].size();
    mail.size = prefix;
    if (message.draft) {
        auto& draft = static_cast<LogDraft&>(*message.draft);
        mail.size += draft.size();
        for (std::string& chunk : draft.take_memory()) body->chunks.push_back(std::move(chunk));
        mail.draft = draft.take_state();
        message.draft.reset();
    } else {
        mail.draft = std::make_shared<DraftState>();
    }
    if (mail.draft->fault) return mail.draft->fault;
    if (message.jobs.empty()) {
        drop_draft(*mail.draft);
        mail.draft.reset();
        return std::nullopt;
    }
    for (const std::string& chunk : body->chunks) body->size += chunk.size();
    MessageFields fields{.created = message.created, .body_size = mail.size, .prefix_size = static_cast<std::uint32_t>(prefix)};
    fields.meta = message.meta;
    fields.jobs.reserve(message.jobs.size());
    for (const Job& job : message.jobs) {
        PH_ASSERT(job.data.size() <= max_text && job.queue.size() <= max_queue_name && job.number != every_job);
        fields.jobs.push_back({job.number, job.state, job.attempts, job.next_at, job.expires_at, job.queue, job.data});
    }
    Outgoing record = outgoing(RecordType::message, message.id, encode_message(fields, mail.draft->chunk_count));
    record.chunk_count = mail.draft->chunk_count;
    if (record.chunk_count > 0) record.chunks = mail.draft->chunks;
    mail.body = std::move(body);
    record.body = mail.body;
    request.records.push_back(std::move(record));
    return std::nullopt;
}

void LogEngine::undo_commit(Commit& commit) {
    for (const Slot job : commit.settled) index_.stop_settling(job);
    for (const Commit::Mail& mail : commit.mail) {
        if (mail.draft) drop_draft(*mail.draft);
    }
}

void LogEngine::finish_commit(Commit& commit, Request& request) {
    ++finished_;
    if (request.fault) {
        undo_commit(commit);
        return commit.then(tl::unexpected(*request.fault));
    }
    Committed committed;
    auto record = request.records.begin();
    for (std::size_t i = 0; i < commit.mail.size(); ++i) {
        Commit::Mail& mail = commit.mail[i];
        if (!mail.draft) continue;
        keep(commit.batch.messages[i], *mail.draft, mail.body, record->place, mail.size, committed);
        ++record;
    }
    auto job = commit.settled.begin();
    for (const JobUpdate& update : commit.batch.updates) update_job(*job++, update, (record++)->place);
    while (job != commit.settled.end()) finish_job(*job++);
    commit.then(std::move(committed));
}

void LogEngine::keep(NewMessage& message, DraftState& state, const BodyPtr& body, const Place& place, std::uint64_t size, Committed& committed) {
    const Slot slot = index_.add_message(message.id);
    PH_ASSERT(slot != no_slot);
    KeptMessage& kept = messages_.at(slot);
    kept = {place, no_slot, size};
    hold(place);
    const bool whole = state.places.empty();
    if (!whole) {
        kept.chunks = chunk_lists_.add();
        chunk_lists_[kept.chunks] = std::move(state.places);
        chunked_[kept.chunks] = message.id;
    }
    std::shared_ptr<const std::string> meta;
    if (message.claimed) meta = std::make_shared<const std::string>(std::move(message.meta));
    for (Job& job : message.jobs) {
        const Slot added = index_.add_job(slot, {job.number, job.queue, job.next_at, job.attempts, job.state});
        jobs_.at(added).place = place;
        if (!message.claimed || job.state != JobState::active) continue;
        index_.claim_job(added, message.lease);
        Claim claim{.id = message.id, .created = message.created, .size = size, .meta = meta, .job = std::move(job)};
        claim.job.next_at = message.lease;
        claim.epoch = index_.epoch(added);
        if (whole) claim.body = body;
        committed.claims.push_back(std::move(claim));
    }
}

void LogEngine::update_job(Slot job, const JobUpdate& update, const Place& place) {
    compactor_->touch(update.ref.id);
    index_.update(job, update.next_at, update.attempts, update.state);
    const Place& of_message = messages_[index_.message_of(job)].place;
    if (jobs_[job].place != of_message) let_go(jobs_[job].place);
    jobs_[job].place = place;
    hold(place);
}

void LogEngine::finish_job(Slot job) {
    const Slot message = index_.message_of(job);
    compactor_->touch(index_.id_of(message));
    if (jobs_[job].place != messages_[message].place) let_go(jobs_[job].place);
    index_.erase_job(job);
    if (index_.empty(message)) drop_message(message);
}

void LogEngine::drop_message(Slot message) {
    compactor_->touch(index_.id_of(message));
    KeptMessage& kept = messages_[message];
    for (const Slot job : index_.jobs_of(message)) {
        if (jobs_[job].place != kept.place) let_go(jobs_[job].place);
    }
    let_go(kept.place);
    if (kept.chunks != no_slot) {
        for (const Place& chunk : chunk_lists_[kept.chunks]) let_go(chunk);
        chunked_.erase(kept.chunks);
        chunk_lists_.free(kept.chunks);
    }
    kept = {};
    index_.erase_message(message);
}

void LogEngine::send_chunk(const std::shared_ptr<DraftState>& state, std::string bytes) {
    auto body = std::make_shared<BodyText>();
    body->size = bytes.size();
    body->chunks.push_back(std::move(bytes));
    Outgoing record = outgoing(RecordType::chunk, {}, std::string(record_header_size, '\0'));
    record.header.flags = flag::loose;
    record.body = std::move(body);
    record.chunks = state->chunks;
    state->outstanding += record.body->size;
    ++state->chunk_count;
    auto request = std::make_unique<Request>();
    request->sync = false;
    request->records.push_back(std::move(record));
    request->then = [this, state](Request& written) {
        const Outgoing& chunk = written.records[0];
        state->outstanding -= chunk.body->size;
        if (written.fault && !state->fault) state->fault = written.fault;
        if (!written.fault && !state->dropped) {
            state->places.push_back(chunk.place);
            hold(chunk.place);
        }
        if (!state->waiting) return;
        const auto waiting = std::exchange(state->waiting, nullptr);
        if (state->fault) return waiting(tl::unexpected(*state->fault));
        waiting({});
    };
    writer_->send(std::move(request));
}

// Chunks that are still on their way are dropped when they arrive.
void LogEngine::drop_draft(DraftState& state) {
    state.dropped = true;
    state.waiting = nullptr;
    for (const Place& place : state.places) let_go(place);
    state.places.clear();
}

void LogEngine::remove(QueueId id, std::function<void(Stored<void>)> then) {
    send_remove(id, std::move(then));
}

void LogEngine::send_remove(QueueId id, std::function<void(Stored<void>)> then) {
    const Slot message = index_.find(id);
    if (message == no_slot) return on_loop([id, then = std::move(then)] { then(tl::unexpected(gone(id))); });
    compactor_->touch(id);
    // Settlements that are on their way come first; later ones are refused.
    std::vector<Slot> taken;
    for (const Slot job : index_.jobs_of(message)) {
        if (!index_.start_settling(job)) continue;
        taken.push_back(job);
    }
    const DoneJob all{id, every_job};
    auto request = std::make_unique<Request>();
    request->use = Use::settlement;
    request->records.push_back(outgoing(RecordType::done, {}, encode_done({&all, 1})));
    request->then = [this, id, taken = std::move(taken), then = std::move(then)](Request& written) {
        ++finished_;
        if (written.fault) {
            for (const Slot job : taken) index_.stop_settling(job);
            return then(tl::unexpected(*written.fault));
        }
        const Slot removed = index_.find(id);
        if (removed == no_slot) return then(tl::unexpected(gone(id)));
        drop_message(removed);
        then({});
    };
    writer_->send(std::move(request));
}

}  // namespace ph::store::log

// store/log/compactor.cc: the steps of a compaction. Reads go to the reader's lane, copies through the writer like everything else; between them
// the loop looks whether the copy is still true.
#include "store/log/compactor.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace ph::store::log {
namespace {

constexpr std::uint64_t step_bytes = 4ULL * 1024 * 1024;
constexpr std::size_t chunks_at_once = 16;
constexpr std::size_t few_segments = 4;
constexpr std::uint64_t long_rest = 200;  // commits, after a step that came to nothing

BodyPtr body_of(std::string bytes) {
    auto body = std::make_shared<BodyText>();
    body->size = bytes.size();
    body->chunks.push_back(std::move(bytes));
    return body;
}

// Damage is carried on, marked as such: whoever delivers the message finds it there.
Stored<Outgoing> copy_chunk(const SegmentPtr& segment, const Place& place) {
    Outgoing copy;
    copy.header.type = RecordType::chunk;
    copy.header.flags = flag::loose;
    copy.head.assign(record_header_size, '\0');
    auto record =
        segment ? read_whole(*segment, place) : tl::unexpected(StoreFault{Trouble::damaged, "the segment of " + place_text(place) + " is missing"});
    if (!record && record.error().trouble == Trouble::failing) return tl::unexpected(std::move(record).error());
    if (!record || !record->body_good) copy.header.flags |= flag::damaged;
    copy.body = body_of(record ? std::string(record->body()) : std::string(place.size() - record_header_size, '\0'));
    return copy;
}

}  // namespace

struct LogEngine::Compactor::Move {
    MessageRead read;
    BodyPtr body;  // of the record
    bool body_good = true;
    std::vector<Place> old_chunks;
    std::vector<SegmentPtr> files;  // of them
    std::vector<Place> new_chunks;
    std::shared_ptr<Chunks> chunks = std::make_shared<Chunks>();
    std::vector<Place> pinned;
};

struct LogEngine::Compactor::Step {
    std::vector<Move> moves;       // one with chunks comes alone
    std::vector<Outgoing> copied;  // chunks read, not sent yet
    std::optional<StoreFault> fault;
};

bool LogEngine::Compactor::worthwhile() const {
    if (engine_.segments_.size() < 2 || !engine_.segments_.begin()->second.sealed || engine_.health_.failing()) return false;
    if (engine_.finished_ < rest_until_) return false;
    if (engine_.health_.full()) return engine_.used_ * 4 > engine_.live_ * 5;
    return engine_.segments_.size() >= few_segments && engine_.used_ > engine_.live_ * 2;
}

void LogEngine::Compactor::consider() {
    if (busy_ || !worthwhile()) return;
    busy_ = true;
    if (listed_ != engine_.segments_.begin()->first || candidates_.empty()) return list_oldest();
    begin_step();
}

// Which messages a segment has is read from its summary: the index does not keep it.
void LogEngine::Compactor::list_oldest() {
    const auto& [sequence, segment] = *engine_.segments_.begin();
    const FoundSegment found{segment_name(sequence), segment.file, std::nullopt, std::nullopt, false};
    engine_.pin(Place{sequence, 0, 0}, 1);
    engine_.read_lane_->run([this, found, engine = &engine_] {
        auto ids = std::make_shared<std::vector<QueueId>>();
        if (const auto contents = read_contents(found, false)) {
            read_summary(contents->judged.summary, found.segment->sequence, [&](const SummaryLine& line) {
                if (line.type == RecordType::message) ids->push_back(line.id);
            });
        }
        engine->on_loop([this, ids, number = found.segment->sequence] { listed(*ids, number); });
    });
}

void LogEngine::Compactor::listed(const std::vector<QueueId>& ids, std::uint32_t sequence) {
    busy_ = false;
    listed_ = sequence;
    candidates_.clear();
    const auto add = [&](QueueId id) {
        const Slot message = engine_.index_.find(id);
        if (message != no_slot && needed_in(message, sequence)) candidates_.push_back(id);
    };
    for (const QueueId id : ids) add(id);
    for (const auto& [slot, id] : engine_.chunked_) add(id);
    std::sort(candidates_.begin(), candidates_.end(), std::greater<>());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    if (candidates_.empty()) rest();
    engine_.pin(Place{sequence, 0, 0}, -1);
    consider();
}

bool LogEngine::Compactor::needed_in(Slot message, std::uint32_t sequence) const {
    const KeptMessage& kept = engine_.messages_[message];
    if (kept.place.segment == sequence) return true;
    if (kept.chunks == no_slot) return false;
    const std::vector<Place>& chunks = engine_.chunk_lists_[kept.chunks];
    return std::any_of(chunks.begin(), chunks.end(), [&](const Place& chunk) { return chunk.segment == sequence; });
}

bool LogEngine::Compactor::settling(Slot message) const {
    const std::vector<Slot> jobs = engine_.index_.jobs_of(message);
    return std::any_of(jobs.begin(), jobs.end(), [this](Slot job) { return engine_.index_.settling(job); });
}

void LogEngine::Compactor::begin_step() {
    auto step = std::make_shared<Step>();
    std::vector<QueueId> later;
    std::uint64_t size = 0;
    while (!candidates_.empty() && size < step_bytes) {
        const Slot message = engine_.index_.find(candidates_.back());
        const bool needed = message != no_slot && needed_in(message, listed_);
        const bool chunked = needed && engine_.messages_[message].chunks != no_slot;
        if (chunked && !step->moves.empty()) break;
        candidates_.pop_back();
        if (!needed) continue;
        if (settling(message)) {
            later.push_back(engine_.index_.id_of(message));
            continue;
        }
        add_move(*step, message);
        size += engine_.messages_[message].place.size();
        if (chunked) break;
    }
    candidates_.insert(candidates_.begin(), later.begin(), later.end());
    if (step->moves.empty()) {
        busy_ = false;
        if (later.empty()) rest();
        return;
    }
    read_records(std::move(step));
}

void LogEngine::Compactor::add_move(Step& step, Slot message) {
    Move& move = step.moves.emplace_back();
    move.read = engine_.message_read(message, engine_.index_.jobs_of(message));
    move.pinned.push_back(move.read.place);
    for (const MessageRead::OfJob& job : move.read.jobs) move.pinned.push_back(job.place);
    if (const Slot chunks = engine_.messages_[message].chunks; chunks != no_slot) move.old_chunks = engine_.chunk_lists_[chunks];
    for (const Place& chunk : move.old_chunks) {
        move.files.push_back(engine_.file_of(chunk));
        move.pinned.push_back(chunk);
    }
    for (const Place& place : move.pinned) engine_.pin(place, 1);
    moving_[move.read.id.value()] = false;
}

// The messages' records and their jobs' data; then chunks, if there are any.
void LogEngine::Compactor::read_records(std::shared_ptr<Step> step) {
    engine_.read_lane_->run([this, step = std::move(step), engine = &engine_] {
        for (Move& move : step->moves) {
            read_message(move.read);
            if (move.read.fault) continue;
            auto record = read_whole(*move.read.segment, move.read.place);
            if (!record) {
                move.read.fault = std::move(record).error();
                continue;
            }
            move.body_good = record->body_good;
            move.body = body_of(std::string(record->body()));
        }
        engine->on_loop([this, step] { copy_chunks(step); });
    });
}

void LogEngine::Compactor::copy_chunks(const std::shared_ptr<Step>& step) {
    const Move& move = step->moves[0];
    const std::size_t done = move.new_chunks.size();
    if (done == move.old_chunks.size() || move.read.fault || step->fault) {
        return send(step);
    }
    engine_.read_lane_->run([this, step, done, engine = &engine_] {
        const Move& from = step->moves[0];
        const std::size_t end = std::min(done + chunks_at_once, from.old_chunks.size());
        for (std::size_t i = done; i < end && !step->fault; ++i) {
            auto copied = copy_chunk(from.files[i], from.old_chunks[i]);
            if (copied) {
                step->copied.push_back(std::move(*copied));
            } else {
                step->fault = std::move(copied).error();
            }
        }
        engine->on_loop([this, step] { send_chunks(step); });
    });
}

void LogEngine::Compactor::send_chunks(const std::shared_ptr<Step>& step) {
    if (step->fault) return copy_chunks(step);
    auto request = std::make_unique<Request>();
    request->use = Use::settlement;
    request->sync = false;
    for (Outgoing& record : step->copied) {
        record.chunks = step->moves[0].chunks;
        request->records.push_back(std::move(record));
    }
    step->copied.clear();
    request->then = [this, step](Request& written) {
        step->fault = written.fault;
        for (const Outgoing& record : written.records) {
            if (written.fault) break;
            step->moves[0].new_chunks.push_back(record.place);
            engine_.hold(record.place);
        }
        copy_chunks(step);
    };
    engine_.writer_->send(std::move(request));
}

void LogEngine::Compactor::send(const std::shared_ptr<Step>& step) {
    auto request = std::make_unique<Request>();
    request->use = Use::settlement;
    std::vector<Move> going;
    for (Move& move : step->moves) {
        const QueueId id = move.read.id;
        const bool touched = moving_[id.value()];
        const Slot message = engine_.index_.find(id);
        if (touched && message != no_slot) candidates_.insert(candidates_.begin(), id);
        if (move.read.fault || step->fault || touched || message == no_slot) {
            release(move, false);
            if (move.read.fault || step->fault) rest();
            if (!touched) engine_.heed(move.read);
            continue;
        }
        request->records.push_back(copy(move, message));
        going.push_back(std::move(move));
    }
    moving_.clear();
    step->moves = std::move(going);
    if (request->records.empty()) {
        busy_ = false;
        return;
    }
    request->then = [this, step](Request& written) { moved(*step, written); };
    engine_.writer_->send(std::move(request));
}

// The message with its jobs as they are now.
Outgoing LogEngine::Compactor::copy(Move& move, Slot message) const {
    MessageFields fields{.created = move.read.created, .body_size = move.read.size, .prefix_size = move.read.prefix_size};
    fields.meta = *move.read.meta;
    for (const MessageRead::OfJob& job : move.read.jobs) {
        const Slot slot = engine_.index_.find_job(message, job.number);
        const JobIndex::Fields now = engine_.index_.fields(slot);
        // A claim ends with this process: after a crash the job is due at once, not when a lease would have ended.
        const TimePoint next_at = engine_.index_.claimed(slot) ? move.read.created : now.next_at;
        fields.jobs.push_back({job.number, now.state, now.attempts, next_at, job.expires_at, now.queue, job.data});
    }
    Outgoing record;
    record.header.type = RecordType::message;
    record.header.id = move.read.id;
    if (!move.body_good) record.header.flags = flag::damaged;
    record.chunk_count = static_cast<std::uint32_t>(move.new_chunks.size());
    record.head = encode_message(fields, record.chunk_count);
    record.body = move.body;
    if (record.chunk_count > 0) record.chunks = move.chunks;
    return record;
}

void LogEngine::Compactor::moved(Step& step, const Request& request) {
    for (std::size_t i = 0; i < step.moves.size(); ++i) {
        if (!request.fault) apply(step.moves[i], request.records[i].place);
        release(step.moves[i], !request.fault);
    }
    if (request.fault) rest();
    busy_ = false;
}

void LogEngine::Compactor::apply(Move& move, const Place& place) {
    const Slot message = engine_.index_.find(move.read.id);
    KeptMessage& kept = engine_.messages_[message];
    for (const Slot job : engine_.index_.jobs_of(message)) {
        Place& of_job = engine_.jobs_[job].place;
        if (of_job != kept.place) engine_.let_go(of_job);
        of_job = place;
    }
    engine_.let_go(kept.place);
    kept.place = place;
    engine_.hold(place);
    if (kept.chunks == no_slot) return;
    std::vector<Place>& chunks = engine_.chunk_lists_[kept.chunks];
    for (const Place& chunk : chunks) engine_.let_go(chunk);
    chunks = std::move(move.new_chunks);
}

void LogEngine::Compactor::release(Move& move, bool copied) {
    if (!copied) {
        for (const Place& chunk : move.new_chunks) engine_.let_go(chunk);
        move.new_chunks.clear();
    }
    for (const Place& place : std::exchange(move.pinned, {})) engine_.pin(place, -1);
}

void LogEngine::Compactor::rest() {
    rest_until_ = engine_.finished_ + long_rest;
}

}  // namespace ph::store::log

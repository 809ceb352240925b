// store/log/reading.cc: what is read back: claims, lists, bodies. The index says where, the reader's lane reads, and on the loop again it is
// looked at whether the message is still there. A segment that is being read is not freed.
#include <algorithm>
#include <deque>
#include <utility>

#include "store/log/log_engine.h"

namespace ph::store::log {
namespace {

constexpr std::size_t read_size = 256 * 1024;
constexpr std::size_t chunks_at_once = 4;

StoreFault gone(QueueId id) {
    return {Trouble::gone, "message " + to_text(id) + " is not in the queue"};
}
StoreFault damaged(QueueId id, const Place& place) {
    return {Trouble::damaged, "message " + to_text(id) + " is damaged (" + place_text(place) + ")"};
}

std::optional<StoreFault> read_job(MessageRead::OfJob& job, QueueId id, const Place& place, const MessageFields& fields) {
    const auto of_message = std::find_if(fields.jobs.begin(), fields.jobs.end(), [&](const JobFields& each) { return each.number == job.number; });
    if (of_message != fields.jobs.end()) {
        job.expires_at = of_message->expires_at;
        job.data = of_message->data;
    }
    if (job.place == place) return std::nullopt;
    const auto record = job.segment ? read_head(*job.segment, job.place) : tl::unexpected(damaged(id, job.place));
    if (!record && record.error().trouble == Trouble::failing) return record.error();
    const auto update = record ? decode_job(record->meta()) : std::nullopt;
    // Without its last state the job goes on from its first one: rather a second copy for somebody than none.
    job.fallback = !update || record->header.id != id || update->number != job.number;
    if (!job.fallback) job.data = update->data;
    return std::nullopt;
}

}  // namespace

void read_message(MessageRead& read) {
    if (!read.segment) {
        read.fault = damaged(read.id, read.place);
        return;
    }
    const auto record = read_head(*read.segment, read.place);
    if (!record) {
        read.fault = record.error();
        return;
    }
    const auto fields = record->header.id == read.id ? decode_message(record->meta()) : std::nullopt;
    if (!fields) {
        read.fault = damaged(read.id, read.place);
        return;
    }
    read.created = fields->created;
    read.size = fields->body_size;
    read.prefix_size = fields->prefix_size;
    read.meta = std::make_shared<const std::string>(fields->meta);
    for (MessageRead::OfJob& job : read.jobs) {
        if (auto fault = read_job(job, read.id, read.place, *fields)) read.fault = std::move(fault);
    }
}

MessageRead LogEngine::message_read(Slot message, const std::vector<Slot>& jobs) const {
    MessageRead read;
    read.id = index_.id_of(message);
    read.place = messages_[message].place;
    read.segment = file_of(read.place);
    for (const Slot slot : jobs) {
        MessageRead::OfJob& job = read.jobs.emplace_back();
        job.slot = slot;
        job.epoch = index_.epoch(slot);
        job.number = index_.fields(slot).number;
        job.place = jobs_[slot].place;
        if (job.place != read.place) job.segment = file_of(job.place);
    }
    return read;
}

void LogEngine::read_messages(std::vector<MessageRead> reads, std::function<void(std::vector<MessageRead>&)> then) {
    for (const MessageRead& read : reads) pin(read, 1);
    auto shared = std::make_shared<std::vector<MessageRead>>(std::move(reads));
    read_lane_->run([this, shared = std::move(shared), then = std::move(then)] {
        for (MessageRead& read : *shared) read_message(read);
        on_loop([this, shared, then] {
            for (const MessageRead& read : *shared) pin(read, -1);
            then(*shared);
            free_segments();
        });
    });
}

void LogEngine::pin(const Place& place, int change) {
    const auto found = segments_.find(place.segment);
    if (found != segments_.end()) found->second.pins += static_cast<std::uint32_t>(change);
}

void LogEngine::pin(const MessageRead& read, int change) {
    pin(read.place, change);
    for (const MessageRead::OfJob& job : read.jobs) pin(job.place, change);
}

void LogEngine::claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
                      std::function<void(Stored<std::vector<Claim>>)> then) {
    std::vector<MessageRead> reads;
    for (const Slot job : index_.claim(queue, limit, now, lease)) reads.push_back(message_read(index_.message_of(job), {job}));
    if (reads.empty()) return on_loop([then = std::move(then)] { then(std::vector<Claim>{}); });
    read_messages(std::move(reads), [this, then = std::move(then)](std::vector<MessageRead>& done) { give_claims(done, then); });
}

// What cannot be read is not handed out: a damaged message is set aside, and on a failing disk the claim lapses with its lease.
void LogEngine::give_claims(std::vector<MessageRead>& reads, const std::function<void(Stored<std::vector<Claim>>)>& then) {
    std::vector<Claim> claims;
    std::optional<StoreFault> failing;
    for (MessageRead& read : reads) {
        heed(read);
        if (read.fault && read.fault->trouble == Trouble::failing) failing = read.fault;
        const Slot message = index_.find(read.id);
        const MessageRead::OfJob& job = read.jobs[0];
        const bool ours = message != no_slot && index_.find_job(message, job.number) == job.slot && index_.epoch(job.slot) == job.epoch;
        if (!read.fault && ours) claims.push_back(claim_of(read, 0));
    }
    if (claims.empty() && failing) return then(tl::unexpected(*failing));
    then(std::move(claims));
}

Claim LogEngine::claim_of(MessageRead& read, std::size_t index) const {
    MessageRead::OfJob& job = read.jobs[index];
    const JobIndex::Fields fields = index_.fields(job.slot);
    Claim claim{.id = read.id, .created = read.created, .size = read.size, .meta = read.meta};
    claim.job = {job.number, std::string(fields.queue), fields.next_at, job.expires_at, fields.attempts, fields.state, std::move(job.data)};
    claim.epoch = job.epoch;
    return claim;
}

Listed LogEngine::listed(MessageRead& read) const {
    Listed listed{.id = read.id, .created = read.created, .size = read.size, .meta = read.meta};
    const Slot message = index_.find(read.id);
    for (std::size_t i = 0; i < read.jobs.size(); ++i) {
        const Slot job = index_.find_job(message, read.jobs[i].number);
        if (job == no_slot) continue;  // done meanwhile
        listed.jobs.push_back(claim_of(read, i).job);
        listed.claimed.push_back(index_.claimed(job));
    }
    return listed;
}

void LogEngine::list(QueueId after, std::size_t limit, std::function<void(Stored<std::vector<Listed>>)> then) {
    std::vector<MessageRead> reads;
    for (const QueueId id : index_.above(after, limit)) {
        const Slot message = index_.find(id);
        reads.push_back(message_read(message, index_.jobs_of(message)));
    }
    read_messages(std::move(reads), [this, then = std::move(then)](std::vector<MessageRead>& done) {
        std::vector<Listed> all;
        for (MessageRead& read : done) {
            heed(read);
            if (read.fault && read.fault->trouble == Trouble::failing) return then(tl::unexpected(*read.fault));
            if (!read.fault && index_.find(read.id) != no_slot) all.push_back(listed(read));
        }
        then(std::move(all));
    });
}

void LogEngine::get(QueueId id, std::function<void(Stored<Listed>)> then) {
    const Slot message = index_.find(id);
    if (message == no_slot) return on_loop([id, then = std::move(then)] { then(tl::unexpected(gone(id))); });
    std::vector<MessageRead> reads;
    reads.push_back(message_read(message, index_.jobs_of(message)));
    read_messages(std::move(reads), [this, id, then = std::move(then)](std::vector<MessageRead>& done) {
        heed(done[0]);
        if (done[0].fault) return then(tl::unexpected(*done[0].fault));
        if (index_.find(id) == no_slot) return then(tl::unexpected(gone(id)));
        then(listed(done[0]));
    });
}

void LogEngine::heed(const MessageRead& read) {
    for (const MessageRead::OfJob& job : read.jobs) {
        if (!job.fallback || read.fault) continue;
        report({true, "the last state of job " + std::to_string(job.number) + " of message " + to_text(read.id) + " cannot be read (" +
                          place_text(job.place) + "); it goes on from its first one, so somebody may get the message twice"});
    }
    if (read.fault && read.fault->trouble == Trouble::damaged) set_aside(read.id, read.place);
}

void LogEngine::set_aside(QueueId id, const Place& place) {
    pin(place, 1);
    read_lane_->run([this, id, place, segment = file_of(place)] {
        auto name =
            segment ? set_bytes_aside(*files_, *segment, place.offset(), place.offset() + place.size()) : Io<std::string>(tl::unexpected(ENOENT));
        on_loop([this, id, place, name = std::move(name)] {
            pin(place, -1);
            if (index_.find(id) == no_slot) return;
            const std::string copy = name ? "its octets were copied to " + *name : "its octets could not be copied: " + error_text(name.error());
            report({true, "message " + to_text(id) + " cannot be read any more (" + place_text(place) + ") and leaves the queue; " + copy});
            send_remove(id, [](const Stored<void>&) {});
        });
    });
}

// A body, piece by piece. Its segments stay until it is destroyed, also when the message is delivered meanwhile.
class LogReader final : public BodyReader {
  public:
    struct Part {
        std::string text;  // or
        SegmentPtr segment;
        Place place;
    };
    struct State {
        std::deque<Part> parts;
        std::vector<Place> pinned;
        bool reading = false;
        bool dropped = false;
    };
    LogReader(LogEngine& engine, std::weak_ptr<int> life, std::shared_ptr<State> state)
        : engine_(engine), life_(std::move(life)), state_(std::move(state)) {}
    ~LogReader() override {
        state_->dropped = true;
        if (!life_.expired() && !state_->reading) unpin(engine_, *state_);
    }
    LogReader(const LogReader&) = delete;
    LogReader& operator=(const LogReader&) = delete;
    LogReader(LogReader&&) = delete;
    LogReader& operator=(LogReader&&) = delete;

    void next(std::function<void(Stored<std::string>)> then) override;
    static void unpin(LogEngine& engine, State& state) {
        for (const Place& place : std::exchange(state.pinned, {})) engine.pin(place, -1);
        engine.free_segments();
    }
    static Stored<std::string> read_parts(State& state);
    // On the reader's lane: the message's record, and from it the parts.
    static std::optional<StoreFault> prepare(State& state, const MessageRead& read, std::vector<Part> chunks);

  private:
    LogEngine& engine_;
    std::weak_ptr<int> life_;
    std::shared_ptr<State> state_;
};

std::optional<StoreFault> LogReader::prepare(State& state, const MessageRead& read, std::vector<Part> chunks) {
    if (!read.segment) return damaged(read.id, read.place);
    auto record = read_whole(*read.segment, read.place);
    if (!record) return record.error();
    const auto fields = decode_message(record->meta());
    if (!record->body_good || !fields || fields->prefix_size > record->body().size()) return damaged(read.id, read.place);
    const std::string_view body = record->body();
    const auto add = [&](std::string_view text) {
        for (; !text.empty(); text.remove_prefix(std::min(text.size(), read_size)))
            state.parts.push_back({std::string(text.substr(0, read_size)), {}, {}});
    };
    if (chunks.empty()) {
        add(body);
        return std::nullopt;
    }
    add(body.substr(0, fields->prefix_size));
    std::move(chunks.begin(), chunks.end(), std::back_inserter(state.parts));
    add(body.substr(fields->prefix_size));
    return std::nullopt;
}

Stored<std::string> LogReader::read_parts(State& state) {
    std::string text;
    for (std::size_t i = 0; i < chunks_at_once && !state.parts.empty(); ++i) {
        Part& part = state.parts.front();
        if (part.place.size() == 0) {
            if (!text.empty()) break;
            text = std::move(part.text);
            state.parts.pop_front();
            break;
        }
        auto record = part.segment ? read_whole(*part.segment, part.place) : Stored<RecordBytes>(tl::unexpected(damaged({}, part.place)));
        if (!record) return tl::unexpected(std::move(record).error());
        if (!record->body_good) {
            return tl::unexpected(StoreFault{Trouble::damaged, "a part of the body is damaged (" + place_text(part.place) + ")"});
        }
        text += record->body();
        state.parts.pop_front();
    }
    return text;
}

void LogReader::next(std::function<void(Stored<std::string>)> then) {
    if (life_.expired()) return;
    state_->reading = true;
    LogEngine& engine = engine_;
    engine.read_lane_->run([&engine, state = state_, then = std::move(then)] {
        auto text = std::make_shared<Stored<std::string>>(read_parts(*state));
        engine.on_loop([&engine, state, text, then] {
            state->reading = false;
            if (state->dropped) return unpin(engine, *state);
            then(std::move(*text));
        });
    });
}

void LogEngine::open_body(QueueId id, std::function<void(Stored<std::unique_ptr<BodyReader>>)> then) {
    const Slot message = index_.find(id);
    if (message == no_slot) return on_loop([id, then = std::move(then)] { then(tl::unexpected(gone(id))); });
    auto state = std::make_shared<LogReader::State>();
    const MessageRead read = message_read(message, {});
    state->pinned.push_back(read.place);
    std::vector<LogReader::Part> chunks;
    if (const Slot list = messages_[message].chunks; list != no_slot) {
        for (const Place& chunk : chunk_lists_[list]) {
            chunks.push_back({{}, file_of(chunk), chunk});
            state->pinned.push_back(chunk);
        }
    }
    for (const Place& place : state->pinned) pin(place, 1);
    read_lane_->run([this, state, read, chunks = std::move(chunks), then = std::move(then)] {
        const auto fault = LogReader::prepare(*state, read, chunks);
        on_loop([this, state, fault, then] {
            auto reader = std::make_unique<LogReader>(*this, life_, state);
            if (fault) return then(tl::unexpected(*fault));
            then(std::move(reader));
        });
    });
}

}  // namespace ph::store::log

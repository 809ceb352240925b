// store/memory/engine.cc: mail in memory: the due index of job_index.h, and beside it the octets. A commit takes effect when its callback is
// due, not when it is called, so that a caller who relies on the earlier moment fails here as it would on a disk.
#include "store/memory/engine.h"

#include <algorithm>
#include <utility>

#include "store/job_index.h"

namespace ph::store {
namespace {

constexpr std::size_t read_size = 256 * 1024;

class MemoryDraft final : public Draft {
  public:
    explicit MemoryDraft(Post post) : post_(std::move(post)) {}
    bool append(std::string_view bytes) override {
        text_.append(bytes);
        return true;
    }
    void writable(std::function<void(Stored<void>)> then) override {
        post_([then = std::move(then)] { then({}); });
    }
    std::uint64_t size() const override { return text_.size(); }
    std::string take() { return std::move(text_); }

  private:
    Post post_;
    std::string text_;
};

class MemoryReader final : public BodyReader {
  public:
    MemoryReader(Post post, BodyPtr body) : post_(std::move(post)), body_(std::move(body)) {}
    void next(std::function<void(Stored<std::string>)> then) override {
        while (chunk_ < body_->chunks.size() && at_ == body_->chunks[chunk_].size()) {
            ++chunk_;
            at_ = 0;
        }
        std::string text;
        if (chunk_ < body_->chunks.size()) text = body_->chunks[chunk_].substr(at_, read_size);
        at_ += text.size();
        post_([then = std::move(then), text = std::move(text)]() mutable { then(std::move(text)); });
    }

  private:
    Post post_;
    BodyPtr body_;
    std::size_t chunk_ = 0;
    std::size_t at_ = 0;
};

struct KeptMessage {
    TimePoint created{};
    std::shared_ptr<const std::string> meta;
    BodyPtr body;
};
struct KeptJob {
    TimePoint expires_at{};
    std::string data;
};

StoreFault gone(QueueId id) {
    return {Trouble::gone, "message " + to_text(id) + " or its job is not in the queue, or is held by somebody else"};
}

class MemoryEngine final : public Engine {
  public:
    MemoryEngine(Post post, MemoryOptions options) : post_(std::move(post)), options_(options), ids_(options.shard, options.node) {}

    QueueId next_id(TimePoint now) override { return ids_.next(now); }
    std::unique_ptr<Draft> draft() override { return std::make_unique<MemoryDraft>(post_); }
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
    void close(std::function<void()> then) override { later(std::move(then)); }

  private:
    // Runs on the loop unless the engine is gone by then.
    void later(std::function<void()> run) {
        post_([run = std::move(run), life = std::weak_ptr<int>(life_)] {
            if (!life.expired()) run();
        });
    }
    void finish(const std::shared_ptr<Batch>& batch, const std::vector<Slot>& settled, const std::function<void(Stored<Committed>)>& then);
    void keep(NewMessage& message, Committed& committed);
    void drop_if_empty(Slot message);
    void drop(Slot message);
    Claim claim_of(Slot job) const;
    Listed listed(Slot message) const;
    bool full(std::uint64_t more) const { return options_.max_bytes > 0 && used_ + more > options_.max_bytes; }

    Post post_;
    MemoryOptions options_;
    QueueIdMaker ids_;
    mutable JobIndex index_;
    BlockArray<KeptMessage> messages_;  // beside the slots of the index
    BlockArray<KeptJob> jobs_;
    std::uint64_t used_ = 0;
    std::shared_ptr<int> life_ = std::make_shared<int>();
};

void MemoryEngine::commit(Batch batch, std::function<void(Stored<Committed>)> then) {
    std::vector<Slot> settled;
    const auto take = [&](const JobRef& ref) {
        const Slot job = index_.settleable(ref);
        if (job == no_slot) return false;
        index_.start_settling(job);
        settled.push_back(job);
        return true;
    };
    std::optional<StoreFault> fault;
    for (const JobUpdate& update : batch.updates) {
        if (!fault && !take(update.ref)) fault = gone(update.ref.id);
    }
    for (const JobRef& ref : batch.done) {
        if (!fault && !take(ref)) fault = gone(ref.id);
    }
    std::uint64_t more = 0;
    for (const NewMessage& message : batch.messages) more += message.meta.size() + message.prefix.size() + message.draft->size();
    if (!fault && more > 0 && full(more)) fault = StoreFault{Trouble::full, "the spool in memory is full"};
    if (fault) {
        for (const Slot job : settled) index_.stop_settling(job);
        later([then = std::move(then), fault = std::move(*fault)] { then(tl::unexpected(fault)); });
        return;
    }
    used_ += more;
    later([this, batch = std::make_shared<Batch>(std::move(batch)), settled = std::move(settled), then = std::move(then)] {
        finish(batch, settled, then);
    });
}

void MemoryEngine::finish(const std::shared_ptr<Batch>& batch, const std::vector<Slot>& settled, const std::function<void(Stored<Committed>)>& then) {
    Committed committed;
    for (NewMessage& message : batch->messages) keep(message, committed);
    auto job = settled.begin();
    for (JobUpdate& update : batch->updates) {
        if (index_.find(update.ref.id) != no_slot) {  // or it was removed meanwhile
            index_.update(*job, update.next_at, update.attempts, update.state);
            jobs_[*job].data = std::move(update.data);
        }
        ++job;
    }
    for (const JobRef& ref : batch->done) {
        if (const Slot message = index_.find(ref.id); message != no_slot) {
            index_.erase_job(*job);
            drop_if_empty(message);
        }
        ++job;
    }
    then(std::move(committed));
}

void MemoryEngine::keep(NewMessage& message, Committed& committed) {
    const Slot slot = message.jobs.empty() ? no_slot : index_.add_message(message.id);
    if (slot == no_slot) return;
    auto body = std::make_shared<BodyText>();
    body->chunks.push_back(std::move(message.prefix));
    body->chunks.push_back(static_cast<MemoryDraft&>(*message.draft).take());
    body->size = body->chunks[0].size() + body->chunks[1].size();
    messages_.at(slot) = {message.created, std::make_shared<const std::string>(std::move(message.meta)), std::move(body)};
    for (Job& job : message.jobs) {
        const Slot added = index_.add_job(slot, {job.number, job.queue, job.next_at, job.attempts, job.state});
        jobs_.at(added) = {job.expires_at, std::move(job.data)};
        if (!message.claimed || job.state != JobState::active) continue;
        index_.claim_job(added, message.lease);
        committed.claims.push_back(claim_of(added));
    }
}

void MemoryEngine::drop_if_empty(Slot message) {
    if (index_.empty(message)) drop(message);
}

void MemoryEngine::drop(Slot message) {
    KeptMessage& kept = messages_[message];
    used_ -= std::min<std::uint64_t>(used_, kept.meta->size() + kept.body->size);
    kept = {};
    index_.erase_message(message);
}

Claim MemoryEngine::claim_of(Slot slot) const {
    const Slot message = index_.message_of(slot);
    const KeptMessage& kept = messages_[message];
    const JobIndex::Fields fields = index_.fields(slot);
    Claim claim{.id = index_.id_of(message), .created = kept.created, .size = kept.body->size, .meta = kept.meta};
    claim.job = {fields.number, std::string(fields.queue), fields.next_at, jobs_[slot].expires_at, fields.attempts, fields.state, jobs_[slot].data};
    claim.epoch = index_.epoch(slot);
    claim.body = kept.body;
    return claim;
}

void MemoryEngine::claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
                         std::function<void(Stored<std::vector<Claim>>)> then) {
    auto claims = std::make_shared<std::vector<Claim>>();
    for (const Slot job : index_.claim(queue, limit, now, lease)) claims->push_back(claim_of(job));
    later([then = std::move(then), claims = std::move(claims)] { then(std::move(*claims)); });
}

void MemoryEngine::open_body(QueueId id, std::function<void(Stored<std::unique_ptr<BodyReader>>)> then) {
    const Slot message = index_.find(id);
    const BodyPtr body = message == no_slot ? nullptr : messages_[message].body;
    later([this, id, body, then = std::move(then)] {
        if (body == nullptr) return then(tl::unexpected(gone(id)));
        then(std::unique_ptr<BodyReader>(std::make_unique<MemoryReader>(post_, body)));
    });
}

Listed MemoryEngine::listed(Slot message) const {
    const KeptMessage& kept = messages_[message];
    Listed listed{.id = index_.id_of(message), .created = kept.created, .size = kept.body->size, .meta = kept.meta};
    for (const Slot job : index_.jobs_of(message)) {
        listed.jobs.push_back(claim_of(job).job);
        listed.claimed.push_back(index_.claimed(job));
    }
    return listed;
}

void MemoryEngine::list(QueueId after, std::size_t limit, std::function<void(Stored<std::vector<Listed>>)> then) {
    auto all = std::make_shared<std::vector<Listed>>();
    for (const QueueId id : index_.above(after, limit)) all->push_back(listed(index_.find(id)));
    later([then = std::move(then), all = std::move(all)] { then(std::move(*all)); });
}

void MemoryEngine::get(QueueId id, std::function<void(Stored<Listed>)> then) {
    const Slot message = index_.find(id);
    auto found = std::make_shared<Stored<Listed>>(tl::unexpected(gone(id)));
    if (message != no_slot) *found = listed(message);
    later([then = std::move(then), found = std::move(found)] { then(std::move(*found)); });
}

void MemoryEngine::remove(QueueId id, std::function<void(Stored<void>)> then) {
    later([this, id, then = std::move(then)] {
        const Slot message = index_.find(id);
        if (message == no_slot) return then(tl::unexpected(gone(id)));
        drop(message);
        then({});
    });
}

Space MemoryEngine::space() const {
    Space space{.full = options_.max_bytes > 0 && used_ >= options_.max_bytes, .used_bytes = used_, .live_bytes = used_};
    if (space.full) space.message = "the spool in memory is full";
    return space;
}

}  // namespace

std::unique_ptr<Engine> make_memory_engine(Post post, MemoryOptions options) {
    return std::make_unique<MemoryEngine>(std::move(post), options);
}

}  // namespace ph::store

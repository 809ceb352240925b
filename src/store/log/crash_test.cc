// store/log/crash_test.cc: random mail on a disk that loses what was not synced, crashed at any step, opened again and compared with what had been
// acknowledged. Everything runs on one thread in an order that the seed decides; a failure prints the seed.
#include <deque>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "store/log/engine.h"
#include "store/log/faulty_files.h"

namespace ph::store::log {
namespace {

TimePoint at(std::int64_t seconds) {
    return TimePoint(Seconds(1'800'000'000 + seconds));
}

// All that waits to run: the loop's, and each lane's.
class Steps {
  public:
    using Queue = std::deque<std::function<void()>>;

    Post post() {
        return [this](std::function<void()> run) { loop_.push_back(std::move(run)); };
    }
    MakeLane lanes() {
        return [this](const char*) { return std::make_unique<StepLane>(*this); };
    }
    bool step(std::mt19937& random) {
        std::vector<Queue*> filled;
        if (!loop_.empty()) filled.push_back(&loop_);
        for (auto& [number, queue] : lanes_) {
            if (!queue.empty()) filled.push_back(&queue);
        }
        if (filled.empty()) return false;
        Queue& queue = *filled[random() % filled.size()];
        const auto run = std::move(queue.front());
        queue.pop_front();
        run();
        return true;
    }
    void run_all(std::mt19937& random) {
        while (step(random)) {
        }
    }
    // What was to run after a while.
    void pass_time() {
        for (auto& [number, work] : std::exchange(timed_, {})) lanes_[number].push_back(std::move(work));
    }
    void drop_all() {
        loop_.clear();
        lanes_.clear();
        timed_.clear();
    }

  private:
    class StepLane final : public Lane {
      public:
        explicit StepLane(Steps& steps) : steps_(steps), number_(steps.next_lane_++) { steps_.lanes_[number_]; }
        void run(std::function<void()> work) override { steps_.lanes_[number_].push_back(std::move(work)); }
        void run_after(Milliseconds, std::function<void()> work) override { steps_.timed_.emplace_back(number_, std::move(work)); }
        void stop() override {
            steps_.lanes_.erase(number_);
            std::erase_if(steps_.timed_, [this](const auto& timed) { return timed.first == number_; });
        }

      private:
        Steps& steps_;
        const unsigned number_;
    };

    Queue loop_;
    std::map<unsigned, Queue> lanes_;
    std::vector<std::pair<unsigned, std::function<void()>>> timed_;
    unsigned next_lane_ = 0;
};

struct ModelJob {
    std::string queue;
    std::set<std::string> data;  // what it may be: the last acknowledged, and what was sent since
    bool done_sent = false;
    bool done = false;
};
struct ModelMessage {
    bool acknowledged = false;
    bool remove_sent = false;
    bool removed = false;
    std::uint64_t batch = 0;  // messages of one are there all or none, unless acknowledged
    std::string body;
    std::map<std::uint16_t, ModelJob> jobs;

    bool may_be_gone() const {
        bool all_done = true;
        for (const auto& [number, job] : jobs) all_done = all_done && job.done_sent;
        return !acknowledged || remove_sent || all_done;
    }
    bool must_be_gone() const {
        bool all_done = acknowledged;
        for (const auto& [number, job] : jobs) all_done = all_done && job.done;
        return removed || all_done;
    }
};

struct Settings {
    std::uint64_t capacity = 0;
    unsigned write_faults = 0;
    unsigned sync_faults = 0;
};

class Crash {
  public:
    Crash(unsigned seed, Settings settings) : random_(seed), disk_(std::make_shared<FaultyDisk>(seed + 1)), settings_(settings) {}

    void run(unsigned rounds) {
        for (unsigned round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
            open();
            if (testing::Test::HasFailure()) return;
            compare();
            disk_->capacity = settings_.capacity;
            disk_->write_faults = settings_.write_faults;
            disk_->sync_faults = settings_.sync_faults;
            if (random_() % 2 == 0) disk_->operations_left = random_() % 1500;
            const unsigned operations = 20 + static_cast<unsigned>(random_() % 300);
            for (unsigned i = 0; i < operations && !disk_->off; ++i) {
                operate();
                for (auto steps = random_() % 8; steps > 0; --steps) steps_.step(random_);
                if (random_() % 64 == 0) steps_.pass_time();
            }
            if (random_() % 4 == 0 && !disk_->off) close();
            drafts_.clear();
            engine_.reset();
            steps_.drop_all();
            if (random_() % 3 == 0 && !disk_->off) {
                disk_->kill();
            } else {
                disk_->crash();
            }
        }
    }
    std::uint64_t refused() const { return refused_; }
    std::uint64_t kept() const { return kept_; }

  private:
    void open();
    void compare();
    void compare_message(const Listed& listed);
    void close();
    void operate();
    void put();
    void settle();
    void remove();
    void claim();
    std::string body_of(QueueId id);
    // An answer counts as long as the power is on.
    bool hears() const { return !disk_->off; }

    std::mt19937 random_;
    std::shared_ptr<FaultyDisk> disk_;
    Settings settings_;
    Steps steps_;
    std::unique_ptr<Engine> engine_;
    std::vector<std::unique_ptr<Draft>> drafts_;  // that nobody commits
    std::map<QueueId, ModelMessage> model_;
    std::map<QueueId, ModelMessage> lost_;  // never acknowledged, and not there
    std::vector<Claim> claims_;
    std::uint64_t batches_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t kept_ = 0;
    std::int64_t now_ = 0;
};

void Crash::open() {
    disk_->capacity = 0;
    disk_->write_faults = disk_->sync_faults = 0;
    LogOptions options;
    options.directory = "/spool";
    options.segment_size = min_segment_size;
    options.reserve = min_segment_size;
    options.in_memory = 6'000;
    options.chunk = 3'000;
    options.files = std::make_shared<FaultyFiles>(disk_);
    options.lanes = steps_.lanes();
    options.key = 42;
    auto opened = open_log(std::move(options), steps_.post());
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    // What a failed write has left may look like damage.
    const bool faults = settings_.write_faults + settings_.sync_faults > 0;
    for (const Report& report : opened->reports) EXPECT_TRUE(faults || !report.damage) << report.message;
    engine_ = std::move(opened->engine);
    claims_.clear();
}

// Reads the whole spool and holds it against the model; what may have been either way is then known.
void Crash::compare() {
    std::optional<std::vector<Listed>> all;
    engine_->list(QueueId{}, 1'000'000, [&](Stored<std::vector<Listed>> listed) { all = std::move(*listed); });
    steps_.run_all(random_);
    ASSERT_TRUE(all.has_value());
    std::set<QueueId> found;
    std::map<std::uint64_t, std::set<bool>> batches;
    for (const Listed& listed : *all) {
        // Refused, since a sync had failed; the next segment said so, and then that was lost with the power. Nobody can be told twice.
        if (auto refused = lost_.extract(listed.id)) model_.insert(std::move(refused));
        ASSERT_TRUE(model_.contains(listed.id)) << "unknown message";
        compare_message(listed);
        found.insert(listed.id);
        batches[model_[listed.id].batch].insert(true);
    }
    for (auto& [id, message] : model_) {
        if (found.contains(id)) continue;
        EXPECT_TRUE(message.may_be_gone()) << "lost " << to_text(id) << " of batch " << message.batch;
        if (!message.acknowledged && !message.remove_sent) batches[message.batch].insert(false);
    }
    for (const auto& [batch, seen] : batches) EXPECT_LE(seen.size(), 1U) << "half of batch " << batch;
    const bool faults = settings_.write_faults + settings_.sync_faults > 0;
    for (const auto& [id, message] : model_) {
        if (faults && !found.contains(id) && !message.acknowledged) lost_[id] = message;
    }
    std::erase_if(model_, [&](const auto& entry) { return !found.contains(entry.first); });
    kept_ += found.size();
}

void Crash::compare_message(const Listed& listed) {
    ModelMessage& message = model_[listed.id];
    EXPECT_FALSE(message.must_be_gone()) << "came back: " << to_text(listed.id);
    const std::string body = body_of(listed.id);
    EXPECT_TRUE(body == message.body) << to_text(listed.id) << ": " << body.size() << " octets instead of " << message.body.size();
    std::set<std::uint16_t> found;
    for (const Job& job : listed.jobs) {
        found.insert(job.number);
        ASSERT_TRUE(message.jobs.contains(job.number));
        ModelJob& known = message.jobs[job.number];
        EXPECT_FALSE(known.done) << "job came back: " << to_text(listed.id) << " " << job.number;
        EXPECT_TRUE(known.data.contains(job.data)) << to_text(listed.id) << " has " << job.data;
        EXPECT_EQ(job.queue, known.queue);
        known = {job.queue, {job.data}};
    }
    for (const auto& [number, job] : message.jobs) EXPECT_TRUE(found.contains(number) || job.done_sent) << "lost job of " << to_text(listed.id);
    std::erase_if(message.jobs, [&](const auto& job) { return !found.contains(job.first); });
    message.acknowledged = true;
    message.remove_sent = false;
}

std::string Crash::body_of(QueueId id) {
    std::unique_ptr<BodyReader> reader;
    engine_->open_body(id, [&](Stored<std::unique_ptr<BodyReader>> opened) {
        if (opened) reader = std::move(*opened);
    });
    steps_.run_all(random_);
    if (!reader) return "cannot open";
    std::string text;
    for (bool more = true; more;) {
        reader->next([&](Stored<std::string> part) {
            more = part && !part->empty();
            text += part ? *part : "damaged";
        });
        steps_.run_all(random_);
    }
    return text;
}

void Crash::close() {
    bool closed = false;
    engine_->close([&] { closed = true; });
    steps_.run_all(random_);
    EXPECT_TRUE(closed);
}

void Crash::operate() {
    now_ += static_cast<std::int64_t>(random_() % 5);
    switch (random_() % 10) {
        case 0:
        case 1:
        case 2:
            return put();
        case 3:
        case 4:
        case 5:
        case 6:
            return settle();
        case 7:
        case 8:
            return claim();
        default:
            break;
    }
    if (random_() % 4 == 0) return remove();
    auto draft = engine_->draft();
    draft->append(std::string(random_() % 20'000, 'd'));
    drafts_.push_back(std::move(draft));
    if (random_() % 2 == 0) drafts_.clear();
}

void Crash::put() {
    Batch batch;
    const std::uint64_t number = ++batches_;
    std::vector<QueueId> ids;
    for (auto count = 1 + random_() % 3; count > 0; --count) {
        NewMessage message{.id = engine_->next_id(at(now_)), .created = at(now_), .meta = "meta", .draft = engine_->draft()};
        ModelMessage& model = model_[message.id];
        model.batch = number;
        message.prefix = "prefix of " + to_text(message.id) + "\r\n";
        const std::string text(random_() % (random_() % 4 == 0 ? 15'000 : 1'500), static_cast<char>('a' + random_() % 26));
        model.body = message.prefix + text;
        message.draft->append(text);
        for (std::uint16_t job = 0; job <= random_() % 3; ++job) {
            const std::string queue = "q" + std::to_string(random_() % 5);
            message.jobs.push_back({.number = job, .queue = queue, .next_at = at(now_), .expires_at = at(1'000'000), .data = "first"});
            model.jobs[job] = {queue, {"first"}};
        }
        message.claimed = random_() % 2 == 0;
        message.lease = at(now_ + 100);
        ids.push_back(message.id);
        batch.messages.push_back(std::move(message));
    }
    engine_->commit(std::move(batch), [this, ids](Stored<Committed> committed) {
        if (!hears()) return;
        for (const QueueId id : ids) {
            if (committed) model_[id].acknowledged = true;
            // On a failing disk nobody can promise that what was refused does not come back.
            if (!committed && committed.error().trouble == Trouble::full) model_.erase(id);
        }
        if (!committed) ++refused_;
        if (committed) claims_.insert(claims_.end(), committed->claims.begin(), committed->claims.end());
    });
}

void Crash::claim() {
    engine_->claim("q" + std::to_string(random_() % 5), 1 + random_() % 5, at(now_), at(now_ + 50), [this](Stored<std::vector<Claim>> claims) {
        if (!hears()) return;
        ASSERT_TRUE(claims.has_value());
        for (Claim& claim : *claims) {
            ASSERT_TRUE(model_.contains(claim.id));
            EXPECT_TRUE(model_[claim.id].jobs[claim.job.number].data.contains(claim.job.data));
            claims_.push_back(std::move(claim));
        }
    });
}

void Crash::settle() {
    Batch batch;
    for (auto count = random_() % 4; count > 0 && !claims_.empty(); --count) {
        const std::size_t which = random_() % claims_.size();
        const JobRef ref{claims_[which].id, claims_[which].job.number, claims_[which].epoch};
        claims_.erase(claims_.begin() + static_cast<std::ptrdiff_t>(which));
        if (random_() % 8 == 0) {
            engine_->release(ref, at(now_ + 5));
        } else if (random_() % 2 == 0) {
            batch.done.push_back(ref);
        } else {
            batch.updates.push_back({ref, at(now_ + 5), 1, JobState::active, "data " + std::to_string(++batches_)});
        }
    }
    std::vector<JobRef> done = batch.done;
    std::vector<std::pair<JobRef, std::string>> updates;
    for (const JobUpdate& update : batch.updates) updates.emplace_back(update.ref, update.data);
    const auto job_of = [this](const JobRef& ref) -> ModelJob* {
        const auto message = model_.find(ref.id);
        return message == model_.end() || !message->second.jobs.contains(ref.number) ? nullptr : &message->second.jobs[ref.number];
    };
    for (const JobRef& ref : done) {
        if (ModelJob* job = job_of(ref)) job->done_sent = true;
    }
    for (const auto& [ref, data] : updates) {
        if (ModelJob* job = job_of(ref)) job->data.insert(data);
    }
    engine_->commit(std::move(batch), [this, done, updates, job_of](Stored<Committed> committed) {
        if (!hears()) return;
        // What was refused may have been sent before or after by another: it stays possible.
        if (!committed) return;
        for (const JobRef& ref : done) {
            if (ModelJob* job = job_of(ref)) job->done = true;
        }
        for (const auto& [ref, data] : updates) {
            if (ModelJob* job = job_of(ref)) job->data = {data};
        }
    });
}

void Crash::remove() {
    if (model_.empty()) return;
    const QueueId id = std::next(model_.begin(), static_cast<std::ptrdiff_t>(random_() % model_.size()))->first;
    model_[id].remove_sent = true;
    engine_->remove(id, [this, id](Stored<void> removed) {
        if (hears() && removed && model_.contains(id)) model_[id].removed = true;
    });
}

TEST(LogCrash, LosesNothingThatWasAcknowledged) {
    std::uint64_t kept = 0;
    for (unsigned seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Crash crash(seed, {});
        crash.run(6);
        kept += crash.kept();
    }
    EXPECT_GT(kept, 1'000U);
}

TEST(LogCrash, LosesNothingOnAFullDisk) {
    std::uint64_t refused = 0;
    for (unsigned seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Crash crash(seed, {.capacity = 6 * min_segment_size});
        crash.run(6);
        refused += crash.refused();
    }
    EXPECT_GT(refused, 100U);
}

TEST(LogCrash, LosesNothingOnAFailingDisk) {
    std::uint64_t refused = 0;
    for (unsigned seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Crash crash(seed, {.write_faults = 3, .sync_faults = 15});
        crash.run(6);
        refused += crash.refused();
    }
    EXPECT_GT(refused, 100U);
}

}  // namespace
}  // namespace ph::store::log

// store/waiting.h: an engine for tests, with calls that wait for their callbacks, and the loop that they run on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/engine.h"

namespace ph::store {

// The loop of a test: what was posted runs in wait(), on the thread of the test.
class TestLoop {
  public:
    Post post() {
        return [this](std::function<void()> run) {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(run));
            changed_.notify_one();
        };
    }
    // Runs what comes in until `done`; false after ten seconds.
    bool run_until(const std::function<bool()>& done) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done()) {
            std::unique_lock lock(mutex_);
            if (!changed_.wait_until(lock, limit, [this] { return !posted_.empty(); })) return false;
            const std::function<void()> run = std::move(posted_.front());
            posted_.pop_front();
            lock.unlock();
            run();
        }
        return true;
    }
    // Calls with a callback that puts its value away, and waits for it.
    template <typename T>
    T wait(const std::function<void(std::function<void(T)>)>& call) {
        auto value = std::make_shared<std::optional<T>>();
        call([value](T result) { value->emplace(std::move(result)); });
        if (!run_until([&] { return value->has_value(); })) {
            ADD_FAILURE() << "no callback within ten seconds";
            std::abort();
        }
        return std::move(**value);
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> posted_;
};

inline TimePoint at(std::int64_t seconds) {
    return TimePoint(Seconds(1'800'000'000 + seconds));
}

// An engine with calls that wait.
class Waiting {
  public:
    TestLoop loop;
    std::unique_ptr<Engine> engine;

    NewMessage message(std::string body, std::vector<std::string> queues, std::int64_t due = 0) {
        NewMessage message{.id = engine->next_id(at(0)), .created = at(0), .meta = "meta of " + body.substr(0, 20), .draft = engine->draft()};
        message.draft->append(body);
        for (std::string& queue : queues) {
            Job job{.number = static_cast<std::uint16_t>(message.jobs.size()), .next_at = at(due), .expires_at = at(432'000)};
            job.data = "data of " + queue;
            job.queue = std::move(queue);
            message.jobs.push_back(std::move(job));
        }
        return message;
    }
    Stored<Committed> commit(Batch batch) {
        return loop.wait<Stored<Committed>>([&](auto then) { engine->commit(std::move(batch), then); });
    }
    QueueId put(std::string body, std::vector<std::string> queues, std::int64_t due = 0) {
        Batch batch;
        batch.messages.push_back(message(std::move(body), std::move(queues), due));
        const QueueId id = batch.messages[0].id;
        const auto committed = commit(std::move(batch));
        EXPECT_TRUE(committed.has_value()) << committed.error().message;
        return id;
    }
    std::vector<Claim> claim(std::string_view queue, std::size_t limit, std::int64_t now, std::int64_t lease) {
        auto claims = loop.wait<Stored<std::vector<Claim>>>([&](auto then) { engine->claim(queue, limit, at(now), at(lease), then); });
        EXPECT_TRUE(claims.has_value());
        return claims ? std::move(*claims) : std::vector<Claim>{};
    }
    Stored<Committed> done(const Claim& claim) {
        Batch batch;
        batch.done.push_back({claim.id, claim.job.number, claim.epoch});
        return commit(std::move(batch));
    }
    Stored<Committed> update(JobRef ref, std::int64_t due, std::string data, JobState state = JobState::active) {
        Batch batch;
        batch.updates.push_back({ref, at(due), 3, state, std::move(data)});
        return commit(std::move(batch));
    }
    Stored<Listed> get(QueueId id) {
        return loop.wait<Stored<Listed>>([&](auto then) { engine->get(id, then); });
    }
    Stored<std::vector<Listed>> list(QueueId after, std::size_t limit) {
        return loop.wait<Stored<std::vector<Listed>>>([&](auto then) { engine->list(after, limit, then); });
    }
    Stored<void> remove(QueueId id) {
        return loop.wait<Stored<void>>([&](auto then) { engine->remove(id, then); });
    }
    Stored<std::string> body(QueueId id) {
        using Opened = Stored<std::unique_ptr<BodyReader>>;
        auto reader = loop.wait<Opened>([&](auto then) { engine->open_body(id, [then](Opened opened) { then(std::move(opened)); }); });
        if (!reader) return tl::unexpected(reader.error());
        std::string text;
        while (true) {
            auto part = loop.wait<Stored<std::string>>([&](auto then) { (*reader)->next(then); });
            if (!part || part->empty()) return part ? Stored<std::string>(std::move(text)) : part;
            text += *part;
        }
    }
    void close() {
        bool closed = false;
        engine->close([&] { closed = true; });
        EXPECT_TRUE(loop.run_until([&] { return closed; }));
        engine.reset();
    }
};

inline JobRef ref_of(const Claim& claim) {
    return {claim.id, claim.job.number, claim.epoch};
}
inline std::string text_of(const BodyText& body) {
    std::string text;
    for (const std::string& chunk : body.chunks) text += chunk;
    return text;
}

}  // namespace ph::store

// queue/failing_engine.h: an engine whose commits fail as often as a test says, in front of a good one.
#pragma once

#include <memory>
#include <utility>

#include "store/engine.h"

namespace ph::queue {

class FailingEngine final : public store::Engine {
  public:
    FailingEngine(std::unique_ptr<store::Engine> good, store::Post post) : good_(std::move(good)), post_(std::move(post)) {}

    std::size_t failures = 0;  // commits that are refused from now on
    store::Trouble trouble = store::Trouble::failing;

    QueueId next_id(TimePoint now) override { return good_->next_id(now); }
    std::unique_ptr<store::Draft> draft() override { return good_->draft(); }
    void commit(store::Batch batch, std::function<void(store::Stored<store::Committed>)> then) override {
        if (failures == 0) return good_->commit(std::move(batch), std::move(then));
        --failures;
        post_([then = std::move(then), why = trouble] { then(tl::unexpected(store::StoreFault{why, "the disk is on fire"})); });
    }
    void claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint until,
               std::function<void(store::Stored<std::vector<store::Claim>>)> then) override {
        good_->claim(queue, limit, now, until, std::move(then));
    }
    void release(store::JobRef ref, TimePoint next_at) override { good_->release(ref, next_at); }
    std::vector<store::QueueCount> due(TimePoint now, std::string_view after, std::size_t limit) const override {
        return good_->due(now, after, limit);
    }
    std::optional<TimePoint> next_due() const override { return good_->next_due(); }
    std::vector<store::QueueCount> queues() const override { return good_->queues(); }
    void open_body(QueueId id, std::function<void(store::Stored<std::unique_ptr<store::BodyReader>>)> then) override {
        good_->open_body(id, std::move(then));
    }
    void list(QueueId after, std::size_t limit, std::function<void(store::Stored<std::vector<store::Listed>>)> then) override {
        good_->list(after, limit, std::move(then));
    }
    void get(QueueId id, std::function<void(store::Stored<store::Listed>)> then) override { good_->get(id, std::move(then)); }
    void remove(QueueId id, std::function<void(store::Stored<void>)> then) override { good_->remove(id, std::move(then)); }
    store::Space space() const override { return good_->space(); }
    store::Totals totals() const override { return good_->totals(); }
    void close(std::function<void()> then) override { good_->close(std::move(then)); }

  private:
    std::unique_ptr<store::Engine> good_;
    store::Post post_;
};

}  // namespace ph::queue

// store/contract_test.cc: the engines that keep the contract.
#include "store/contract_test.h"

#include <stdexcept>

#include "base/test_folder.h"
#include "store/log/engine.h"
#include "store/memory/engine.h"

namespace ph::store {
namespace {

// A log that removes its directory when it goes.
class TempLog final : public Engine {
  public:
    explicit TempLog(Post post) {
        LogOptions options;
        options.directory = folder_.path() + "/spool";
        options.segment_size = 1024 * 1024;
        options.reserve = 1024 * 1024;
        auto opened = open_log(std::move(options), std::move(post));
        if (!opened) throw std::runtime_error(opened.error().message);
        log_ = std::move(opened->engine);
    }
    QueueId next_id(TimePoint now) override { return log_->next_id(now); }
    std::unique_ptr<Draft> draft() override { return log_->draft(); }
    void commit(Batch batch, std::function<void(Stored<Committed>)> then) override { log_->commit(std::move(batch), std::move(then)); }
    void claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
               std::function<void(Stored<std::vector<Claim>>)> then) override {
        log_->claim(queue, limit, now, lease, std::move(then));
    }
    void release(JobRef ref, TimePoint next_at) override { log_->release(ref, next_at); }
    std::vector<QueueCount> due(TimePoint now, std::string_view after, std::size_t limit) const override { return log_->due(now, after, limit); }
    std::optional<TimePoint> next_due() const override { return log_->next_due(); }
    std::vector<QueueCount> queues() const override { return log_->queues(); }
    void open_body(QueueId id, std::function<void(Stored<std::unique_ptr<BodyReader>>)> then) override { log_->open_body(id, std::move(then)); }
    void list(QueueId after, std::size_t limit, std::function<void(Stored<std::vector<Listed>>)> then) override {
        log_->list(after, limit, std::move(then));
    }
    void get(QueueId id, std::function<void(Stored<Listed>)> then) override { log_->get(id, std::move(then)); }
    void remove(QueueId id, std::function<void(Stored<void>)> then) override { log_->remove(id, std::move(then)); }
    Space space() const override { return log_->space(); }
    Totals totals() const override { return log_->totals(); }
    void close(std::function<void()> then) override { log_->close(std::move(then)); }

  private:
    TestFolder folder_;
    std::unique_ptr<Engine> log_;
};

INSTANTIATE_TEST_SUITE_P(Log, Contract, testing::Values(MakeEngine([](Post post) { return std::make_unique<TempLog>(std::move(post)); })));
INSTANTIATE_TEST_SUITE_P(Memory, Contract, testing::Values(MakeEngine([](Post post) { return make_memory_engine(std::move(post)); })));

}  // namespace
}  // namespace ph::store

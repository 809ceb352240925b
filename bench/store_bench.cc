// bench/store_bench.cc: how many messages a second the log takes and settles, durable, by the number of senders that wait at a time.
// Not part of the build: compile it with src/store (without tests and fuzzers) and link base, config and libxxhash.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <sys/resource.h>

#include "store/log/engine.h"

using namespace ph;
using namespace ph::store;

namespace {

// A loop that takes all that was posted at once.
class Loop {
  public:
    Post post() {
        return [this](std::function<void()> run) {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(run));
            changed_.notify_one();
        };
    }
    void turn() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !posted_.empty(); });
        std::deque<std::function<void()>> taken = std::exchange(posted_, {});
        lock.unlock();
        for (const auto& run : taken) run();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> posted_;
};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Run {
    Engine& engine;
    std::string body;
    std::uint64_t delivered = 0;
    std::uint64_t outstanding = 0;
    bool stop = false;
    TimePoint now{Seconds(1'800'000'000)};

    void send() {
        ++outstanding;
        NewMessage message{.id = engine.next_id(now), .created = now, .meta = std::string(200, 'm'), .draft = engine.draft()};
        message.draft->append(body);
        message.jobs.push_back({.queue = "smtp:example.org", .next_at = now, .data = std::string(100, 'd')});
        message.claimed = true;
        message.lease = now + Seconds(600);
        Batch batch;
        batch.messages.push_back(std::move(message));
        engine.commit(std::move(batch), [this](Stored<Committed> committed) {
            if (!committed) std::abort();
            const Claim& claim = committed->claims[0];
            Batch settled;
            settled.done.push_back({claim.id, claim.job.number, claim.epoch});
            engine.commit(std::move(settled), [this](Stored<Committed>) { ++delivered; });
            --outstanding;
            if (!stop) send();
        });
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return std::fprintf(stderr, "store_bench DIRECTORY SENDERS OCTETS SECONDS\n"), 64;
    Loop loop;
    auto opened = open_log({.directory = argv[1]}, loop.post());
    if (!opened) return std::fprintf(stderr, "%s\n", opened.error().message.c_str()), 1;
    Run run{*opened->engine, std::string(std::strtoul(argv[3], nullptr, 10), 'b')};
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpu_seconds();
    for (int i = std::atoi(argv[2]); i > 0; --i) run.send();
    while (run.outstanding > 0) {
        loop.turn();
        run.stop = run.stop || std::chrono::steady_clock::now() - start > std::chrono::seconds(std::atoi(argv[4]));
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto delivered = static_cast<double>(run.delivered);
    std::printf("%.0f messages/s accepted and settled, %.1f us CPU each\n", delivered / seconds, (cpu_seconds() - cpu) * 1e6 / delivered);
    return 0;
}

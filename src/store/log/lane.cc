// store/log/lane.cc: a lane that is a thread with a queue. It takes no signals: those are the loop's.
#include "store/log/lane.h"

#include <condition_variable>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace ph::store::log {
namespace {

using Clock = std::chrono::steady_clock;

class ThreadLane final : public Lane {
  public:
    explicit ThreadLane(const char* name);
    ~ThreadLane() override { stop(); }
    ThreadLane(const ThreadLane&) = delete;
    ThreadLane& operator=(const ThreadLane&) = delete;
    ThreadLane(ThreadLane&&) = delete;
    ThreadLane& operator=(ThreadLane&&) = delete;

    void run(std::function<void()> work) override;
    void run_after(Milliseconds delay, std::function<void()> work) override;
    void stop() override;

  private:
    void serve();
    std::function<void()> next();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    std::multimap<Clock::time_point, std::function<void()>> timed_;
    bool stopped_ = false;
    std::thread thread_;
};

ThreadLane::ThreadLane(const char* name) {
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { serve(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(thread_.native_handle(), name);
}

void ThreadLane::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    changed_.notify_one();
}

void ThreadLane::run_after(Milliseconds delay, std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    timed_.emplace(Clock::now() + delay, std::move(work));
    changed_.notify_one();
}

void ThreadLane::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void ThreadLane::serve() {
    while (const std::function<void()> work = next()) work();
}

// Empty when the lane has been stopped.
std::function<void()> ThreadLane::next() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        if (!timed_.empty() && timed_.begin()->first <= Clock::now()) {
            queue_.push_back(std::move(timed_.begin()->second));
            timed_.erase(timed_.begin());
        }
        if (!queue_.empty()) {
            std::function<void()> work = std::move(queue_.front());
            queue_.pop_front();
            return work;
        }
        if (timed_.empty()) {
            changed_.wait(lock);
        } else {
            changed_.wait_until(lock, timed_.begin()->first);
        }
    }
    return {};
}

}  // namespace

std::unique_ptr<Lane> thread_lane(const char* name) {
    return std::make_unique<ThreadLane>(name);
}

}  // namespace ph::store::log

// io/thread_pool.cc: one queue, one lock. The threads block all signals: those are for the loop's thread.
#include "io/thread_pool.h"

#include <csignal>
#include <utility>

namespace ph::io {

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        work_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::add(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        work_.push_back(std::move(work));
        if (idle_ < work_.size() && threads_.size() < max_threads_) {
            sigset_t all;
            sigset_t before;
            sigfillset(&all);
            pthread_sigmask(SIG_BLOCK, &all, &before);
            threads_.emplace_back([this] { run(); });
            pthread_sigmask(SIG_SETMASK, &before, nullptr);
        }
    }
    changed_.notify_one();
}

void ThreadPool::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        changed_.wait(lock, [this] { return stopping_ || !work_.empty(); });
        --idle_;
        if (stopping_) return;
        std::function<void()> work = std::move(work_.front());
        work_.pop_front();
        lock.unlock();
        work();
        work = nullptr;  // what it holds goes before the lock is taken again
        lock.lock();
    }
}

}  // namespace ph::io

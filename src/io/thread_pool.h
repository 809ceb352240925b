// io/thread_pool.h: a few threads for work that blocks. They start when there is work for them, and take it in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ph::io {

class ThreadPool {
  public:
    explicit ThreadPool(std::size_t max_threads) : max_threads_(max_threads) {}
    // Waits for the work in progress; what has not begun is dropped.
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    // From any thread. An exception in it ends the process.
    void add(std::function<void()> work);

  private:
    void run();

    std::size_t max_threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> work_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ph::io

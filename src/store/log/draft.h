// store/log/draft.h: the content of a message on its way in. Up to a bound it stays in memory and goes to the disk with the message; beyond it
// full chunks are written out as they come, unsynced, and only the last one waits for the commit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/engine.h"
#include "store/log/segment.h"
#include "store/log/writer.h"

namespace ph::store::log {

class LogEngine;

// Shared by the draft and the chunks on their way, which may outlive it. The loop's thread.
struct DraftState {
    LogEngine* engine = nullptr;
    std::weak_ptr<int> life;  // expired: the engine is gone
    std::shared_ptr<Chunks> chunks = std::make_shared<Chunks>();
    std::uint32_t chunk_count = 0;  // sent to the writer
    std::uint64_t outstanding = 0;  // octets sent and not written yet
    std::vector<Place> places;      // written; they hold their segments
    std::optional<StoreFault> fault;
    std::function<void(Stored<void>)> waiting;
    bool dropped = false;
};

class LogDraft final : public Draft {
  public:
    struct Limits {
        std::uint64_t in_memory = 512ULL * 1024;
        std::uint64_t chunk = 64ULL * 1024;
        std::uint64_t outstanding = 1024ULL * 1024;
    };
    LogDraft(std::shared_ptr<DraftState> state, Limits limits) : state_(std::move(state)), limits_(limits) {}
    ~LogDraft() override;
    LogDraft(const LogDraft&) = delete;
    LogDraft& operator=(const LogDraft&) = delete;
    LogDraft(LogDraft&&) = delete;
    LogDraft& operator=(LogDraft&&) = delete;

    bool append(std::string_view bytes) override;
    void writable(std::function<void(Stored<void>)> then) override;
    std::uint64_t size() const override { return size_; }

    // For the commit: what is still in memory, and the state, which is then the message's.
    std::vector<std::string> take_memory() { return std::move(memory_); }
    std::shared_ptr<DraftState> take_state() { return std::move(state_); }

  private:
    void send_full_chunks();

    std::shared_ptr<DraftState> state_;
    const Limits limits_;
    std::vector<std::string> memory_;
    std::uint64_t size_ = 0;
    bool spilled_ = false;
};

}  // namespace ph::store::log

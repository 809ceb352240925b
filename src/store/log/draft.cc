// store/log/draft.cc: taking octets, and handing full chunks to the writer once the body has outgrown memory.
#include "store/log/draft.h"

#include <algorithm>
#include <utility>

#include "store/log/log_engine.h"

namespace ph::store::log {

LogDraft::~LogDraft() {
    if (state_ && !state_->life.expired()) state_->engine->drop_draft(*state_);
}

bool LogDraft::append(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        if (memory_.empty() || memory_.back().size() >= limits_.chunk) memory_.emplace_back();
        std::string& last = memory_.back();
        const std::size_t taken = std::min<std::size_t>(bytes.size(), limits_.chunk - last.size());
        last.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
    }
    spilled_ = spilled_ || size_ > limits_.in_memory;
    if (spilled_) send_full_chunks();
    return state_->outstanding < limits_.outstanding && !state_->fault;
}

void LogDraft::send_full_chunks() {
    if (state_->life.expired()) return;
    auto full = memory_.begin();
    for (; full != memory_.end() && full->size() >= limits_.chunk; ++full) state_->engine->send_chunk(state_, std::move(*full));
    memory_.erase(memory_.begin(), full);
}

void LogDraft::writable(std::function<void(Stored<void>)> then) {
    if (state_->outstanding >= limits_.outstanding && !state_->fault) {
        state_->waiting = std::move(then);
        return;
    }
    if (state_->life.expired()) return;
    state_->engine->on_loop([state = state_, then = std::move(then)] {
        if (state->fault) return then(tl::unexpected(*state->fault));
        then({});
    });
}

}  // namespace ph::store::log

// store/log/compactor.h: copies what is still needed out of the oldest segment, so that it can be freed, when less than half of the log is needed
// (or the disk is full and anything can be won). One step at a time, a few megabytes each, so that mail never waits long behind it.
//
// A copy carries the state of the message's jobs as it was when the copy was made. Whatever settles one of them meanwhile makes the copy stale,
// and a stale copy behind a mark in the log would undo the mark at the next start. So no message is copied while a settlement of it is on its way,
// and a copy goes to the writer only if none was sent since it was made. Later ones come after it in the log.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "store/log/log_engine.h"

namespace ph::store::log {

class LogEngine::Compactor {
  public:
    explicit Compactor(LogEngine& engine) : engine_(engine) {}
    // Begins or goes on, if there is reason to. After everything that may be one.
    void consider();
    // Something happens to the message.
    void touch(QueueId id) {
        if (moving_.empty()) return;
        if (const auto found = moving_.find(id.value()); found != moving_.end()) found->second = true;
    }

  private:
    struct Step;
    struct Move;

    bool worthwhile() const;
    void list_oldest();
    void listed(const std::vector<QueueId>& ids, std::uint32_t sequence);
    bool needed_in(Slot message, std::uint32_t sequence) const;
    bool settling(Slot message) const;
    void begin_step();
    void add_move(Step& step, Slot message);
    void read_records(std::shared_ptr<Step> step);
    void copy_chunks(const std::shared_ptr<Step>& step);
    void send_chunks(const std::shared_ptr<Step>& step);
    void send(const std::shared_ptr<Step>& step);
    Outgoing copy(Move& move, Slot message) const;
    void moved(Step& step, const Request& request);
    void apply(Move& move, const Place& place);
    void release(Move& move, bool copied);
    void rest();

    LogEngine& engine_;
    std::uint32_t listed_ = 0;                        // the segment that `candidates_` are of
    std::vector<QueueId> candidates_;                 // taken from the back
    std::unordered_map<std::uint64_t, bool> moving_;  // by id; true: touched since the copy was made
    bool busy_ = false;
    std::uint64_t rest_until_ = 0;  // as many commits are finished
};

}  // namespace ph::store::log

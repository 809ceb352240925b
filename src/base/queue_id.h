// base/queue_id.h: QueueId, the name of a message from acceptance to its end: in the 250, in every log record, in a bounce.
// 63 bits: 41 of milliseconds since 2020-01-01 UTC, 5 of shard, 7 of node, 10 of a counter. So ids sort by time, and a shared spool can
// read the shard from the id.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace ph {

class QueueId {
  public:
    constexpr QueueId() = default;  // 0: no message
    constexpr explicit QueueId(std::uint64_t value) : value_(value) {}
    static QueueId make(TimePoint when, unsigned shard, unsigned node, unsigned counter);
    // 13 characters of Crockford's base 32, upper or lower case.
    static std::optional<QueueId> parse(std::string_view text);

    constexpr std::uint64_t value() const { return value_; }
    TimePoint time() const;
    unsigned shard() const { return static_cast<unsigned>(value_ >> 17U & 31U); }
    unsigned node() const { return static_cast<unsigned>(value_ >> 10U & 127U); }

    friend constexpr auto operator<=>(QueueId, QueueId) = default;

  private:
    std::uint64_t value_ = 0;
};

std::string to_text(QueueId id);

// Ids that only grow, also when the clock steps back or more than 1024 are taken in a millisecond. Not thread-safe: one per shard.
class QueueIdMaker {
  public:
    QueueIdMaker(unsigned shard, unsigned node) : shard_(shard), node_(node) {}
    QueueId next(TimePoint now);
    void above(QueueId id);  // what next() gives is later than `id` (after a restart)

  private:
    unsigned shard_;
    unsigned node_;
    std::uint64_t last_ms_ = 0;
    unsigned counter_ = 0;
};

}  // namespace ph

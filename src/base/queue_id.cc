// base/queue_id.cc: QueueId as 13 letters and digits that survive being read out on the telephone (Crockford's base 32).
#include "base/queue_id.h"

#include <algorithm>

namespace ph {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t length = 13;
constexpr TimePoint epoch{std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)};
constexpr unsigned counter_end = 1024;

QueueId compose(std::uint64_t ms, unsigned shard, unsigned node, unsigned counter) {
    return QueueId((ms & ((1ULL << 41U) - 1)) << 22U | std::uint64_t{shard & 31U} << 17U | std::uint64_t{node & 127U} << 10U | (counter & 1023U));
}

std::uint64_t since_epoch(TimePoint when) {
    return when < epoch ? 0 : static_cast<std::uint64_t>((when - epoch).count());
}

}  // namespace

QueueId QueueId::make(TimePoint when, unsigned shard, unsigned node, unsigned counter) {
    return compose(since_epoch(when), shard, node, counter);
}

std::optional<QueueId> QueueId::parse(std::string_view text) {
    if (text.size() != length) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        const std::size_t digit = digits.find(upper);
        if (digit == std::string_view::npos || value >> 59U != 0) return std::nullopt;
        value = value << 5U | digit;
    }
    if (value >> 63U != 0) return std::nullopt;
    return QueueId(value);
}

TimePoint QueueId::time() const {
    return epoch + Milliseconds(static_cast<std::int64_t>(value_ >> 22U));
}

std::string to_text(QueueId id) {
    std::string text(length, '0');
    std::uint64_t value = id.value();
    for (std::size_t at = length; at > 0 && value != 0; --at, value >>= 5U) text[at - 1] = digits[value & 31U];
    return text;
}

QueueId QueueIdMaker::next(TimePoint now) {
    const std::uint64_t ms = since_epoch(now);
    if (ms > last_ms_) {
        last_ms_ = ms;
        counter_ = 0;
    } else if (++counter_ == counter_end) {
        ++last_ms_;  // borrowed from the future; the clock catches up
        counter_ = 0;
    }
    return compose(last_ms_, shard_, node_, counter_);
}

void QueueIdMaker::above(QueueId id) {
    const std::uint64_t ms = id.value() >> 22U;
    if (ms < last_ms_) return;
    last_ms_ = ms;
    counter_ = std::max(counter_, static_cast<unsigned>(id.value() & 1023U));
}

}  // namespace ph

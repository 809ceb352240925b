// obs/log.cc: gathers records and hands them on. The buffer is bounded: a full one is flushed in the middle of a burst.
#include "obs/log.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ph::obs {
namespace {
constexpr std::size_t full_buffer = 64 * 1024;
constexpr std::size_t max_fields = 32;
}  // namespace

Log::Log(Level level, Format format, Clock clock, Sink sink) : level_(level), format_(format), clock_(std::move(clock)), sink_(std::move(sink)) {}

Log::~Log() {
    flush();
}

void Log::append(Level level, std::string_view event, std::span<const Field> fields) {
    std::array<Field, max_fields> kept{};
    std::size_t count = 0;
    for (const Field& field : fields) {
        if (!field.value.empty() && count < kept.size()) kept[count++] = field;
    }
    const std::span<const Field> told(kept.data(), count);
    if (format_ == Format::json) {
        append_json_record(buffer_, stamp(), level, event, told);
    } else {
        append_text_record(buffer_, stamp(), level, event, told);
    }
    if (level >= Level::warning || buffer_.size() >= full_buffer) flush();
}

void Log::flush() {
    if (buffer_.empty()) return;
    sink_(buffer_);
    buffer_.clear();
}

std::string_view Log::stamp() {
    const TimePoint now = clock_();
    const auto second = std::chrono::floor<Seconds>(now);
    if (second != second_ || stamp_.empty()) {
        stamp_ = rfc3339_date(now);
        second_ = second;
        return stamp_;
    }
    // "….042Z"
    auto rest = static_cast<unsigned>((now - second).count());
    for (std::size_t at = stamp_.size() - 2; at > stamp_.size() - 5; --at, rest /= 10) stamp_[at] = static_cast<char>('0' + rest % 10);
    return stamp_;
}

}  // namespace ph::obs

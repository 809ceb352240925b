// shaping/concurrency.cc: additive increase, multiplicative decrease, and death.
#include "shaping/concurrency.h"

#include <algorithm>

#include "base/assert.h"

namespace ph::shaping {

std::uint32_t Window::size(const WindowRule& rule) const {
    return std::clamp(size_ == 0 ? rule.start : size_, 1U, rule.max);
}

std::uint32_t Window::room(const WindowRule& rule, TimePoint now) const {
    if (dead()) return now >= probe_at_ && running_ == 0 ? 1 : 0;
    const std::uint32_t limit = size(rule);
    return limit > running_ ? limit - running_ : 0;
}

void Window::finished(const WindowRule& rule, HostNews news, TimePoint now) {
    PH_ASSERT(running_ != 0);
    --running_;
    switch (news) {
        case HostNews::delivered:
        case HostNews::answered:
            // What was found dead is approached slowly.
            size_ = dead() ? 1 : std::min(size(rule) + (news == HostNews::delivered ? 1 : 0), rule.max);
            failures_ = probes_ = 0;
            break;
        case HostNews::trouble:
            trouble(rule, now);
            break;
        case HostNews::nothing:
            break;
    }
}

void Window::trouble(const WindowRule& rule, TimePoint now) {
    size_ = std::max(size(rule) / 2, 1U);
    ++failures_;
    // Attempts that were under way when it died say nothing new: only the probe, which runs alone, lengthens the pause.
    if (failures_ < rule.dead_after || (dead() && now < probe_at_)) return;
    Seconds pause = std::min(rule.probe_first, rule.probe_max);
    for (std::uint32_t found = 0; found < probes_ && pause < rule.probe_max; ++found) pause = std::min(pause * 2, rule.probe_max);
    ++probes_;
    probe_at_ = now + pause;
}

}  // namespace ph::shaping

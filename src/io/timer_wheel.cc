// io/timer_wheel.cc: an alarm waits in the slot after the one its time falls into; one that is more than a round away stays there for a round.
#include "io/timer_wheel.h"

#include <algorithm>

namespace ph::io {

void TimerWheel::set(Alarm& alarm, Milliseconds at) {
    alarm.unlink();
    alarm.at = at;
    const std::int64_t slot = std::max(slot_of(at), swept_) + 1;
    alarm.insert_before(ring_[static_cast<std::size_t>(slot) % slots]);
}

void TimerWheel::sweep(Milliseconds now) {
    const std::int64_t current = slot_of(now);
    // After a long sleep of the whole process each slot is looked at once.
    std::int64_t slot = std::max(swept_ + 1, current - static_cast<std::int64_t>(slots) + 1);
    swept_ = std::max(swept_, current);
    for (; slot <= current; ++slot) {
        Link due;
        Link& ring = ring_[static_cast<std::size_t>(slot) % slots];
        // Taken out first: what rings may set alarms, also in this slot.
        while (ring.linked()) {
            Link& alarm = *ring.next;
            alarm.unlink();
            alarm.insert_before(due);
        }
        while (due.linked()) {
            auto& alarm = static_cast<Alarm&>(*due.next);
            alarm.unlink();
            if (alarm.at > now) {
                set(alarm, alarm.at);
            } else {
                alarm.ring();
            }
        }
    }
}

bool TimerWheel::empty() const {
    return std::ranges::none_of(ring_, &Link::linked);
}

}  // namespace ph::io

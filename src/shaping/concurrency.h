// shaping/concurrency.h: how many attempts may run to one destination at a time: a window that grows by one with each success and is halved when
// the host fails; after some failures in a row the destination counts as dead and is asked by a single probe at growing intervals.
// What a peer says about one message or one recipient is no trouble of the host and leaves the window as it is. Pure.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace ph::shaping {

struct WindowRule {
    std::uint32_t start = 5;
    std::uint32_t max = 20;
    std::uint32_t dead_after = 3;  // failures of the host in a row
    Seconds probe_first{60};
    Seconds probe_max{3600};
};

enum class HostNews : std::uint8_t {
    delivered,  // it took a message
    answered,   // it is there and refused what we had: no reason for more, none for less
    trouble,    // the host or the way to it failed
    nothing,    // says nothing about the host: an answer that was not SMTP, a fault of our own
};

// The state of one destination. `running` counts attempts that were started and not finished.
class Window {
  public:
    // How many more attempts may start now; 1 for the probe of a dead destination whose time has come.
    std::uint32_t room(const WindowRule& rule, TimePoint now) const;
    void started() { ++running_; }
    void finished(const WindowRule& rule, HostNews news, TimePoint now);

    std::uint32_t running() const { return running_; }
    std::uint32_t size(const WindowRule& rule) const;
    bool dead() const { return probes_ != 0; }
    TimePoint probe_at() const { return probe_at_; }  // when dead: the next probe
    // Nothing is lost when it is forgotten.
    bool fresh() const { return running_ == 0 && probes_ == 0 && failures_ == 0; }

  private:
    void trouble(const WindowRule& rule, TimePoint now);

    std::uint32_t size_ = 0;  // 0: the rule's start
    std::uint32_t running_ = 0;
    std::uint32_t failures_ = 0;  // of the host, in a row
    std::uint32_t probes_ = 0;    // how often it was found dead in a row
    TimePoint probe_at_{};
};

}  // namespace ph::shaping

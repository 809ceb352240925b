// base/time.h: points of time as the queue and the protocols keep them, and durations as a person writes them.
// Nothing here asks a clock: `now` is always an argument (io::World has the clock).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ph {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
// Wall-clock time, UTC.
using TimePoint = std::chrono::sys_time<Milliseconds>;

// "Tue, 24 Nov 2026 19:06:31 +0000" (RFC 5322 3.3); always UTC.
std::string rfc5322_date(TimePoint when);
// "2026-11-24T19:06:31.042Z" (RFC 3339).
std::string rfc3339_date(TimePoint when);

// "300", "45s", "10m", "4h", "5d", "2w"; nullopt for anything else, a sign, or more than 100 years.
std::optional<Seconds> parse_duration(std::string_view text);
// The largest unit that divides it: "5d", "90s".
std::string duration_text(Seconds duration);

// "123", "64k", "10M", "2G" (powers of 1024); nullopt for anything else or overflow.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
std::string bytes_text(std::uint64_t bytes);

}  // namespace ph

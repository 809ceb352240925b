// base/time.cc: dates for headers and logs, durations and sizes as a person writes them.
#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace ph {
namespace {

constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Calendar {
    std::chrono::year_month_day day;
    std::chrono::weekday weekday;
    std::chrono::hh_mm_ss<Milliseconds> time;
};

Calendar calendar(TimePoint when) {
    const auto midnight = std::chrono::floor<std::chrono::days>(when);
    return {std::chrono::year_month_day(midnight), std::chrono::weekday(midnight), std::chrono::hh_mm_ss<Milliseconds>(when - midnight)};
}

template <typename... Args>
std::string print(const char* format, Args... args) {
    std::array<char, 96> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

// A number with a unit behind it, unit 1 without one.
struct Unit {
    char letter;
    std::uint64_t factor;
};
constexpr std::array duration_units = {Unit{'w', 604'800}, Unit{'d', 86'400}, Unit{'h', 3600}, Unit{'m', 60}, Unit{'s', 1}};
constexpr std::array byte_units = {Unit{'G', 1ULL << 30U}, Unit{'M', 1ULL << 20U}, Unit{'k', 1ULL << 10U}};

template <std::size_t N>
std::optional<std::uint64_t> parse_units(std::string_view text, const std::array<Unit, N>& units, std::uint64_t max) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
    std::uint64_t factor = rest.empty() ? 1 : 0;
    for (const Unit& unit : units) {
        const bool same = rest.size() == 1 && (rest[0] | 0x20) == (unit.letter | 0x20);
        if (same) factor = unit.factor;
    }
    if (factor == 0 || number > max / factor) return std::nullopt;
    return number * factor;
}

template <std::size_t N>
std::string units_text(std::uint64_t number, const std::array<Unit, N>& units, std::string_view none) {
    for (const Unit& unit : units) {
        if (number != 0 && number % unit.factor == 0) return std::to_string(number / unit.factor) + unit.letter;
    }
    return std::to_string(number) + std::string(none);
}

}  // namespace

std::string rfc5322_date(TimePoint when) {
    const Calendar at = calendar(when);
    return print("%s, %u %s %d %02d:%02d:%02d +0000", weekdays[at.weekday.c_encoding()], static_cast<unsigned>(at.day.day()),
                 months[static_cast<unsigned>(at.day.month()) - 1], static_cast<int>(at.day.year()), static_cast<int>(at.time.hours().count()),
                 static_cast<int>(at.time.minutes().count()), static_cast<int>(at.time.seconds().count()));
}

std::string rfc3339_date(TimePoint when) {
    const Calendar at = calendar(when);
    return print("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(at.day.year()), static_cast<unsigned>(at.day.month()),
                 static_cast<unsigned>(at.day.day()), static_cast<int>(at.time.hours().count()), static_cast<int>(at.time.minutes().count()),
                 static_cast<int>(at.time.seconds().count()), static_cast<int>(at.time.subseconds().count()));
}

std::optional<Seconds> parse_duration(std::string_view text) {
    constexpr std::uint64_t century = 100ULL * 366 * 86'400;
    const auto seconds = parse_units(text, duration_units, century);
    if (!seconds) return std::nullopt;
    return Seconds(static_cast<std::int64_t>(*seconds));
}

std::string duration_text(Seconds duration) {
    return units_text(static_cast<std::uint64_t>(duration.count()), duration_units, "s");
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    return parse_units(text, byte_units, UINT64_MAX);
}

std::string bytes_text(std::uint64_t bytes) {
    return units_text(bytes, byte_units, "");
}

}  // namespace ph

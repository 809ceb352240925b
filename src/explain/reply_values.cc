// explain/reply_values.cc: most values were taken out when the reply was normalised; numbers with their units and a provider's own
// code are looked for when an explanation wants them.
#include "explain/reply_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::explain {
namespace {

using status::Placeholder;

struct Unit {
    std::string_view name;
    std::uint32_t seconds;  // 0: not a time
};

constexpr std::array units = {
    Unit{"seconds", 1},    Unit{"second", 1},  Unit{"secs", 1},     Unit{"sec", 1},        Unit{"minutes", 60},  Unit{"minute", 60},
    Unit{"mins", 60},      Unit{"min", 60},    Unit{"hours", 3600}, Unit{"hour", 3600},    Unit{"hrs", 3600},    Unit{"days", 86400},
    Unit{"day", 86400},    Unit{"秒", 1},      Unit{"分钟", 60},    Unit{"分", 60},        Unit{"小时", 3600},   Unit{"天", 86400},
    Unit{"s", 1},          Unit{"m", 60},      Unit{"h", 3600},     Unit{"bytes", 0},      Unit{"byte", 0},      Unit{"octets", 0},
    Unit{"kb", 0},         Unit{"mb", 0},      Unit{"gb", 0},       Unit{"kib", 0},        Unit{"mib", 0},       Unit{"k", 0},
    Unit{"messages", 0},   Unit{"message", 0}, Unit{"emails", 0},   Unit{"recipients", 0}, Unit{"recipient", 0}, Unit{"connections", 0},
    Unit{"connection", 0}, Unit{"rcpts", 0},   Unit{"封", 0},       Unit{"个", 0},         Unit{"次", 0},
};

struct Quantity {
    std::size_t begin = 0;  // in NormalText::text
    std::size_t end = 0;
    std::uint32_t number = 0;
    std::uint32_t seconds = 0;
};

const Unit* unit_at(std::string_view text) {
    for (const Unit& unit : units) {
        if (!text.starts_with(unit.name)) continue;
        const std::size_t next = unit.name.size();
        if (next >= text.size() || !is_alnum(text[next]) || !is_alpha(unit.name.back())) return &unit;
    }
    return nullptr;
}

// The first number with a unit that is a time, or that is none. "10m" are minutes, "10M" is a size.
std::optional<Quantity> find_quantity(const Diagnosis& diagnosis, bool time) {
    const std::string_view text = diagnosis.normal.text;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at]) || (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '.'))) continue;
        Quantity quantity{.begin = at};
        const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), quantity.number);
        at = static_cast<std::size_t>(parsed.ptr - text.data());
        if (parsed.ec != std::errc{}) continue;
        std::size_t unit_begin = at;
        while (unit_begin < text.size() && (text[unit_begin] == ' ' || text[unit_begin] == '-')) ++unit_begin;
        const Unit* unit = unit_begin < text.size() ? unit_at(text.substr(unit_begin)) : nullptr;
        if (unit == nullptr) continue;
        const bool mega = unit->name == "m" && diagnosis.reply.whole[diagnosis.normal.origin[unit_begin]] == 'M';
        if ((unit->seconds != 0 && !mega) != time) continue;
        quantity.end = unit_begin + unit->name.size();
        quantity.seconds = unit->seconds;
        return quantity;
    }
    return std::nullopt;
}

std::string_view original(const Diagnosis& diagnosis, std::size_t begin, std::size_t end) {
    // Up to the last character, not to the next one: between the two a line may end and the next begin with its codes.
    const auto& origin = diagnosis.normal.origin;
    const std::size_t last = origin[end - 1];
    return diagnosis.reply.whole.substr(origin[begin], last + decode_utf8(diagnosis.reply.whole, last).length - origin[begin]);
}

std::string_view quantity(const Diagnosis& diagnosis, bool time) {
    const auto found = find_quantity(diagnosis, time);
    return found ? original(diagnosis, found->begin, found->end) : std::string_view{};
}

bool in_words(const Diagnosis& diagnosis, std::uint32_t at) {
    return std::ranges::any_of(diagnosis.reply.words, [&](const Stretch& words) { return at >= words.begin && at < words.end; });
}

// The first value of the kind in the reply itself; around it only where the caller allows: an IP address there is the receiver's.
std::string_view first(const Diagnosis& diagnosis, ValueKind kind, bool also_around) {
    for (const bool words : {true, false}) {
        if (!words && !also_around) break;
        for (const Value& value : diagnosis.normal.values) {
            if (value.kind == kind && in_words(diagnosis, value.begin) == words)
                return diagnosis.reply.whole.substr(value.begin, value.end - value.begin);
        }
    }
    return {};
}

std::string_view domain_of(std::string_view address) {
    const std::size_t sign = address.rfind('@');
    return sign == std::string_view::npos ? std::string_view{} : address.substr(sign + 1);
}

// A word in which capital letters and digits are mixed as providers number their refusals: S3150, TSS04, CS01, DT:SPM, OFR_416.
bool is_tag(std::string_view word) {
    const std::size_t colon = word.find(':');
    const auto capital = [](char c) { return is_upper(c); };
    if (colon == 2 && word.size() == 6) return std::ranges::all_of(word.substr(0, 2), capital) && std::ranges::all_of(word.substr(3), capital);
    if (word.size() < 3 || word.size() > 12 || !is_upper(word.front())) return false;
    const bool digits = std::ranges::any_of(word, is_digit);
    const bool only = std::ranges::all_of(word, [](char c) { return is_upper(c) || is_digit(c) || c == '_' || c == '-'; });
    return digits && only;
}

std::string_view tag_of(const Diagnosis& diagnosis) {
    for (const Stretch& words : diagnosis.reply.words) {
        const std::string_view line = diagnosis.reply.whole.substr(words.begin, words.end - words.begin);
        for (std::size_t at = 0; at < line.size();) {
            std::size_t end = at;
            while (end < line.size() && (is_alnum(line[end]) || line[end] == ':' || line[end] == '_' || line[end] == '-')) ++end;
            if (is_tag(line.substr(at, end - at))) return line.substr(at, end - at);
            at = end + 1;
        }
    }
    return {};
}

std::string_view list_of(const Diagnosis& diagnosis, status::Language language) {
    if (diagnosis.block_list != nullptr) return diagnosis.block_list->name.in(language);
    return first(diagnosis, ValueKind::host, false);
}

}  // namespace

std::string_view value_of(Placeholder placeholder, const Diagnosis& diagnosis, status::Language language) {
    switch (placeholder) {
        case Placeholder::address:
            return first(diagnosis, ValueKind::address, true);
        case Placeholder::domain: {
            const std::string_view address = first(diagnosis, ValueKind::address, true);
            return address.empty() ? first(diagnosis, ValueKind::host, false) : domain_of(address);
        }
        case Placeholder::ip:
            return first(diagnosis, ValueKind::ip, false);
        case Placeholder::host:
            return first(diagnosis, ValueKind::host, true);
        case Placeholder::url:
            return first(diagnosis, ValueKind::url, false);
        case Placeholder::list:
            return list_of(diagnosis, language);
        case Placeholder::limit:
            return quantity(diagnosis, false);
        case Placeholder::wait:
            return language == status::Language::zh ? std::string_view(diagnosis.wait_zh) : quantity(diagnosis, true);
        case Placeholder::tag:
            return tag_of(diagnosis);
    }
    return {};
}

std::string wait_text(std::uint32_t seconds, status::Language language) {
    struct Scale {
        std::uint32_t below;
        std::uint32_t unit;
        std::string_view en;
        std::string_view zh;
    };
    constexpr std::array scales = {Scale{120, 1, "seconds", "秒"}, Scale{7200, 60, "minutes", "分钟"}, Scale{2 * 86400, 3600, "hours", "小时"},
                                   Scale{UINT32_MAX, 86400, "days", "天"}};
    const Scale& scale = *std::ranges::find_if(scales, [&](const Scale& s) { return seconds < s.below; });
    const std::string number = std::to_string((seconds + scale.unit - 1) / scale.unit);
    return number + ' ' + std::string(language == status::Language::zh ? scale.zh : scale.en);
}

std::optional<std::uint32_t> wait_seconds(const Diagnosis& diagnosis) {
    const std::string_view text = diagnosis.normal.text;
    if (std::ranges::none_of(text, is_digit)) return std::nullopt;
    const auto found = find_quantity(diagnosis, true);
    if (!found) return std::nullopt;
    const std::uint64_t seconds = std::uint64_t{found->number} * found->seconds;
    constexpr std::uint64_t month = 30ULL * 86400;
    if (seconds == 0 || seconds > month) return std::nullopt;
    return static_cast<std::uint32_t>(seconds);
}

}  // namespace ph::explain

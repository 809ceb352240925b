// shaping/destination_rule.cc: words with blanks between: the pattern, then key=value. A key that is not known or stands twice is a mistake.
#include "shaping/destination_rule.h"

#include <charconv>

#include "base/ascii.h"

namespace ph::shaping {
namespace {

constexpr std::string_view form = "write it as \"example.org concurrency=2 retry_first=10m retry_max=2h lifetime=1d\"; only these keys, each once";
constexpr std::string_view bad_pattern =
    "the pattern must be a destination such as example.org, .example.org, [192.0.2.1]:2525, lmtp:unix:/run/x or *";
constexpr std::string_view bad_number = "concurrency must be a number from 1 to 1000";
constexpr std::string_view bad_time = "retry_first, retry_max and lifetime must be durations such as 45s, 10m, 4h or 5d, from 1s to 30d";

std::string_view next_word(std::string_view& rest) {
    rest = trim(rest);
    std::size_t end = 0;
    while (end < rest.size() && !is_blank(rest[end])) ++end;
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 1000) return std::nullopt;
    return value;
}

std::string_view set_number(std::optional<std::uint32_t>& member, std::string_view text) {
    if (member) return form;
    member = parse_number(text);
    return member ? std::string_view() : bad_number;
}

std::string_view set_time(std::optional<Seconds>& member, std::string_view text) {
    if (member) return form;
    const auto time = parse_duration(text);
    if (!time || *time < Seconds(1) || *time > std::chrono::days(30)) return bad_time;
    member = time;
    return {};
}

std::string_view set(DestinationRule& rule, std::string_view key, std::string_view value) {
    if (key == "concurrency") return set_number(rule.concurrency, value);
    if (key == "retry_first") return set_time(rule.retry_first, value);
    if (key == "retry_max") return set_time(rule.retry_max, value);
    if (key == "lifetime") return set_time(rule.lifetime, value);
    return form;
}

// Fills in the rule; "" or what is wrong.
std::string_view read(std::string_view text, DestinationRule& rule) {
    const std::string_view pattern = next_word(text);
    if (pattern.empty() || pattern.size() > 300 || pattern.find('=') != std::string_view::npos || pattern == ".") return bad_pattern;
    if (pattern.find('*') != std::string_view::npos && pattern != "*") return bad_pattern;
    rule.pattern = to_lower(pattern);
    if (trim(text).empty()) return form;
    while (!trim(text).empty()) {
        const std::string_view word = next_word(text);
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) return form;
        const std::string_view wrong = set(rule, word.substr(0, equals), word.substr(equals + 1));
        if (!wrong.empty()) return wrong;
    }
    return {};
}

}  // namespace

Result<DestinationRule> parse_destination_rule(std::string_view text) {
    DestinationRule rule;
    const std::string_view wrong = read(text, rule);
    if (!wrong.empty()) return fail(FaultKind::bad_value, std::string(wrong));
    return rule;
}

std::string_view check_destination_rule(std::string_view text) {
    DestinationRule rule;
    return read(text, rule);
}

bool fits(const DestinationRule& rule, std::string_view queue) {
    if (rule.pattern == "*" || equals_ignoring_case(rule.pattern, queue)) return true;
    constexpr std::string_view smtp = "smtp:";
    if (!queue.starts_with(smtp)) return false;
    const std::string_view name = queue.substr(smtp.size());
    if (!rule.pattern.starts_with('.')) return equals_ignoring_case(rule.pattern, name);
    return equals_ignoring_case(std::string_view(rule.pattern).substr(1), name) || ends_with_ignoring_case(name, rule.pattern);
}

const DestinationRule* find_rule(std::span<const DestinationRule> rules, std::string_view queue) {
    for (const DestinationRule& rule : rules) {
        if (fits(rule, queue)) return &rule;
    }
    return nullptr;
}

}  // namespace ph::shaping

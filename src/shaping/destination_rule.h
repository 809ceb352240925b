// shaping/destination_rule.h: what an administrator sets for one destination: "example.org concurrency=2 retry_first=10m". One rule a line of
// queue.destinations; the first rule whose pattern fits a destination counts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shaping/concurrency.h"
#include "shaping/retry.h"

namespace ph::shaping {

// The pattern names a destination as the queue lists it, "smtp:" may be left out: "example.org", "[192.0.2.1]:2525", "lmtp:unix:/run/lmtp",
// "maildir:", "pipe:archive"; ".example.org" is every name below it as well, "*" any destination.
struct DestinationRule {
    std::string pattern;
    std::optional<std::uint32_t> concurrency = std::nullopt;
    std::optional<Seconds> retry_first = std::nullopt;
    std::optional<Seconds> retry_max = std::nullopt;
    std::optional<Seconds> lifetime = std::nullopt;
    friend bool operator==(const DestinationRule&, const DestinationRule&) = default;
};

Result<DestinationRule> parse_destination_rule(std::string_view text);
// "" or what is wrong: the check of the parameter.
std::string_view check_destination_rule(std::string_view text);

bool fits(const DestinationRule& rule, std::string_view queue);
// nullptr: none fits.
const DestinationRule* find_rule(std::span<const DestinationRule> rules, std::string_view queue);

}  // namespace ph::shaping

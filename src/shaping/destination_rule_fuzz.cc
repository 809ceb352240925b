// shaping/destination_rule_fuzz.cc: any text as a rule: what is taken has a pattern and at least one value within its bounds.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "shaping/destination_rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rule = ph::shaping::parse_destination_rule(text);
    PH_ASSERT(rule.has_value() == ph::shaping::check_destination_rule(text).empty());
    if (!rule) return 0;
    PH_ASSERT(!rule->pattern.empty());
    PH_ASSERT(rule->concurrency || rule->retry_first || rule->retry_max || rule->lifetime);
    PH_ASSERT(!rule->concurrency || (*rule->concurrency >= 1 && *rule->concurrency <= 1000));
    ph::shaping::fits(*rule, text);
    return 0;
}

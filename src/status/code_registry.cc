// status/code_registry.cc: look-up in the tables of basic_codes.cc and enhanced_codes.cc.
#include "status/code_registry.h"

#include <algorithm>

namespace ph::status {
namespace {

template <typename Entry, typename Key>
const Entry* find_sorted(std::span<const Entry> table, Key key, auto project) {
    const auto at = std::ranges::lower_bound(table, key, {}, project);
    return at != table.end() && project(*at) == key ? &*at : nullptr;
}

}  // namespace

const BasicCodeEntry* find(ReplyCode code) {
    return find_sorted(basic_codes(), code.value(), [](const BasicCodeEntry& entry) { return int{entry.code}; });
}

const EnhancedCodeEntry* find(EnhancedCode code) {
    return find_sorted(enhanced_codes(), code.topic(),
                       [](const EnhancedCodeEntry& entry) { return static_cast<std::uint32_t>(entry.subject) * 1000U + entry.detail; });
}

const SubjectEntry* find_subject(std::uint16_t subject) {
    return find_sorted(subjects(), subject, [](const SubjectEntry& entry) { return entry.subject; });
}

const ClassEntry* find_class(ReplyClass reply_class) {
    return find_sorted(classes(), static_cast<int>(reply_class), [](const ClassEntry& entry) { return int{entry.code_class}; });
}

}  // namespace ph::status

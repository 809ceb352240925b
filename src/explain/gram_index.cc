// explain/gram_index.cc: choosing each literal's rarest three bytes, counted over the literals themselves, which are written in the
// language of the texts that they are looked for in.
#include "explain/gram_index.h"

#include <algorithm>

#include "base/assert.h"

namespace ph::explain {

void GramIndex::add(std::string_view literal, std::uint32_t id) {
    PH_ASSERT(literal.size() >= min_length);
    sorted_.push_back({literal, id, 0, 0});
}

void GramIndex::build() {
    std::vector<std::uint32_t> counts(slots);
    for (const Entry& entry : sorted_) {
        for (std::size_t i = 0; i + min_length <= entry.literal.size(); ++i) ++counts[slot_of(entry.literal.data() + i)];
    }
    for (Entry& entry : sorted_) {
        entry.slot = slot_of(entry.literal.data());
        for (std::size_t i = 1; i + min_length <= entry.literal.size(); ++i) {
            const std::uint32_t slot = slot_of(entry.literal.data() + i);
            if (counts[slot] >= counts[entry.slot]) continue;
            entry.slot = slot;
            entry.offset = static_cast<std::uint32_t>(i);
        }
    }
    std::ranges::stable_sort(sorted_, {}, &Entry::slot);
    first_.assign(slots + 1, 0);
    for (const Entry& entry : sorted_) {
        ++first_[entry.slot + 1];
        occupied_[entry.slot] = true;
    }
    for (std::uint32_t slot = 0; slot < slots; ++slot) first_[slot + 1] += first_[slot];
}

}  // namespace ph::explain

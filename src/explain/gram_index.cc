// explain/gram_index.cc: choosing each literal's rarest bytes, counted over the literals themselves, which are written in the language
// of the texts that they are looked for in.
#include "explain/gram_index.h"

#include <algorithm>
#include <tuple>

#include "base/assert.h"

namespace ph::explain {
namespace {

std::uint32_t gram_at(std::string_view literal, std::size_t at, std::size_t width) {
    std::uint32_t gram = 0;
    std::memcpy(&gram, literal.data() + at, width);
    return gram;
}

}  // namespace

void GramIndex::add(std::string_view literal, Edges edges, std::uint32_t id) {
    PH_ASSERT(literal.size() >= min_length && literal.size() <= UINT16_MAX);
    (literal.size() > min_length ? four_ : three_).added.push_back({literal, edges, id});
}

// Literals that several rules have become one entry with several ids.
void GramIndex::Table::group() {
    std::ranges::sort(added, {}, [](const Added& item) { return std::tuple(item.literal, item.edges, item.id); });
    for (std::size_t i = 0; i < added.size(); ++i) {
        const bool same = i != 0 && added[i].literal == added[i - 1].literal && added[i].edges == added[i - 1].edges;
        const auto id = static_cast<std::uint32_t>(ids.size());
        if (!same) {
            const auto begin = static_cast<std::uint32_t>(pool.size());
            entries.push_back({0, begin, static_cast<std::uint16_t>(added[i].literal.size()), 0, added[i].edges, id, id});
            pool += added[i].literal;
        }
        ids.push_back(added[i].id);
        ++entries.back().end_id;
    }
    added = {};
}

void GramIndex::Table::choose_grams(std::size_t width) {
    const auto literal_of = [&](const Entry& entry) { return std::string_view(pool).substr(entry.literal, entry.length); };
    std::vector<std::uint32_t> counts(marks);
    for (const Entry& entry : entries) {
        for (std::size_t i = 0; i + width <= entry.length; ++i) ++counts[mark_of(gram_at(literal_of(entry), i, width))];
    }
    for (Entry& entry : entries) {
        entry.gram = gram_at(literal_of(entry), 0, width);
        for (std::size_t i = 1; i + width <= entry.length; ++i) {
            const std::uint32_t gram = gram_at(literal_of(entry), i, width);
            if (counts[mark_of(gram)] >= counts[mark_of(entry.gram)]) continue;
            entry.gram = gram;
            entry.offset = static_cast<std::uint16_t>(i);
        }
    }
}

// Entries of a slot side by side, and their literals too: what is compared one after the other lies in one cache line.
void GramIndex::Table::sort_by_slot() {
    std::ranges::stable_sort(entries, {}, [](const Entry& entry) { return slot_of(entry.gram); });
    std::string sorted;
    sorted.reserve(pool.size());
    first.assign(slots + 1, 0);
    marked.assign(marks / 64, 0);
    for (Entry& entry : entries) {
        const auto begin = static_cast<std::uint32_t>(sorted.size());
        sorted.append(pool, entry.literal, entry.length);
        entry.literal = begin;
        ++first[slot_of(entry.gram) + 1];
        const std::uint32_t mark = mark_of(entry.gram);
        marked[mark / 64] |= std::uint64_t{1} << (mark % 64);
    }
    pool = std::move(sorted);
    for (std::uint32_t slot = 0; slot < slots; ++slot) first[slot + 1] += first[slot];
}

void GramIndex::Table::build(std::size_t width) {
    group();
    choose_grams(width);
    sort_by_slot();
}

void GramIndex::build() {
    four_.build(4);
    three_.build(3);
}

}  // namespace ph::explain

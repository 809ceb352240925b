// explain/gram_index.cc: choosing each literal's rarest bytes, counted over the literals themselves, which are written in the language
// of the texts that they are looked for in.
#include "explain/gram_index.h"

#include <functional>

#include "base/assert.h"

namespace ph::explain {
namespace {

template <std::size_t width>
std::uint32_t gram_at(std::string_view literal, std::size_t at) {
    std::uint32_t gram = 0;
    std::memcpy(&gram, literal.data() + at, width);
    return gram;
}

}  // namespace

void GramIndex::add(std::string_view literal, Edges edges, std::uint32_t id) {
    PH_ASSERT(literal.size() >= min_length && literal.size() <= UINT16_MAX);
    (literal.size() > min_length ? four_ : three_).added.push_back({literal, edges, id});
}

// Literals that several rules have become one entry with several ids. An open-addressed table finds the equal ones.
void GramIndex::Table::group() {
    std::size_t size = 64;
    while (size < added.size() * 2) size *= 2;
    std::vector<std::uint32_t> table(size, UINT32_MAX);
    std::vector<std::uint32_t> entry_of(added.size());
    entries.reserve(added.size());
    std::size_t bytes = 0;
    for (const Added& item : added) bytes += item.literal.size();
    pool.reserve(bytes);
    for (std::size_t i = 0; i < added.size(); ++i) {
        const Added& item = added[i];
        std::size_t at = std::hash<std::string_view>{}(item.literal) & (size - 1);
        while (table[at] != UINT32_MAX && !(entries[table[at]].edges == item.edges && literal_of(entries[table[at]]) == item.literal))
            at = (at + 1) & (size - 1);
        if (table[at] == UINT32_MAX) {
            table[at] = static_cast<std::uint32_t>(entries.size());
            entries.push_back({0, static_cast<std::uint32_t>(pool.size()), static_cast<std::uint16_t>(item.literal.size()), 0, item.edges, 0, 0});
            pool += item.literal;
        }
        entry_of[i] = table[at];
        ++entries[entry_of[i]].end_id;  // counts first
    }
    std::uint32_t next = 0;
    for (Entry& entry : entries) {
        const std::uint32_t count = entry.end_id;
        entry.first_id = entry.end_id = next;
        next += count;
    }
    ids.resize(next);
    for (std::size_t i = 0; i < added.size(); ++i) ids[entries[entry_of[i]].end_id++] = added[i].id;
    added = {};
}

// Rare by a small table of counts: which of two rare grams is the rarer one does not matter.
template <std::size_t width>
void GramIndex::Table::choose_grams() {
    constexpr std::size_t looked_at = 24;  // grams of a literal
    std::vector<std::uint16_t> counts(1U << 14U);
    const auto count_of = [&](std::uint32_t gram) -> std::uint16_t& { return counts[slot_of(gram)]; };
    for (const Entry& entry : entries) {
        const std::string_view literal = literal_of(entry);
        for (std::size_t i = 0; i < looked_at && i + width <= literal.size(); ++i) {
            std::uint16_t& count = count_of(gram_at<width>(literal, i));
            if (count < UINT16_MAX) ++count;
        }
    }
    for (Entry& entry : entries) {
        const std::string_view literal = literal_of(entry);
        std::uint16_t least = UINT16_MAX;
        for (std::size_t i = 0; i < looked_at && i + width <= literal.size(); ++i) {
            const std::uint32_t gram = gram_at<width>(literal, i);
            if (i != 0 && count_of(gram) >= least) continue;
            least = count_of(gram);
            entry.gram = gram;
            entry.offset = static_cast<std::uint16_t>(i);
        }
    }
}

// Entries of a slot side by side, and their literals too: what is compared one after the other lies in one cache line.
void GramIndex::Table::sort_by_slot() {
    first.assign(slots + 1, 0);
    marked.assign(marks / 64, 0);
    for (const Entry& entry : entries) {
        ++first[slot_of(entry.gram) + 1];
        const std::uint32_t mark = mark_of(entry.gram);
        marked[mark / 64] |= std::uint64_t{1} << (mark % 64);
    }
    for (std::uint32_t slot = 0; slot < slots; ++slot) first[slot + 1] += first[slot];
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    std::vector<Entry> placed(entries.size());
    for (const Entry& entry : entries) placed[next[slot_of(entry.gram)]++] = entry;
    std::string sorted;
    sorted.reserve(pool.size());
    for (Entry& entry : placed) {
        const auto begin = static_cast<std::uint32_t>(sorted.size());
        sorted.append(pool, entry.literal, entry.length);
        entry.literal = begin;
    }
    entries = std::move(placed);
    pool = std::move(sorted);
}

template <std::size_t width>
void GramIndex::Table::build() {
    group();
    choose_grams<width>();
    sort_by_slot();
}

void GramIndex::build() {
    four_.build<4>();
    three_.build<3>();
    built_ = true;
}

}  // namespace ph::explain

// explain/gram_index.h: which of many literals stand in a text, in one pass. Each literal is looked for by its rarest four bytes: a bit
// table says for nearly every position of the text that nothing begins there, and the rest is compared. The tables pay from the
// second text on: the first is looked through literal by literal, for a program that explains one reply and ends (docs/decisions/010).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace ph::explain {

// Whether a word may go on where a literal begins or ends. A place between two characters that are not both letters or digits is a
// word's boundary.
struct Edges {
    bool open_left = true;
    bool open_right = true;
    friend bool operator==(const Edges&, const Edges&) = default;
};

inline bool is_boundary(std::string_view text, std::size_t at) {
    return at == 0 || at >= text.size() || !(is_alnum(text[at - 1]) && is_alnum(text[at]));
}

class GramIndex {
  public:
    static constexpr std::size_t min_length = 3;  // bytes that a literal must have

    // `literal` must have at least min_length bytes and outlive the index. `id` is the caller's; several ids may have one literal.
    void add(std::string_view literal, Edges edges, std::uint32_t id);
    // Room for about so many literals.
    void reserve(std::size_t literals) { four_.added.reserve(literals); }

    // Calls on_hit(id, begin) for each place where a literal stands in `text`, in no particular order. Nothing is added after the first.
    template <typename OnHit>
    void scan(std::string_view text, OnHit&& on_hit) {
        if (std::exchange(first_scan_, false)) {
            scan_plainly(four_, text, on_hit);
            scan_plainly(three_, text, on_hit);
            return;
        }
        if (!built_) build();
        std::size_t at = 0;
        for (; at + 4 <= text.size(); ++at) {
            std::uint32_t gram = 0;
            std::memcpy(&gram, text.data() + at, 4);
            look_up(four_, gram, text, at, on_hit);
            look_up(three_, gram & three_bytes, text, at, on_hit);
        }
        if (at + 3 > text.size()) return;
        std::uint32_t gram = 0;
        std::memcpy(&gram, text.data() + at, 3);
        look_up(three_, gram, text, at, on_hit);
    }

  private:
    static constexpr std::uint32_t slots = 1U << 14U;
    static constexpr std::uint32_t marks = 1U << 18U;  // bits; 32 KiB, which stay in the first-level cache
    static_assert(std::endian::native == std::endian::little, "a gram's first three bytes are its low ones");
    static constexpr std::uint32_t three_bytes = 0x00FFFFFF;

    struct Added {
        std::string_view literal;
        Edges edges;
        std::uint32_t id;
    };

    struct Entry {
        std::uint32_t gram;
        std::uint32_t literal;  // where it begins in pool
        std::uint16_t length;
        std::uint16_t offset;  // of the gram in the literal
        Edges edges;
        std::uint32_t first_id;  // in ids
        std::uint32_t end_id;
    };

    struct Table {
        std::vector<Added> added;
        std::vector<Entry> entries;  // by slot
        std::string pool;            // the literals, in the order of the entries
        std::vector<std::uint32_t> ids;
        std::vector<std::uint32_t> first;   // for each slot where its entries begin
        std::vector<std::uint64_t> marked;  // a bit for each hashed gram that an entry has

        template <std::size_t width>
        void build();
        std::string_view literal_of(const Entry& entry) const { return std::string_view(pool).substr(entry.literal, entry.length); }
        void group();
        template <std::size_t width>
        void choose_grams();
        void sort_by_slot();
    };

    void build();

    template <typename OnHit>
    static void scan_plainly(const Table& table, std::string_view text, OnHit& on_hit) {
        for (const Added& item : table.added) {
            for (std::size_t at = text.find(item.literal); at != std::string_view::npos; at = text.find(item.literal, at + 1)) {
                if (has_edges(text, at, at + item.literal.size(), item.edges)) on_hit(item.id, at);
            }
        }
    }

    static bool has_edges(std::string_view text, std::size_t begin, std::size_t end, Edges edges) {
        return (edges.open_left || is_boundary(text, begin)) && (edges.open_right || is_boundary(text, end));
    }

    static std::uint32_t mark_of(std::uint32_t gram) { return (gram * 0x9E3779B1U) >> 14U; }
    static std::uint32_t slot_of(std::uint32_t gram) { return mark_of(gram) >> 4U; }

    template <typename OnHit>
    static void look_up(const Table& table, std::uint32_t gram, std::string_view text, std::size_t at, OnHit& on_hit) {
        const std::uint32_t mark = mark_of(gram);
        if ((table.marked[mark / 64] >> (mark % 64) & 1U) == 0) return;
        const std::uint32_t slot = slot_of(gram);
        for (std::uint32_t i = table.first[slot]; i < table.first[slot + 1]; ++i) {
            const Entry& entry = table.entries[i];
            if (entry.gram != gram || entry.offset > at) continue;
            const std::size_t begin = at - entry.offset;
            const std::size_t end = begin + entry.length;
            if (end > text.size() || std::memcmp(text.data() + begin, table.pool.data() + entry.literal, entry.length) != 0) continue;
            if (!has_edges(text, begin, end, entry.edges)) continue;
            for (std::uint32_t id = entry.first_id; id < entry.end_id; ++id) on_hit(table.ids[id], begin);
        }
    }

    Table four_;
    Table three_;  // literals that have no fourth byte
    bool first_scan_ = true;
    bool built_ = false;
};

}  // namespace ph::explain

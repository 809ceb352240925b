// explain/gram_index.h: which of many literals stand in a text, in one pass. Each literal is looked for by its rarest three
// bytes: a bit table says for nearly every position of the text that nothing begins there, and the rest is compared.
// Building takes microseconds, so nothing has to be built ahead or kept.
#pragma once

#include <bitset>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace ph::explain {

class GramIndex {
  public:
    static constexpr std::size_t min_length = 3;  // bytes that a literal must have

    // `literal` must outlive the index and have at least min_length bytes. `id` is the caller's.
    void add(std::string_view literal, std::uint32_t id);
    // Once, after the last add and before the first scan.
    void build();

    // Calls on_hit(id, begin) for each place where a literal stands in `text`, in no particular order.
    template <typename OnHit>
    void scan(std::string_view text, OnHit&& on_hit) const {
        if (text.size() < min_length) return;
        for (std::size_t at = 0; at + min_length <= text.size(); ++at) {
            const std::uint32_t slot = slot_of(text.data() + at);
            if (!occupied_[slot]) continue;
            for (std::uint32_t i = first_[slot]; i < first_[slot + 1]; ++i) {
                const Entry& entry = sorted_[i];
                if (entry.offset > at || at - entry.offset + entry.literal.size() > text.size()) continue;
                if (std::memcmp(text.data() + at - entry.offset, entry.literal.data(), entry.literal.size()) != 0) continue;
                on_hit(entry.id, at - entry.offset);
            }
        }
    }

  private:
    static constexpr std::uint32_t slots = 1U << 15U;

    struct Entry {
        std::string_view literal;
        std::uint32_t id;
        std::uint32_t offset;  // of the chosen three bytes in the literal
        std::uint32_t slot;
    };

    static std::uint32_t slot_of(const char* bytes) {
        const std::uint32_t gram = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[0])) |
                                   static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[1])) << 8U |
                                   static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[2])) << 16U;
        return (gram * 0x9E3779B1U) >> 17U;
    }

    std::vector<Entry> sorted_;
    std::vector<std::uint32_t> first_;  // for each slot where its entries begin in sorted_
    std::bitset<slots> occupied_;
};

}  // namespace ph::explain

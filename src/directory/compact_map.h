// directory/compact_map.h: a map of texts for tables of millions of entries: all keys and values in one block of memory, and a table of 32-bit
// places into it, about five octets an entry beside the text. Filled once, then only asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ph::directory {

class CompactMap {
  public:
    // False if the key is there already (its value stays) or the block would pass 4 GiB.
    bool add(std::string_view key, std::string_view value);
    std::optional<std::string_view> find(std::string_view key) const;
    std::size_t size() const { return size_; }
    // Gives back what growing took in advance.
    void finish();
    // What it costs, in octets.
    std::size_t memory() const { return block_.capacity() + slots_.capacity() * sizeof(std::uint32_t); }

    template <typename Use>
    void for_each(Use&& use) const {
        for (std::size_t at = 0; at < block_.size();) {
            const Entry entry = entry_at(at);
            use(entry.key, entry.value);
            at = entry.end;
        }
    }

  private:
    struct Entry {
        std::string_view key;
        std::string_view value;
        std::size_t end;
    };
    Entry entry_at(std::size_t at) const;
    std::size_t slot_of(std::string_view key) const;  // where the key is, or the free slot where it belongs
    void grow();

    std::string block_;                 // for each entry: length of the key, length of the value, key, value
    std::vector<std::uint32_t> slots_;  // place in block_ + 1; 0 is free; a power of two of them
    std::size_t size_ = 0;
};

}  // namespace ph::directory

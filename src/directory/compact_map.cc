// directory/compact_map.cc: open addressing with linear probing; lengths take seven bits an octet, so short texts cost one octet each.
#include "directory/compact_map.h"

#include <functional>

namespace ph::directory {
namespace {

void append_length(std::string& out, std::size_t length) {
    while (length >= 0x80) {
        out += static_cast<char>(0x80U | (length & 0x7FU));
        length >>= 7U;
    }
    out += static_cast<char>(length);
}

std::size_t read_length(const std::string& block, std::size_t& at) {
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto octet = static_cast<unsigned char>(block[at++]);
        length |= static_cast<std::size_t>(octet & 0x7FU) << shift;
        if (octet < 0x80) return length;
    }
}

}  // namespace

CompactMap::Entry CompactMap::entry_at(std::size_t at) const {
    const std::size_t key_length = read_length(block_, at);
    const std::size_t value_length = read_length(block_, at);
    const std::string_view block(block_);
    return {block.substr(at, key_length), block.substr(at + key_length, value_length), at + key_length + value_length};
}

std::size_t CompactMap::slot_of(std::string_view key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>()(key) & mask;
    while (slots_[slot] != 0 && entry_at(slots_[slot] - 1).key != key) slot = (slot + 1) & mask;
    return slot;
}

void CompactMap::grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
    for (std::size_t at = 0; at < block_.size();) {
        const Entry entry = entry_at(at);
        slots_[slot_of(entry.key)] = static_cast<std::uint32_t>(at + 1);
        at = entry.end;
    }
}

bool CompactMap::add(std::string_view key, std::string_view value) {
    constexpr std::size_t lengths = 10;
    if (block_.size() + key.size() + value.size() + lengths >= UINT32_MAX) return false;
    if ((size_ + 1) * 5 > slots_.size() * 4) grow();
    const std::size_t slot = slot_of(key);
    if (slots_[slot] != 0) return false;
    slots_[slot] = static_cast<std::uint32_t>(block_.size() + 1);
    append_length(block_, key.size());
    append_length(block_, value.size());
    block_.append(key).append(value);
    ++size_;
    return true;
}

std::optional<std::string_view> CompactMap::find(std::string_view key) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t place = slots_[slot_of(key)];
    if (place == 0) return std::nullopt;
    return entry_at(place - 1).value;
}

void CompactMap::finish() {
    block_.shrink_to_fit();
    slots_.shrink_to_fit();
}

}  // namespace ph::directory

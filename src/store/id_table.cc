// store/id_table.cc: finding, adding and taking ids; a full block is cut in two, or, when the id comes after it, followed by a new one.
#include "store/id_table.h"

#include <algorithm>
#include <iterator>

namespace ph::store {
namespace {

constexpr auto below = [](const auto& pair, std::uint64_t id) { return pair.id < id; };

}  // namespace

IdTable::Blocks::iterator IdTable::block_of(std::uint64_t id) {
    return std::prev(blocks_.upper_bound(id));
}
IdTable::Blocks::const_iterator IdTable::block_of(std::uint64_t id) const {
    return std::prev(blocks_.upper_bound(id));
}

bool IdTable::insert(QueueId id, Slot slot) {
    auto at = block_of(id.value());
    if (at->second.size() >= block_size) {
        Block& full = at->second;
        if (full.back().id < id.value()) {
            at = blocks_.emplace(id.value(), Block{}).first;
        } else {
            Block upper(full.begin() + block_size / 2, full.end());
            full.resize(block_size / 2);
            blocks_.emplace(upper.front().id, std::move(upper));
            at = block_of(id.value());
        }
    }
    Block& block = at->second;
    const auto place = std::lower_bound(block.begin(), block.end(), id.value(), below);
    if (place != block.end() && place->id == id.value()) return false;
    block.insert(place, {id.value(), slot});
    return true;
}

void IdTable::erase(QueueId id) {
    const auto at = block_of(id.value());
    Block& block = at->second;
    const auto place = std::lower_bound(block.begin(), block.end(), id.value(), below);
    if (place == block.end() || place->id != id.value()) return;
    block.erase(place);
    if (block.empty() && at->first != 0) blocks_.erase(at);
}

Slot IdTable::find(QueueId id) const {
    const Block& block = block_of(id.value())->second;
    const auto place = std::lower_bound(block.begin(), block.end(), id.value(), below);
    return place == block.end() || place->id != id.value() ? no_slot : place->slot;
}

std::vector<QueueId> IdTable::above(QueueId after, std::size_t limit) const {
    std::vector<QueueId> ids;
    for (auto at = block_of(after.value()); at != blocks_.end() && ids.size() < limit; ++at) {
        const Block& block = at->second;
        auto place = std::upper_bound(block.begin(), block.end(), after.value(), [](std::uint64_t id, const Pair& pair) { return id < pair.id; });
        for (; place != block.end() && ids.size() < limit; ++place) ids.emplace_back(place->id);
    }
    return ids;
}

}  // namespace ph::store

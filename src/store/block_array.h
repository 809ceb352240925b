// store/block_array.h: an array of slots that grows by blocks and keeps the freed ones for the next. A std::vector would hold twice the
// memory while it doubles, with a million messages waiting. References stay valid until the slot is freed.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace ph::store {

using Slot = std::uint32_t;
inline constexpr Slot no_slot = 0xffffffff;

template <typename T>
class BlockArray {
  public:
    T& operator[](Slot slot) { return blocks_[slot / block_size][slot % block_size]; }
    const T& operator[](Slot slot) const { return blocks_[slot / block_size][slot % block_size]; }

    Slot add() {
        if (!free_.empty()) {
            const Slot slot = free_.back();
            free_.pop_back();
            return slot;
        }
        reach(size_);
        return size_++;
    }
    void free(Slot slot) {
        (*this)[slot] = T{};
        free_.push_back(slot);
    }
    // For an array that runs beside another one: its slots are the other's.
    T& at(Slot slot) {
        reach(slot);
        return (*this)[slot];
    }

  private:
    static constexpr Slot block_size = 1024;

    void reach(Slot slot) {
        while (slot / block_size >= blocks_.size()) blocks_.push_back(std::make_unique<T[]>(block_size));
    }

    std::vector<std::unique_ptr<T[]>> blocks_;
    std::vector<Slot> free_;
    Slot size_ = 0;
};

}  // namespace ph::store

// store/slot_heap.h: a binary heap of slots whose keys live elsewhere, four octets an entry. `Order` says which of two slots comes first and is
// told where each slot stands, so that one in the middle can be taken out.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "store/block_array.h"

namespace ph::store {

// Order: bool before(Slot, Slot); void moved(Slot, std::uint32_t position);
class SlotHeap {
  public:
    bool empty() const { return slots_.empty(); }
    std::size_t size() const { return slots_.size(); }
    Slot top() const { return slots_.front(); }

    template <typename Order>
    void push(Slot slot, Order&& order) {
        slots_.push_back(slot);
        up(slots_.size() - 1, order);
    }

    template <typename Order>
    void erase(std::size_t position, Order&& order) {
        const Slot last = slots_.back();
        slots_.pop_back();
        if (position == slots_.size()) return;
        slots_[position] = last;
        down(up(position, order), order);
    }

    // The key of the slot there has changed.
    template <typename Order>
    void changed(std::size_t position, Order&& order) {
        down(up(position, order), order);
    }

  private:
    template <typename Order>
    std::size_t up(std::size_t at, Order& order) {
        const Slot slot = slots_[at];
        while (at > 0 && order.before(slot, slots_[(at - 1) / 2])) {
            put(at, slots_[(at - 1) / 2], order);
            at = (at - 1) / 2;
        }
        put(at, slot, order);
        return at;
    }

    template <typename Order>
    void down(std::size_t at, Order& order) {
        const Slot slot = slots_[at];
        while (true) {
            std::size_t child = 2 * at + 1;
            if (child >= slots_.size()) break;
            if (child + 1 < slots_.size() && order.before(slots_[child + 1], slots_[child])) ++child;
            if (!order.before(slots_[child], slot)) break;
            put(at, slots_[child], order);
            at = child;
        }
        put(at, slot, order);
    }

    template <typename Order>
    void put(std::size_t at, Slot slot, Order& order) {
        slots_[at] = slot;
        order.moved(slot, static_cast<std::uint32_t>(at));
    }

    std::vector<Slot> slots_;
};

}  // namespace ph::store

// store/id_table.h: the slots of messages by their ids, in order. Blocks of sorted pairs: ids come nearly in order, so most go to the end of the
// last block, and a list of the queue needs the order that a hash table would not keep.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/queue_id.h"
#include "store/block_array.h"

namespace ph::store {

class IdTable {
  public:
    // False: the id is there already.
    bool insert(QueueId id, Slot slot);
    void erase(QueueId id);
    Slot find(QueueId id) const;
    // The first `limit` ids above `after`.
    std::vector<QueueId> above(QueueId after, std::size_t limit) const;

  private:
    struct Pair {
        std::uint64_t id;
        Slot slot;
    };
    using Block = std::vector<Pair>;
    using Blocks = std::map<std::uint64_t, Block>;  // by the smallest id that may be in the block

    static constexpr std::size_t block_size = 256;

    Blocks::iterator block_of(std::uint64_t id);
    Blocks::const_iterator block_of(std::uint64_t id) const;

    Blocks blocks_{{0, {}}};
};

}  // namespace ph::store

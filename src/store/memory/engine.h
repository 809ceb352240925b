// store/memory/engine.h: the engine that keeps mail in memory only, for tests and simulation. It behaves like the log as far as a caller can see
// (callbacks come later, through `post`), and forgets everything when it is destroyed.
#pragma once

#include <cstdint>
#include <memory>

#include "store/engine.h"

namespace ph::store {

struct MemoryOptions {
    std::uint64_t max_bytes = 0;  // of bodies and envelopes; beyond it new mail finds Trouble::full. 0: no limit
    unsigned shard = 0;
    unsigned node = 0;
};

std::unique_ptr<Engine> make_memory_engine(Post post, MemoryOptions options = {});

}  // namespace ph::store

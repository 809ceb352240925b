// store/log/engine.h: the embedded spool: an append-only log in segments, synced before anything is acknowledged (docs/spool-format.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/engine.h"
#include "store/log/files.h"
#include "store/log/lane.h"
#include "store/log/recovery.h"

namespace ph::store {

struct LogOptions {
    std::string directory;
    std::uint64_t segment_size = 64ULL * 1024 * 1024;
    std::uint64_t max_size = 0;                   // of all files; 0: what the disk has
    std::uint64_t reserve = 64ULL * 1024 * 1024;  // that new mail never takes, in whole segments, at least one
    unsigned shard = 0;
    unsigned node = 0;
    std::function<void(const log::Report&)> on_report = {};  // on the loop's thread: what is found damaged later

    // For tests: bodies up to this stay in memory, beyond it they go out in such chunks; the disk; who runs the blocking work; the spool's key.
    std::uint64_t in_memory = 512ULL * 1024;
    std::uint64_t chunk = 64ULL * 1024;
    std::shared_ptr<log::Files> files = {};
    log::MakeLane lanes = {};
    std::uint64_t key = 0;
};

struct OpenedLog {
    std::unique_ptr<Engine> engine;
    std::vector<log::Report> reports;  // what the start has found; each is told once
};

// Reads the spool, or makes it. May take a while on a large one, and is the one call that waits for the disk. The fault says whose turn it is:
// another process has it open, a newer version wrote it, the directory cannot be read.
Result<OpenedLog> open_log(LogOptions options, Post post);

}  // namespace ph::store

// store/log/spares.h: segments ready for use: files of zeros, or freed ones. Writing into what is allocated and on disk already changes no
// metadata, so that a sync costs one write. Some of the spares are a reserve that new mail never takes: on a full disk deliveries must still be
// marked as done, or everything would be delivered twice.
//
// Used from the writer's lane (take) and the maker's (the rest); none of them waits for the other.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/engine.h"
#include "store/log/files.h"

namespace ph::store::log {

// What is wrong with the spool now. From any thread.
class Health {
  public:
    struct State {
        bool full = false;
        bool failing = false;
        std::string message;
    };
    void set_full(std::string message);
    void clear_full();
    void set_failing(std::string message);
    void clear_failing();
    bool full() const;
    bool failing() const;
    State state() const;
    StoreFault fault() const;  // of the state: failing before full

  private:
    mutable std::mutex mutex_;
    std::optional<std::string> full_;
    std::optional<std::string> failing_;
};

struct Spare {
    std::string name;
    std::uint64_t capacity = 0;
    std::shared_ptr<File> file;
};

enum class Use : std::uint8_t {
    mail,
    settlement,  // what deliveries came to; also the compactor's copies, which make room
};

class Spares {
  public:
    struct Limits {
        std::string directory;  // for messages
        std::uint64_t segment_size = 0;
        std::uint64_t max_size = 0;
        std::size_t reserve = 1;
    };
    Spares(Files& files, Health& health, Limits limits) : files_(files), health_(health), limits_(std::move(limits)) {}

    // What was found at start: all files' octets, and the spares among them.
    void start(std::vector<Spare> spares, std::uint64_t total_bytes, std::uint64_t next_number);
    // One of at least that capacity; makes it now if there is none.
    Stored<Spare> take(Use use, std::uint64_t capacity);
    // Makes what is missing ahead of need. False: there is no room for the reserve and one more.
    bool top_up();
    // A segment that nobody needs any more: becomes a spare, or is removed when there are enough (or `broken`). Its name is gone for good
    // (synced) when this returns: no later segment may be freed, and no spare be used, while an earlier one could still come back.
    void recycle(const std::string& name, Spare spare, bool broken);

  private:
    std::optional<Spare> pick(Use use, std::uint64_t capacity);
    Stored<Spare> make(std::uint64_t capacity);
    Io<void> fill(File& file, std::uint64_t capacity);
    StoreFault no_room(const std::string& why) const;
    void add(Spare spare);
    std::size_t count() const;

    Files& files_;
    Health& health_;
    const Limits limits_;
    mutable std::mutex mutex_;
    std::vector<Spare> spares_;
    std::uint64_t total_bytes_ = 0;
    std::uint64_t next_number_ = 1;
    bool stuck_ = false;  // a name could not be given up: what would be freed after it stays until the next start
};

}  // namespace ph::store::log

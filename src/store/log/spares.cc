// store/log/spares.cc: making, taking and recycling spare segments. A name that comes back after a crash would bring settled mail back with it,
// hence the sync of the folder after each change of a name.
#include "store/log/spares.h"

#include <algorithm>
#include <cerrno>
#include <sys/uio.h>
#include <utility>

#include "base/time.h"
#include "store/log/segment.h"

namespace ph::store::log {
namespace {

constexpr std::size_t ahead = 1;  // beyond the reserve, ready for the next change of segments
constexpr std::size_t kept = 3;   // beyond the reserve, before freed segments are removed

}  // namespace

void Health::set_full(std::string message) {
    const std::lock_guard lock(mutex_);
    full_ = std::move(message);
}
void Health::clear_full() {
    const std::lock_guard lock(mutex_);
    full_.reset();
}
void Health::set_failing(std::string message) {
    const std::lock_guard lock(mutex_);
    failing_ = std::move(message);
}
void Health::clear_failing() {
    const std::lock_guard lock(mutex_);
    failing_.reset();
}
bool Health::full() const {
    const std::lock_guard lock(mutex_);
    return full_.has_value();
}
bool Health::failing() const {
    const std::lock_guard lock(mutex_);
    return failing_.has_value();
}
Health::State Health::state() const {
    const std::lock_guard lock(mutex_);
    return {full_.has_value(), failing_.has_value(), failing_ ? *failing_ : full_.value_or("")};
}
StoreFault Health::fault() const {
    const State now = state();
    return {now.failing ? Trouble::failing : Trouble::full, now.message};
}

void Spares::start(std::vector<Spare> spares, std::uint64_t total_bytes, std::uint64_t next_number) {
    const std::lock_guard lock(mutex_);
    spares_ = std::move(spares);
    total_bytes_ = total_bytes;
    next_number_ = next_number;
}

Stored<Spare> Spares::take(Use use, std::uint64_t capacity) {
    if (auto spare = pick(use, capacity)) return std::move(*spare);
    auto made = make(capacity);
    if (!made && made.error().trouble == Trouble::full) health_.set_full(made.error().message);
    return made;
}

std::optional<Spare> Spares::pick(Use use, std::uint64_t capacity) {
    const std::lock_guard lock(mutex_);
    if (use == Use::mail && spares_.size() <= limits_.reserve) return std::nullopt;
    const auto found = std::find_if(spares_.begin(), spares_.end(), [&](const Spare& spare) { return spare.capacity >= capacity; });
    if (found == spares_.end()) return std::nullopt;
    Spare spare = std::move(*found);
    spares_.erase(found);
    return spare;
}

bool Spares::top_up() {
    while (count() < limits_.reserve + ahead) {
        auto made = make(limits_.segment_size);
        if (!made) return false;
        add(std::move(*made));
    }
    health_.clear_full();
    return true;
}

Stored<Spare> Spares::make(std::uint64_t capacity) {
    Spare spare{.name = {}, .capacity = capacity, .file = nullptr};
    {
        const std::lock_guard lock(mutex_);
        if (limits_.max_size > 0 && total_bytes_ + capacity > limits_.max_size) {
            return tl::unexpected(no_room("it has reached spool.max_size, " + bytes_text(limits_.max_size)));
        }
        total_bytes_ += capacity;
        spare.name = spare_name(next_number_++);
    }
    int error = 0;
    auto file = files_.open(spare.name, OpenMode::create);
    if (!file) {
        error = file.error();
    } else if (const auto filled = fill(**file, capacity); !filled) {
        error = filled.error();
        static_cast<void>(files_.remove(spare.name));  // what is left of it is found and removed at the next start
    }
    if (error == 0) {
        spare.file = std::move(*file);
        return spare;
    }
    const std::lock_guard lock(mutex_);
    total_bytes_ -= capacity;
    if (out_of_space(error)) return tl::unexpected(no_room(error_text(error)));
    return tl::unexpected(
        StoreFault{Trouble::failing, "cannot make a segment in " + limits_.directory + ": " + error_text(error) + "; check the disk"});
}

Io<void> Spares::fill(File& file, std::uint64_t capacity) {
    if (auto allocated = file.allocate(capacity); !allocated) return allocated;
    const std::string zeros(std::min<std::uint64_t>(capacity, 1024 * 1024), '\0');
    for (std::uint64_t at = 0; at < capacity; at += zeros.size()) {
        const std::string_view part = std::string_view(zeros).substr(0, std::min<std::uint64_t>(zeros.size(), capacity - at));
        if (auto wrote = write_text(file, part, at); !wrote) return wrote;
    }
    if (auto synced = file.sync(); !synced) return synced;
    return files_.sync_folder("");
}

StoreFault Spares::no_room(const std::string& why) const {
    return {Trouble::full, "the spool " + limits_.directory + " has no room for new mail: " + why + "; free space or raise the limit"};
}

void Spares::recycle(const std::string& name, Spare spare, bool broken) {
    std::string new_name;
    {
        const std::lock_guard lock(mutex_);
        if (stuck_) return;
        const bool useful = !broken && spare.capacity == limits_.segment_size && spares_.size() < limits_.reserve + kept;
        if (useful) new_name = spare_name(next_number_++);
    }
    const auto freed = new_name.empty() ? files_.remove(name) : files_.rename(name, new_name);
    const auto synced = freed ? files_.sync_folder("") : freed;
    if (!synced) {
        const std::lock_guard lock(mutex_);
        stuck_ = true;
        health_.set_failing("cannot free " + name + " in " + limits_.directory + ": " + error_text(synced.error()) + "; check the disk");
        return;
    }
    if (!new_name.empty()) {
        spare.name = new_name;
        add(std::move(spare));
        return;
    }
    const std::lock_guard lock(mutex_);
    total_bytes_ -= spare.capacity;
}

void Spares::add(Spare spare) {
    bool room = false;
    {
        const std::lock_guard lock(mutex_);
        spares_.push_back(std::move(spare));
        room = spares_.size() > limits_.reserve;
    }
    if (room) health_.clear_full();
}

std::size_t Spares::count() const {
    const std::lock_guard lock(mutex_);
    return spares_.size();
}

}  // namespace ph::store::log

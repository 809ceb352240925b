// store/log/faulty_files.h: a disk in memory that does what disks do when the power goes: what was not synced is kept, lost or torn sector by
// sector, in any order, names too. It can also run full, fail a write or a sync, and be switched off at the n-th operation. For tests.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <sys/uio.h>
#include <utility>
#include <vector>

#include "store/log/files.h"

namespace ph::store::log {

class FaultyDisk {
  public:
    struct Node {
        std::string now;                                                // as programs see it
        std::string durable;                                            // as it is after a crash, as far as it was synced
        std::vector<std::pair<std::uint64_t, std::uint64_t>> unsynced;  // ranges, in the order of the writes
    };
    using Names = std::map<std::string, std::shared_ptr<Node>>;
    // A change of names: `node` appears at `to`, and `from` goes.
    struct Change {
        std::string from;
        std::string to;
        std::shared_ptr<Node> node;
    };

    explicit FaultyDisk(unsigned seed) : random(seed) {}

    // Counts an operation; false when the power is off.
    bool alive() {
        if (operations_left && (*operations_left)-- == 0) off = true;
        return !off;
    }
    bool fails(unsigned per_mille) { return per_mille > 0 && random() % 1000 < per_mille; }
    std::uint64_t used() const {
        std::uint64_t sum = 0;
        for (const auto& [name, node] : names) sum += node->now.size();
        return sum;
    }

    // The power goes and comes back.
    void crash() {
        const unsigned keep = static_cast<unsigned>(random() % 3);  // nothing, some, all of what was not synced
        const auto kept = [&] { return keep == 2 || (keep == 1 && random() % 2 == 0); };
        for (Change& change : changes) {
            if (kept()) apply(durable_names, change);
        }
        changes.clear();
        for (const auto& [name, node] : durable_names) {
            for (const auto& [offset, size] : node->unsynced) {
                for (std::uint64_t at = offset; at < offset + size;) {
                    const std::uint64_t end = std::min(offset + size, (at / 512 + 1) * 512);
                    if (kept()) copy(*node, at, end);
                    at = end;
                }
            }
            node->unsynced.clear();
            node->now = node->durable;
        }
        names = durable_names;
        off = false;
        operations_left.reset();
        locked = false;
    }

    // Only the program ends: what it wrote is still on its way to the disk.
    void kill() {
        operations_left.reset();
        locked = false;
    }

    static void apply(Names& names, const Change& change) {
        if (!change.from.empty()) {
            const auto found = names.find(change.from);
            if (found == names.end() || found->second != change.node) return;
            names.erase(found);
        }
        if (!change.to.empty()) names[change.to] = change.node;
    }
    void change(Change change) {
        apply(names, change);
        changes.push_back(std::move(change));
    }
    void sync(Node& node) {
        for (const auto& [offset, size] : node.unsynced) copy(node, offset, offset + size);
        node.unsynced.clear();
    }

    std::mt19937 random;
    Names names;
    Names durable_names;
    std::vector<Change> changes;
    bool off = false;
    bool locked = false;
    std::optional<std::uint64_t> operations_left;
    std::uint64_t capacity = 0;  // 0: endless
    unsigned write_faults = 0;   // per mille
    unsigned sync_faults = 0;
    unsigned fail_syncs = 0;  // the next ones
    std::uint64_t syncs = 0;

  private:
    static void copy(Node& node, std::uint64_t from, std::uint64_t to) {
        if (node.durable.size() < to) node.durable.resize(to);
        std::copy(node.now.begin() + static_cast<std::ptrdiff_t>(from), node.now.begin() + static_cast<std::ptrdiff_t>(to),
                  node.durable.begin() + static_cast<std::ptrdiff_t>(from));
    }
};

class FaultyFile final : public File {
  public:
    FaultyFile(std::shared_ptr<FaultyDisk> disk, std::shared_ptr<FaultyDisk::Node> node) : disk_(std::move(disk)), node_(std::move(node)) {}
    Io<void> write(std::span<const iovec> pieces, std::uint64_t offset) override {
        for (const iovec& piece : pieces) {
            if (!disk_->alive() || disk_->fails(disk_->write_faults)) return tl::unexpected(EIO);
            const std::uint64_t end = offset + piece.iov_len;
            const std::uint64_t more = end > node_->now.size() ? end - node_->now.size() : 0;
            if (more > 0 && disk_->capacity > 0 && disk_->used() + more > disk_->capacity) return tl::unexpected(ENOSPC);
            if (more > 0) node_->now.resize(end);
            const char* bytes = static_cast<const char*>(piece.iov_base);
            std::copy(bytes, bytes + piece.iov_len, node_->now.begin() + static_cast<std::ptrdiff_t>(offset));
            node_->unsynced.emplace_back(offset, piece.iov_len);
            offset = end;
        }
        return {};
    }
    Io<std::size_t> read(std::span<char> into, std::uint64_t offset) const override {
        if (disk_->off) return tl::unexpected(EIO);
        if (offset >= node_->now.size()) return std::size_t{0};
        const std::size_t size = std::min<std::size_t>(into.size(), node_->now.size() - offset);
        std::copy_n(node_->now.begin() + static_cast<std::ptrdiff_t>(offset), size, into.begin());
        return size;
    }
    Io<void> sync() override {
        if (!disk_->alive()) return tl::unexpected(EIO);
        ++disk_->syncs;
        if (disk_->fail_syncs > 0 || disk_->fails(disk_->sync_faults)) {
            if (disk_->fail_syncs > 0) --disk_->fail_syncs;
            // As kernels do: the pages are called clean, the next sync succeeds, and the octets never get to the disk.
            node_->unsynced.clear();
            return tl::unexpected(EIO);
        }
        disk_->sync(*node_);
        return {};
    }
    Io<void> allocate(std::uint64_t size) override {
        if (disk_->capacity > 0 && disk_->used() + size > disk_->capacity) return tl::unexpected(ENOSPC);
        return {};
    }
    Io<std::uint64_t> size() const override { return node_->now.size(); }

  private:
    std::shared_ptr<FaultyDisk> disk_;
    std::shared_ptr<FaultyDisk::Node> node_;
};

class FaultyFiles final : public Files {
  public:
    explicit FaultyFiles(std::shared_ptr<FaultyDisk> disk) : disk_(std::move(disk)) {}
    Io<std::shared_ptr<File>> open(const std::string& name, OpenMode mode) override {
        if (!disk_->alive()) return tl::unexpected(EIO);
        auto found = disk_->names.find(name);
        if (mode == OpenMode::create) {
            if (found != disk_->names.end()) return tl::unexpected(EEXIST);
            disk_->change({"", name, std::make_shared<FaultyDisk::Node>()});
            found = disk_->names.find(name);
        }
        if (found == disk_->names.end()) return tl::unexpected(ENOENT);
        return std::make_shared<FaultyFile>(disk_, found->second);
    }
    Io<void> rename(const std::string& from, const std::string& to) override { return change(from, to); }
    Io<void> remove(const std::string& name) override { return change(name, ""); }
    Io<std::vector<std::string>> list() override {
        std::vector<std::string> names;
        for (const auto& [name, node] : disk_->names) {
            if (name.find('/') == std::string::npos) names.push_back(name);
        }
        return names;
    }
    Io<void> make_folder(const std::string&) override { return {}; }
    Io<void> sync_folder(const std::string& folder) override {
        if (!disk_->alive() || disk_->fails(disk_->sync_faults)) return tl::unexpected(EIO);
        std::erase_if(disk_->changes, [&](const FaultyDisk::Change& change) {
            if (folder_of(change.to.empty() ? change.from : change.to) != folder) return false;
            FaultyDisk::apply(disk_->durable_names, change);
            return true;
        });
        return {};
    }
    Io<std::unique_ptr<SpoolLock>> lock(const std::string&) override {
        if (disk_->locked) return tl::unexpected(EWOULDBLOCK);
        disk_->locked = true;
        return std::make_unique<Lock>(disk_);
    }
    bool locked(const std::string&) override { return disk_->locked; }

  private:
    struct Lock final : public SpoolLock {
        explicit Lock(std::shared_ptr<FaultyDisk> of) : disk(std::move(of)) {}
        ~Lock() override { disk->locked = false; }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        Lock(Lock&&) = delete;
        Lock& operator=(Lock&&) = delete;
        std::shared_ptr<FaultyDisk> disk;
    };
    static std::string folder_of(const std::string& name) {
        const auto slash = name.find('/');
        return slash == std::string::npos ? "" : name.substr(0, slash);
    }
    Io<void> change(const std::string& from, const std::string& to) {
        if (!disk_->alive()) return tl::unexpected(EIO);
        const auto found = disk_->names.find(from);
        if (found == disk_->names.end()) return tl::unexpected(ENOENT);
        disk_->change({from, to, found->second});
        return {};
    }

    std::shared_ptr<FaultyDisk> disk_;
};

}  // namespace ph::store::log

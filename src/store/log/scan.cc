// store/log/scan.cc: from octets to records. After damage the scan goes on at the next header that validates: headers start at multiples of 8, and
// each has a checksum of its own, so that a text full of false headers costs 56 octets of hashing a place and not the length it claims.
#include "store/log/scan.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "store/log/bytes.h"

namespace ph::store::log {
namespace {

std::optional<RecordHeader> header_at(std::string_view bytes, Seed seed, std::uint64_t offset) {
    auto header = decode_record_header(bytes.substr(offset), seed, offset);
    if (header && record_size(*header) > bytes.size() - offset) return std::nullopt;
    return header;
}

std::optional<std::uint64_t> next_header(std::string_view bytes, Seed seed, std::uint64_t from) {
    for (std::uint64_t at = from; at + record_header_size <= bytes.size(); at += 8) {
        if (header_at(bytes, seed, at)) return at;
    }
    return std::nullopt;
}

bool is_loose(const Found& found) {
    return (found.header.flags & flag::loose) != 0;
}
// A body that was damaged before it was copied is as it should be.
bool as_written(const Found& found) {
    return found.body_good || (found.header.flags & flag::damaged) != 0;
}
std::uint64_t end_of(const Found& found) {
    return found.place.offset() + found.place.size();
}

}  // namespace

Scan scan_segment(std::string_view bytes, Seed seed, std::uint32_t sequence) {
    Scan scan;
    std::uint64_t at = first_record;
    while (at + record_header_size <= bytes.size()) {
        const auto header = header_at(bytes, seed, at);
        if (!header) {
            const auto next = next_header(bytes, seed, at + 8);
            if (!next) break;
            scan.damaged.push_back({at, *next, {}});
            at = *next;
            continue;
        }
        const std::uint64_t size = record_size(*header);
        Found found{*header, {sequence, static_cast<std::uint32_t>(at / 8), static_cast<std::uint32_t>(size / 8)}, {}, {}, false};
        found.meta = bytes.substr(at + record_header_size, header->meta_size);
        found.body = bytes.substr(at + record_header_size + header->meta_size, header->body_size);
        if (checksum(found.meta, seed) == header->meta_sum) {
            found.body_good = (header->flags & flag::damaged) == 0 && checksum(found.body, seed) == header->body_sum;
            scan.records.push_back(found);
        } else {
            scan.damaged.push_back({at, at + size, header->id});
        }
        at += size;
    }
    return scan;
}

namespace {

class Judge {
  public:
    Judge(const Scan& scan, std::optional<std::uint64_t> trusted_end) : scan_(scan), limit_(trusted_end) {
        durable_ = first_record;
        for (const Found& found : scan.records) {
            durable_ = std::max(durable_, found.header.durable);
            if (found.header.type == RecordType::chunk) chunks_[found.place.offset8] = &found;
        }
        if (limit_) durable_ = *limit_;
    }
    Judged run();

  private:
    void find_whole_groups();
    bool whole(const std::vector<const Found*>& group) const;
    bool chunks_good(const Found& message) const;
    void take(const Found& found);

    const Scan& scan_;
    std::optional<std::uint64_t> limit_;
    std::uint64_t durable_;
    std::unordered_map<std::uint32_t, const Found*> chunks_;  // by offset
    std::unordered_set<std::uint64_t> whole_;                 // groups
    Judged judged_;
};

Judged Judge::run() {
    find_whole_groups();
    for (const Found& found : scan_.records) {
        judged_.last_group = std::max(judged_.last_group, found.header.group);
        const std::uint64_t from = found.place.offset();
        if (from < durable_ || (from < judged_.end && (is_loose(found) ? as_written(found) : whole_.contains(found.header.group)))) {
            take(found);
        } else if (from >= judged_.end) {
            judged_.leftover = end_of(found);
        } else {
            judged_.torn.push_back({from, end_of(found), {}});
        }
    }
    for (const Region& region : scan_.damaged) {
        if (region.from < durable_) {
            judged_.damaged.push_back({region.from, std::min(region.to, durable_), region.id});
        } else if (region.from < judged_.end) {
            judged_.torn.push_back(region);
        }
    }
    std::uint64_t seen = first_record;
    if (!scan_.records.empty()) seen = end_of(scan_.records.back());
    if (!scan_.damaged.empty()) seen = std::max(seen, scan_.damaged.back().to);
    if (seen < durable_) judged_.damaged.push_back({seen, durable_, {}});
    return std::move(judged_);
}

// Of what was not known to be durable, the groups that are there as a whole, and with them the end. Chunks of other bodies may lie in a group.
void Judge::find_whole_groups() {
    judged_.durable = judged_.end = durable_;
    if (limit_) return;
    std::vector<const Found*> group;
    const auto close = [&] {
        if (!group.empty() && whole(group)) {
            whole_.insert(group[0]->header.group);
            judged_.end = std::max(judged_.end, end_of(*group.back()));
        }
        group.clear();
    };
    for (const Found& found : scan_.records) {
        if (is_loose(found) || found.place.offset() < durable_) continue;
        if (!group.empty() && group[0]->header.group != found.header.group) close();
        group.push_back(&found);
    }
    close();
}

bool Judge::whole(const std::vector<const Found*>& group) const {
    std::uint32_t index = 0;
    for (const Found* found : group) {
        const bool last = (found->header.flags & flag::last) != 0;
        if (found->header.index != index++ || last != (found == group.back()) || !as_written(*found)) return false;
        if (found->header.type == RecordType::message && !chunks_good(*found)) return false;
    }
    return true;
}

// Chunks are written before the group without a sync of their own; a message whose chunks did not get to the disk was never acknowledged.
bool Judge::chunks_good(const Found& message) const {
    const auto fields = decode_message(message.meta);
    if (!fields) return false;
    return std::all_of(fields->chunks.begin(), fields->chunks.end(), [&](const Place& chunk) {
        if (chunk.segment != message.place.segment || chunk.offset() < durable_) return true;
        const auto found = chunks_.find(chunk.offset8);
        return found != chunks_.end() && as_written(*found->second);
    });
}

void Judge::take(const Found& found) {
    if (append_summary(judged_.summary, found.header, found.meta, found.place)) {
        judged_.records.push_back(found);
    } else {
        judged_.damaged.push_back({found.place.offset(), end_of(found), found.header.id});
    }
}

}  // namespace

Judged judge(const Scan& scan, std::optional<std::uint64_t> trusted_end) {
    return Judge(scan, trusted_end).run();
}

}  // namespace ph::store::log

// store/log/scan.h: what a whole segment holds, when there is no summary to say so (the last segment, one damaged, or `posthorn spool check`).
// scan_segment() finds the records, over damage too; judge() decides which of them count. Both are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/log/record.h"

namespace ph::store::log {

// A record whose header and meta part are right.
struct Found {
    RecordHeader header;
    Place place;
    std::string_view meta;
    std::string_view body;
    bool body_good = false;
};
// Octets that should hold records and do not.
struct Region {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    QueueId id{};  // when the header of a record there could still be read
};
struct Scan {
    std::vector<Found> records;   // views into the segment's bytes
    std::vector<Region> damaged;  // between records
};
Scan scan_segment(std::string_view bytes, Seed seed, std::uint32_t sequence);

struct Judged {
    std::vector<Found> records;            // those that count, and chunks that something may refer to
    std::vector<Region> damaged;           // of what was durable: mail may be lost there
    std::vector<Region> torn;              // before `end`, chunks and whatever else did not get to the disk: nobody was told of it
    std::string summary;                   // of the records
    std::uint64_t durable = first_record;  // up to here it was known to be on disk
    std::uint64_t end = first_record;      // where the log goes on
    std::uint64_t leftover = 0;            // beyond `end` lie whole records of a write that was cut off, up to here; 0: none do
    std::uint64_t last_group = 0;
};
// `trusted_end`: up to here the segment is known to have been synced, and what follows does not count (from the header of the next segment).
// Without it the records themselves say how far they knew it to be durable; beyond that only whole groups count, since the machine may have
// stopped in the middle of writing one. Nobody was told that such a group is safe.
Judged judge(const Scan& scan, std::optional<std::uint64_t> trusted_end);

}  // namespace ph::store::log

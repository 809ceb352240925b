// store/log/recovery.h: from the files of a spool to what is known when it is opened: the segments in order, where the log goes on, and, line by
// line, the messages, jobs and marks in them. Full segments are read by their summaries, the last one as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/log/files.h"
#include "store/log/scan.h"
#include "store/log/segment.h"

namespace ph::store::log {

struct Report {
    bool damage = false;  // mail may be lost, a person should look; otherwise a note
    std::string message;
};

struct FoundSegment {
    std::string name;
    SegmentPtr segment;
    std::optional<SegmentHeader> header;       // if it is the segment's own
    std::optional<std::uint64_t> trusted_end;  // from the next segment's header
    bool gap = false;                          // its header names a segment before it that is not there
};
struct FoundSpare {
    std::string name;
    std::uint64_t number = 0;
    std::uint64_t size = 0;
};
// The files, opened, and their headers.
struct Survey {
    std::vector<FoundSegment> segments;  // by number
    std::vector<FoundSpare> spares;
    std::uint64_t key = 0;  // 0: no header tells it
};
// The fault says so when a newer Posthorn wrote the spool: what it means by its octets is not known here.
Result<Survey> survey(Files& files, const std::string& directory, Access access);

// What one segment holds, by its summary, or by looking through it (`bytes` then owns what the records are views of).
struct Contents {
    bool summarised = false;
    bool blank = false;  // not one record of it
    std::string bytes;
    Judged judged;  // of a summarised segment only `summary`, `end` and `last_group`
};
Result<Contents> read_contents(const FoundSegment& found, bool whole);

struct Recovered {
    std::vector<SegmentPtr> segments;  // with records in them, in order; of the last one `end`
    std::vector<std::uint64_t> ends;
    std::vector<std::string> names;
    std::vector<FoundSpare> spares;
    std::uint64_t key = 0;
    std::uint64_t next_sequence = 1;
    std::uint64_t next_spare = 1;
    std::uint64_t next_group = 1;
    std::uint64_t total_bytes = 0;
    std::uint64_t previous = 0;  // the last segment, and how far it counts
    std::uint64_t previous_end = 0;
    bool append = false;  // the last segment may be written further, from its end
    std::string summary;  // of it
    std::vector<Report> reports;
};
// Mends what an interrupted write has left, sets damaged octets aside, and calls `use` for each line of the log, in order.
Result<Recovered> recover(Files& files, const std::string& directory, std::uint64_t new_key, const std::function<void(const SummaryLine&)>& use);

}  // namespace ph::store::log

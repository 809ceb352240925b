// store/log/record.h: the spool's format, to the byte, as docs/spool-format.md describes it: the header of a segment, the header of a record,
// and the part of each kind of record that is read at start (`meta`). All of it is pure: bytes in, values out.
//
// Every checksum of a segment is seeded by the spool's key and the segment's number, that of a record header also by its offset. So what an
// earlier use left in a recycled segment never validates, nor does a record that a message carries in its text, and nobody outside can forge one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/queue_id.h"
#include "store/engine.h"

namespace ph::store::log {

inline constexpr std::uint32_t format_version = 1;
inline constexpr std::uint64_t segment_header_size = 64;
inline constexpr std::uint64_t first_record = 4096;
inline constexpr std::uint64_t footer_size = 64;
inline constexpr std::uint64_t record_header_size = 64;
inline constexpr std::uint64_t min_segment_size = 64 * 1024;

struct SegmentHeader {
    std::uint32_t version = format_version;
    std::uint64_t sequence = 0;
    std::uint64_t key = 0;           // of the spool; the same in each of its segments
    std::uint64_t capacity = 0;      // octets of the file
    std::uint64_t previous_end = 0;  // up to here the segment before this one counts
    std::uint64_t previous = 0;      // the number of that segment; 0: there is none before
};
std::string encode(const SegmentHeader& header);
std::optional<SegmentHeader> decode_segment_header(std::string_view bytes);

struct Seed {
    std::uint64_t value = 0;
};
Seed segment_seed(std::uint64_t key, std::uint64_t sequence);
std::uint64_t checksum(std::string_view bytes, Seed seed);
std::uint64_t checksum(const BodyText& body, Seed seed);

enum class RecordType : std::uint8_t {
    message = 1,  // envelope, jobs, and the body or what is left of it after its chunks
    chunk = 2,    // a part of a body, written while it came in
    job = 3,      // a job was tried, held, …: its new state
    done = 4,     // jobs that are gone; with none in it, it only says how far the segment is durable
    summary = 5,  // of all records of a full segment, for a quick start
    filler = 6,   // where a chunk was torn in a write that nobody was told of
};

namespace flag {
inline constexpr std::uint8_t last = 1;     // of its group
inline constexpr std::uint8_t loose = 2;    // belongs to no group: counts only through what refers to it
inline constexpr std::uint8_t damaged = 4;  // the body was damaged already when the record was copied here
}  // namespace flag

struct RecordHeader {
    RecordType type = RecordType::message;
    std::uint8_t flags = 0;
    std::uint64_t group = 0;    // records of one write; they count all or none
    std::uint32_t index = 0;    // within the group, from 0
    std::uint64_t durable = 0;  // the segment was synced up to here when this was written
    QueueId id{};
    std::uint32_t meta_size = 0;
    std::uint32_t body_size = 0;
    std::uint64_t meta_sum = 0;
    std::uint64_t body_sum = 0;
};
constexpr std::uint64_t aligned(std::uint64_t size) {
    return (size + 7) & ~std::uint64_t{7};
}
inline std::uint64_t record_size(const RecordHeader& header) {
    return aligned(record_header_size + std::uint64_t{header.meta_size} + header.body_size);
}
// Into the 64 octets at `out`.
void encode(const RecordHeader& header, Seed seed, std::uint64_t offset, char* out);
std::optional<RecordHeader> decode_record_header(std::string_view bytes, Seed seed, std::uint64_t offset);

// Where a record stands: in units of 8 octets, so that the index in memory stays small.
struct Place {
    std::uint32_t segment = 0;
    std::uint32_t offset8 = 0;
    std::uint32_t size8 = 0;
    std::uint64_t offset() const { return std::uint64_t{offset8} * 8; }
    std::uint64_t size() const { return std::uint64_t{size8} * 8; }
    friend bool operator==(const Place&, const Place&) = default;
};

// The meta part of a message. What is a view lives as long as the bytes it was read from.
struct JobFields {
    std::uint16_t number = 0;
    JobState state = JobState::active;
    std::uint16_t attempts = 0;
    TimePoint next_at{};
    TimePoint expires_at{};
    std::string_view queue{};
    std::string_view data{};
};
struct MessageFields {
    TimePoint created{};
    std::uint64_t body_size = 0;    // prefix, chunks and what follows them
    std::uint32_t prefix_size = 0;  // the first octets of the record's body; the chunks' follow, then the rest of the record's body
    std::string_view meta{};
    std::vector<JobFields> jobs{};
    std::vector<Place> chunks{};
};
// The record's first octets: room for its header, then the meta part. `chunks` come last, so that they can be appended by whoever writes them.
std::string encode_message(const MessageFields& fields, std::uint32_t chunk_count);
void append_chunk(std::string& head, const Place& chunk);
std::optional<MessageFields> decode_message(std::string_view meta);

struct JobRecord {
    std::uint16_t number = 0;
    JobState state = JobState::active;
    std::uint16_t attempts = 0;
    TimePoint next_at{};
    std::string_view data{};
};
std::string encode_job(const JobRecord& job);
std::optional<JobRecord> decode_job(std::string_view meta);

inline constexpr std::uint16_t every_job = 0xffff;  // as the number of a job that is gone: the whole message
struct DoneJob {
    QueueId id{};
    std::uint16_t number = 0;
};
std::string encode_done(std::span<const DoneJob> done);
std::optional<std::vector<DoneJob>> decode_done(std::string_view meta);

// A line of a summary: what a start has to know of a record.
struct SummaryLine {
    RecordType type = RecordType::message;
    Place place{};
    QueueId id{};
    std::uint64_t body_size = 0;
    std::vector<Place> chunks{};
    std::vector<JobFields> jobs{};  // of a job record, one; without data and expires_at
    std::vector<DoneJob> done{};
};
// Adds what `header` and `meta` at `place` say; records that a start need not know add nothing. False: meta is not well-formed.
bool append_summary(std::string& summary, const RecordHeader& header, std::string_view meta, const Place& place);
// What append_summary adds at most for a record of this meta part.
std::uint64_t summary_bound(const RecordHeader& header);
// Calls `use` for each line, in order; the line lives for the call. False: the summary is not well-formed.
bool read_summary(std::string_view summary, std::uint32_t segment, const std::function<void(const SummaryLine&)>& use);

// A record that only takes room: `size` octets, at least a header.
std::string encode_filler(std::uint64_t size, Seed seed, std::uint64_t offset);

// The last 64 octets of a segment with a summary: where it is.
std::string encode_footer(std::uint64_t summary_offset, Seed seed);
std::optional<std::uint64_t> decode_footer(std::string_view bytes, Seed seed);

}  // namespace ph::store::log

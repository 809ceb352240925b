// store/log/segment.h: an open segment, names of files in a spool, and reading records from a segment one by one. A segment's file stays the
// same when it is renamed, so readers may go on with it; the engine does not let it be used anew before they are through.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/engine.h"
#include "store/log/files.h"
#include "store/log/record.h"

namespace ph::store::log {

struct SegmentFile {
    std::uint32_t sequence = 0;
    std::uint64_t capacity = 0;
    Seed seed;
    std::shared_ptr<File> file;
};
using SegmentPtr = std::shared_ptr<const SegmentFile>;

std::string segment_name(std::uint64_t sequence);  // "segment-00000001.log"
std::string spare_name(std::uint64_t number);      // "spare-00000001.log"
std::optional<std::uint64_t> segment_number(std::string_view name);
std::optional<std::uint64_t> spare_number(std::string_view name);
inline constexpr const char* damaged_folder = "damaged";
inline constexpr const char* lock_name = "lock";

// A record as read. Its header and meta part are right; the body may not be.
struct RecordBytes {
    RecordHeader header;
    std::string bytes;
    bool body_good = false;
    std::string_view meta() const { return std::string_view(bytes).substr(record_header_size, header.meta_size); }
    std::string_view body() const { return std::string_view(bytes).substr(record_header_size + header.meta_size, header.body_size); }
};
// Without the body.
Stored<RecordBytes> read_head(const SegmentFile& segment, const Place& place);
Stored<RecordBytes> read_whole(const SegmentFile& segment, const Place& place);

// "segment-00000001.log at 4096".
std::string place_text(const Place& place);

// Copies octets of a segment into damaged/, for whoever wants to save what can be saved. The name; empty: it was there already.
Io<std::string> set_bytes_aside(Files& files, const SegmentFile& segment, std::uint64_t from, std::uint64_t to);

}  // namespace ph::store::log

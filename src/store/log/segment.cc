// store/log/segment.cc: names and single records. A record that does not validate is Trouble::damaged, a disk that does not read Trouble::failing.
#include "store/log/segment.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

namespace ph::store::log {
namespace {

constexpr std::size_t first_read = 4096;  // most envelopes fit
constexpr std::uint64_t max_aside = 64ULL * 1024 * 1024;

std::string numbered(const char* prefix, std::uint64_t number) {
    char text[64];
    std::snprintf(text, sizeof text, "%s%08llu.log", prefix, static_cast<unsigned long long>(number));
    return text;
}

std::optional<std::uint64_t> number_of(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix) || !name.ends_with(".log")) return std::nullopt;
    name.remove_prefix(prefix.size());
    name.remove_suffix(4);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size() || name.size() < 8) return std::nullopt;
    return number;
}

tl::unexpected<StoreFault> damaged(const Place& place) {
    return tl::unexpected(StoreFault{Trouble::damaged, "the record in " + place_text(place) + " is damaged"});
}
tl::unexpected<StoreFault> unreadable(const Place& place, int error) {
    return tl::unexpected(StoreFault{Trouble::failing, "cannot read " + place_text(place) + ": " + error_text(error) + "; check the disk"});
}

}  // namespace

std::string segment_name(std::uint64_t sequence) {
    return numbered("segment-", sequence);
}
std::string spare_name(std::uint64_t number) {
    return numbered("spare-", number);
}
std::optional<std::uint64_t> segment_number(std::string_view name) {
    return number_of(name, "segment-");
}
std::optional<std::uint64_t> spare_number(std::string_view name) {
    return number_of(name, "spare-");
}

std::string place_text(const Place& place) {
    return segment_name(place.segment) + " at " + std::to_string(place.offset());
}

Stored<RecordBytes> read_head(const SegmentFile& segment, const Place& place) {
    RecordBytes record;
    record.bytes.resize(std::min<std::uint64_t>(place.size(), first_read));
    const auto got = segment.file->read(record.bytes, place.offset());
    if (!got) return unreadable(place, got.error());
    record.bytes.resize(*got);
    const auto header = decode_record_header(record.bytes, segment.seed, place.offset());
    if (!header || record_size(*header) != place.size()) return damaged(place);
    record.header = *header;
    const std::size_t wanted = record_header_size + header->meta_size;
    const std::size_t have = std::min(record.bytes.size(), wanted);
    record.bytes.resize(wanted);
    if (have < wanted) {
        const auto more = segment.file->read(std::span(record.bytes).subspan(have), place.offset() + have);
        if (!more) return unreadable(place, more.error());
        if (*more != wanted - have) return damaged(place);
    }
    if (checksum(record.meta(), segment.seed) != header->meta_sum) return damaged(place);
    return record;
}

Stored<RecordBytes> read_whole(const SegmentFile& segment, const Place& place) {
    RecordBytes record;
    record.bytes.resize(place.size());
    const auto got = segment.file->read(record.bytes, place.offset());
    if (!got) return unreadable(place, got.error());
    if (*got != place.size()) return damaged(place);
    const auto header = decode_record_header(record.bytes, segment.seed, place.offset());
    if (!header || record_size(*header) != place.size()) return damaged(place);
    record.header = *header;
    if (checksum(record.meta(), segment.seed) != header->meta_sum) return damaged(place);
    record.body_good = (header->flags & flag::damaged) == 0 && checksum(record.body(), segment.seed) == header->body_sum;
    return record;
}

Io<std::string> set_bytes_aside(Files& files, const SegmentFile& segment, std::uint64_t from, std::uint64_t to) {
    std::string stem = segment_name(segment.sequence);
    stem.resize(stem.size() - 4);
    const std::string name = std::string(damaged_folder) + "/" + stem + "-" + std::to_string(from) + ".bin";
    if (const auto made = files.make_folder(damaged_folder); !made) return tl::unexpected(made.error());
    const auto file = files.open(name, OpenMode::create);
    if (!file && file.error() == EEXIST) return std::string();
    if (!file) return tl::unexpected(file.error());
    // Where the sectors themselves cannot be read, what could be read is kept.
    std::string block(64 * 1024, '\0');
    const std::uint64_t end = std::min(to, from + max_aside);
    for (std::uint64_t at = from; at < end; at += block.size()) {
        const auto size = std::min<std::uint64_t>(block.size(), end - at);
        const auto got = segment.file->read(std::span(block).first(size), at);
        if (!got) continue;
        if (const auto wrote = write_text(**file, std::string_view(block).substr(0, *got), at - from); !wrote) return tl::unexpected(wrote.error());
    }
    if (const auto synced = (*file)->sync(); !synced) return tl::unexpected(synced.error());
    if (const auto synced = files.sync_folder(damaged_folder); !synced) return tl::unexpected(synced.error());
    return name;
}

}  // namespace ph::store::log

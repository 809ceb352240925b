// store/log/record_fuzz.cc: any octets as the parts of records, as a summary and as a whole segment. To get past the checksums the octets are
// also laid into a segment as the meta part of a record that validates.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "store/log/scan.h"

namespace {

using namespace ph::store::log;

void decode_parts(std::string_view bytes) {
    if (const auto message = decode_message(bytes)) {
        std::string again = encode_message(*message, static_cast<std::uint32_t>(message->chunks.size()));
        for (const Place& chunk : message->chunks) append_chunk(again, chunk);
        const auto second = decode_message(std::string_view(again).substr(record_header_size));
        PH_ASSERT(second && second->meta == message->meta && second->jobs.size() == message->jobs.size() && second->chunks == message->chunks);
    }
    if (const auto job = decode_job(bytes)) {
        const std::string again = encode_job(*job);
        PH_ASSERT(decode_job(std::string_view(again).substr(record_header_size))->data == job->data);
    }
    if (const auto done = decode_done(bytes)) PH_ASSERT(done->size() * 16 == bytes.size());
    std::size_t lines = 0;
    read_summary(bytes, 1, [&](const SummaryLine&) { ++lines; });
    PH_ASSERT(lines <= bytes.size());
    decode_segment_header(bytes);
    decode_footer(bytes, Seed{});
}

void put_record(std::string& segment, Seed seed, RecordType type, std::string_view meta, std::uint32_t index, bool last) {
    RecordHeader header{.type = type, .flags = last ? flag::last : std::uint8_t{0}, .group = 1, .index = index};
    header.meta_size = static_cast<std::uint32_t>(meta.size());
    header.meta_sum = checksum(meta, seed);
    header.body_sum = checksum(std::string_view{}, seed);
    const std::size_t at = segment.size();
    segment.append(record_size(header), '\0');
    encode(header, seed, at, segment.data() + at);
    segment.replace(at + record_header_size, meta.size(), meta);
}

void judge_all(std::string_view segment, Seed seed) {
    const Scan scan = scan_segment(segment, seed, 1);
    for (const std::optional<std::uint64_t> limit : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(first_record + 512)}) {
        const Judged judged = judge(scan, limit);
        PH_ASSERT(judged.end >= first_record);
        PH_ASSERT(read_summary(judged.summary, 1, [](const SummaryLine&) {}));
        for (const Found& found : judged.records) PH_ASSERT(found.place.offset() + found.place.size() <= segment.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    decode_parts(bytes);
    const Seed seed = segment_seed(42, 1);
    std::string segment(first_record, '\0');
    segment += bytes;
    judge_all(segment, seed);
    segment.resize(first_record);
    const std::string_view half = bytes.substr(0, size / 2);
    put_record(segment, seed, RecordType::message, half, 0, false);
    put_record(segment, seed, size % 2 == 0 ? RecordType::job : RecordType::done, bytes.substr(size / 2), 1, true);
    segment += bytes;
    judge_all(segment, seed);
    return 0;
}

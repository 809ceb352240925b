// store/log/record.cc: writing and reading the spool's format (docs/spool-format.md). Whatever is read may be damaged or made up: each length is
// checked against what is there, and nothing is reserved on the word of a number.
#include "store/log/record.h"

#include <algorithm>

#define XXH_STATIC_LINKING_ONLY  // for a state on the stack
#include <xxhash.h>

#include "base/assert.h"
#include "store/log/bytes.h"

namespace ph::store::log {
namespace {

constexpr std::string_view segment_magic = "POSTHORN";
constexpr std::uint32_t record_magic = 0x31524850;  // "PHR1"
constexpr std::uint32_t footer_magic = 0x31464850;  // "PHF1"
constexpr std::size_t sum_at = 56;                  // in both headers and the footer

std::int64_t ms(TimePoint when) {
    return when.time_since_epoch().count();
}
TimePoint time_of(std::int64_t ms) {
    return TimePoint(Milliseconds(ms));
}

std::optional<JobState> state_of(std::uint8_t value) {
    if (value > static_cast<std::uint8_t>(JobState::suspended)) return std::nullopt;
    return static_cast<JobState>(value);
}

Seed at_offset(Seed seed, std::uint64_t offset) {
    return {seed.value + offset};
}

}  // namespace

std::string encode(const SegmentHeader& header) {
    std::string bytes(segment_header_size, '\0');
    std::copy(segment_magic.begin(), segment_magic.end(), bytes.begin());
    put(bytes.data() + 8, header.version);
    put(bytes.data() + 16, header.sequence);
    put(bytes.data() + 24, header.key);
    put(bytes.data() + 32, header.capacity);
    put(bytes.data() + 40, header.previous_end);
    put(bytes.data() + 48, header.previous);
    put(bytes.data() + sum_at, checksum(std::string_view(bytes).substr(0, sum_at), Seed{}));
    return bytes;
}

std::optional<SegmentHeader> decode_segment_header(std::string_view bytes) {
    if (bytes.size() < segment_header_size || !bytes.starts_with(segment_magic)) return std::nullopt;
    if (get<std::uint64_t>(bytes.data() + sum_at) != checksum(bytes.substr(0, sum_at), Seed{})) return std::nullopt;
    SegmentHeader header;
    header.version = get<std::uint32_t>(bytes.data() + 8);
    header.sequence = get<std::uint64_t>(bytes.data() + 16);
    header.key = get<std::uint64_t>(bytes.data() + 24);
    header.capacity = get<std::uint64_t>(bytes.data() + 32);
    header.previous_end = get<std::uint64_t>(bytes.data() + 40);
    header.previous = get<std::uint64_t>(bytes.data() + 48);
    return header;
}

Seed segment_seed(std::uint64_t key, std::uint64_t sequence) {
    return {XXH3_64bits_withSeed(&sequence, sizeof sequence, key)};
}

std::uint64_t checksum(std::string_view bytes, Seed seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed.value);
}

std::uint64_t checksum(const BodyText& body, Seed seed) {
    const auto filled = std::count_if(body.chunks.begin(), body.chunks.end(), [](const std::string& chunk) { return !chunk.empty(); });
    if (filled <= 1) {
        const auto only = std::find_if(body.chunks.begin(), body.chunks.end(), [](const std::string& chunk) { return !chunk.empty(); });
        return checksum(only == body.chunks.end() ? std::string_view{} : std::string_view(*only), seed);
    }
    XXH3_state_t state;
    XXH3_64bits_reset_withSeed(&state, seed.value);
    for (const std::string& chunk : body.chunks) XXH3_64bits_update(&state, chunk.data(), chunk.size());
    return XXH3_64bits_digest(&state);
}

void encode(const RecordHeader& header, Seed seed, std::uint64_t offset, char* out) {
    put(out, record_magic);
    put(out + 4, static_cast<std::uint8_t>(header.type));
    put(out + 5, header.flags);
    put(out + 6, std::uint16_t{0});
    put(out + 8, header.group);
    put(out + 16, header.index);
    put(out + 20, static_cast<std::uint32_t>(header.durable / 8));
    put(out + 24, header.id.value());
    put(out + 32, header.meta_size);
    put(out + 36, header.body_size);
    put(out + 40, header.meta_sum);
    put(out + 48, header.body_sum);
    put(out + sum_at, checksum({out, sum_at}, at_offset(seed, offset)));
}

std::optional<RecordHeader> decode_record_header(std::string_view bytes, Seed seed, std::uint64_t offset) {
    if (bytes.size() < record_header_size || get<std::uint32_t>(bytes.data()) != record_magic) return std::nullopt;
    const char* at = bytes.data();
    if (get<std::uint64_t>(at + sum_at) != checksum(bytes.substr(0, sum_at), at_offset(seed, offset))) return std::nullopt;
    RecordHeader header;
    header.type = static_cast<RecordType>(get<std::uint8_t>(at + 4));
    header.flags = get<std::uint8_t>(at + 5);
    header.group = get<std::uint64_t>(at + 8);
    header.index = get<std::uint32_t>(at + 16);
    header.durable = std::uint64_t{get<std::uint32_t>(at + 20)} * 8;
    header.id = QueueId(get<std::uint64_t>(at + 24));
    header.meta_size = get<std::uint32_t>(at + 32);
    header.body_size = get<std::uint32_t>(at + 36);
    header.meta_sum = get<std::uint64_t>(at + 40);
    header.body_sum = get<std::uint64_t>(at + 48);
    return header;
}

std::string encode_message(const MessageFields& fields, std::uint32_t chunk_count) {
    std::size_t size = record_header_size + 32 + fields.meta.size() + std::size_t{chunk_count} * 16;
    for (const JobFields& job : fields.jobs) size += 28 + job.queue.size() + job.data.size();
    PH_ASSERT(size < 0x40000000 && fields.jobs.size() < every_job);
    std::string head;
    head.reserve(size);
    head.append(record_header_size, '\0');
    append(head, ms(fields.created));
    append(head, fields.body_size);
    append(head, fields.prefix_size);
    append(head, chunk_count);
    append(head, static_cast<std::uint32_t>(fields.meta.size()));
    append(head, static_cast<std::uint16_t>(fields.jobs.size()));
    append(head, std::uint16_t{0});
    head += fields.meta;
    for (const JobFields& job : fields.jobs) {
        append(head, job.number);
        append(head, static_cast<std::uint8_t>(job.state));
        append(head, std::uint8_t{0});
        append(head, job.attempts);
        append(head, static_cast<std::uint16_t>(job.queue.size()));
        append(head, ms(job.next_at));
        append(head, ms(job.expires_at));
        append(head, static_cast<std::uint32_t>(job.data.size()));
        head += job.queue;
        head += job.data;
    }
    return head;
}

void append_chunk(std::string& head, const Place& chunk) {
    append(head, std::uint64_t{chunk.segment});
    append(head, chunk.offset8);
    append(head, chunk.size8);
}

namespace {

Place read_place(ByteReader& reader) {
    Place place;
    place.segment = static_cast<std::uint32_t>(reader.number<std::uint64_t>());
    place.offset8 = reader.number<std::uint32_t>();
    place.size8 = reader.number<std::uint32_t>();
    return place;
}

bool read_job(ByteReader& reader, JobFields& job) {
    job.number = reader.number<std::uint16_t>();
    const auto state = state_of(reader.number<std::uint8_t>());
    reader.number<std::uint8_t>();
    job.attempts = reader.number<std::uint16_t>();
    const auto queue_size = reader.number<std::uint16_t>();
    job.next_at = time_of(reader.number<std::int64_t>());
    job.expires_at = time_of(reader.number<std::int64_t>());
    const auto data_size = reader.number<std::uint32_t>();
    job.queue = reader.bytes(queue_size);
    job.data = reader.bytes(data_size);
    job.state = state.value_or(JobState::active);
    return state && reader.ok() && job.number != every_job;
}

}  // namespace

std::optional<MessageFields> decode_message(std::string_view meta) {
    ByteReader reader(meta);
    MessageFields fields;
    fields.created = time_of(reader.number<std::int64_t>());
    fields.body_size = reader.number<std::uint64_t>();
    fields.prefix_size = reader.number<std::uint32_t>();
    const auto chunks = reader.number<std::uint32_t>();
    const auto meta_size = reader.number<std::uint32_t>();
    const auto jobs = reader.number<std::uint16_t>();
    reader.number<std::uint16_t>();
    fields.meta = reader.bytes(meta_size);
    for (unsigned i = 0; i < jobs && reader.ok(); ++i) {
        if (!read_job(reader, fields.jobs.emplace_back())) return std::nullopt;
    }
    for (unsigned i = 0; i < chunks && reader.ok(); ++i) fields.chunks.push_back(read_place(reader));
    if (!reader.done()) return std::nullopt;
    return fields;
}

std::string encode_job(const JobRecord& job) {
    std::string head;
    head.reserve(record_header_size + 16 + job.data.size());
    head.append(record_header_size, '\0');
    append(head, job.number);
    append(head, static_cast<std::uint8_t>(job.state));
    append(head, std::uint8_t{0});
    append(head, job.attempts);
    append(head, std::uint16_t{0});
    append(head, ms(job.next_at));
    head += job.data;
    return head;
}

std::optional<JobRecord> decode_job(std::string_view meta) {
    ByteReader reader(meta);
    JobRecord job;
    job.number = reader.number<std::uint16_t>();
    const auto state = state_of(reader.number<std::uint8_t>());
    reader.number<std::uint8_t>();
    job.attempts = reader.number<std::uint16_t>();
    reader.number<std::uint16_t>();
    job.next_at = time_of(reader.number<std::int64_t>());
    job.data = reader.rest();
    if (!reader.ok() || !state) return std::nullopt;
    job.state = *state;
    return job;
}

std::string encode_done(std::span<const DoneJob> done) {
    std::string head;
    head.reserve(record_header_size + done.size() * 16);
    head.append(record_header_size, '\0');
    for (const DoneJob& job : done) {
        append(head, job.id.value());
        append(head, job.number);
        head.append(6, '\0');
    }
    return head;
}

std::optional<std::vector<DoneJob>> decode_done(std::string_view meta) {
    if (meta.size() % 16 != 0) return std::nullopt;
    std::vector<DoneJob> done;
    for (; !meta.empty(); meta.remove_prefix(16)) done.push_back({QueueId(get<std::uint64_t>(meta.data())), get<std::uint16_t>(meta.data() + 8)});
    return done;
}

namespace {

void summarise_message(std::string& out, const MessageFields& message) {
    append(out, message.body_size);
    append(out, static_cast<std::uint32_t>(message.chunks.size()));
    append(out, static_cast<std::uint16_t>(message.jobs.size()));
    for (const Place& chunk : message.chunks) append_chunk(out, chunk);
    for (const JobFields& job : message.jobs) {
        append(out, job.number);
        append(out, static_cast<std::uint8_t>(job.state));
        append(out, job.attempts);
        append(out, ms(job.next_at));
        append(out, static_cast<std::uint16_t>(job.queue.size()));
        out += job.queue;
    }
}

// Of a job record the same but for the queue, which is its message's.
bool read_summary_job(ByteReader& reader, JobFields& job, bool with_queue) {
    job = {};
    job.number = reader.number<std::uint16_t>();
    const auto state = state_of(reader.number<std::uint8_t>());
    job.attempts = reader.number<std::uint16_t>();
    job.next_at = time_of(reader.number<std::int64_t>());
    if (with_queue) job.queue = reader.bytes(reader.number<std::uint16_t>());
    job.state = state.value_or(JobState::active);
    return state && reader.ok();
}

bool read_message_line(ByteReader& reader, SummaryLine& line) {
    line.body_size = reader.number<std::uint64_t>();
    const auto chunks = reader.number<std::uint32_t>();
    const auto jobs = reader.number<std::uint16_t>();
    for (unsigned i = 0; i < chunks && reader.ok(); ++i) line.chunks.push_back(read_place(reader));
    for (unsigned i = 0; i < jobs && reader.ok(); ++i) {
        if (!read_summary_job(reader, line.jobs.emplace_back(), true)) return false;
    }
    return reader.ok();
}

bool read_done_line(ByteReader& reader, SummaryLine& line) {
    const auto count = reader.number<std::uint32_t>();
    for (unsigned i = 0; i < count && reader.ok(); ++i) {
        const auto id = reader.number<std::uint64_t>();
        line.done.push_back({QueueId(id), reader.number<std::uint16_t>()});
    }
    return reader.ok();
}

}  // namespace

bool append_summary(std::string& summary, const RecordHeader& header, std::string_view meta, const Place& place) {
    if (header.type != RecordType::message && header.type != RecordType::job && header.type != RecordType::done) return true;
    const std::size_t before = summary.size();
    append(summary, static_cast<std::uint8_t>(header.type));
    append(summary, place.offset8);
    append(summary, place.size8);
    append(summary, header.id.value());
    bool good = false;
    if (header.type == RecordType::message) {
        const auto message = decode_message(meta);
        good = message.has_value();
        if (good) summarise_message(summary, *message);
    } else if (header.type == RecordType::job) {
        const auto job = decode_job(meta);
        good = job.has_value();
        append(summary, good ? job->number : std::uint16_t{0});
        append(summary, static_cast<std::uint8_t>(good ? job->state : JobState::active));
        append(summary, good ? job->attempts : std::uint16_t{0});
        append(summary, good ? ms(job->next_at) : 0);
    } else if (const auto done = decode_done(meta); done) {
        good = true;
        append(summary, static_cast<std::uint32_t>(done->size()));
        for (const DoneJob& job : *done) {
            append(summary, job.id.value());
            append(summary, job.number);
        }
    }
    if (!good) summary.resize(before);
    return good;
}

// A line has 17 octets before what depends on the kind. A message's jobs and chunks take no more there than in the record, a job's fields 13
// and a mark's entries 10 octets.
std::uint64_t summary_bound(const RecordHeader& header) {
    return header.type == RecordType::chunk ? 0 : 32 + std::uint64_t{header.meta_size};
}

bool read_summary(std::string_view summary, std::uint32_t segment, const std::function<void(const SummaryLine&)>& use) {
    ByteReader reader(summary);
    SummaryLine line;
    while (reader.left() > 0) {
        line.type = static_cast<RecordType>(reader.number<std::uint8_t>());
        line.place = {segment, reader.number<std::uint32_t>(), 0};
        line.place.size8 = reader.number<std::uint32_t>();
        line.id = QueueId(reader.number<std::uint64_t>());
        line.chunks.clear();
        line.jobs.clear();
        line.done.clear();
        bool good = false;
        if (line.type == RecordType::message) good = read_message_line(reader, line);
        if (line.type == RecordType::job) good = read_summary_job(reader, line.jobs.emplace_back(), false);
        if (line.type == RecordType::done) good = read_done_line(reader, line);
        if (!good || !reader.ok()) return false;
        use(line);
    }
    return reader.ok();
}

std::string encode_filler(std::uint64_t size, Seed seed, std::uint64_t offset) {
    PH_ASSERT(size >= record_header_size);
    std::string bytes(size, '\0');
    RecordHeader header{.type = RecordType::filler, .flags = flag::loose};
    header.body_size = static_cast<std::uint32_t>(size - record_header_size);
    header.meta_sum = checksum(std::string_view{}, seed);
    header.body_sum = checksum(std::string_view(bytes).substr(record_header_size), seed);
    encode(header, seed, offset, bytes.data());
    return bytes;
}

std::string encode_footer(std::uint64_t summary_offset, Seed seed) {
    std::string bytes(footer_size, '\0');
    put(bytes.data(), footer_magic);
    put(bytes.data() + 8, summary_offset);
    put(bytes.data() + sum_at, checksum(std::string_view(bytes).substr(0, sum_at), seed));
    return bytes;
}

std::optional<std::uint64_t> decode_footer(std::string_view bytes, Seed seed) {
    if (bytes.size() < footer_size || get<std::uint32_t>(bytes.data()) != footer_magic) return std::nullopt;
    if (get<std::uint64_t>(bytes.data() + sum_at) != checksum(bytes.substr(0, sum_at), seed)) return std::nullopt;
    return get<std::uint64_t>(bytes.data() + 8);
}

}  // namespace ph::store::log

// store/log/writer.cc: group commit. A group is written by one pwritev from where its octets lie, then synced; its records carry its number and
// their place in it, so that a reader takes all of it or nothing. What does not fit the segment's rest goes whole into the next one.
#include "store/log/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.h"

namespace ph::store::log {
namespace {

constexpr std::uint64_t max_group = 8ULL * 1024 * 1024;  // bounds how long one waits for the others' octets
constexpr Milliseconds probe_every{3000};
constexpr std::uint64_t block = 4096;

char padding[8] = {};

std::uint64_t size_of(const Outgoing& record) {
    const std::uint64_t body = record.body ? record.body->size : 0;
    return aligned(record.head.size() + std::uint64_t{record.chunk_count} * 16 + body);
}
std::uint64_t size_of(const Request& request) {
    std::uint64_t size = 0;
    for (const Outgoing& record : request.records) size += size_of(record);
    return size;
}
std::uint64_t summary_of(const Request& request) {
    std::uint64_t size = 0;
    for (const Outgoing& record : request.records) {
        if (record.header.type != RecordType::chunk) size += 32 + record.head.size() + std::uint64_t{record.chunk_count} * 16;
    }
    return size;
}
// The room a segment needs for its summary and what says where that is.
std::uint64_t tail_size(std::uint64_t summary) {
    return aligned(record_header_size + summary) + footer_size;
}

bool is_chunk(const Outgoing& record) {
    return record.header.type == RecordType::chunk;
}

}  // namespace

Writer::Writer(Files& files, Spares& spares, Health& health, Lane& lane, Start start, std::function<void(std::shared_ptr<Written>)> deliver)
    : files_(files), spares_(spares), health_(health), lane_(lane), at_(std::move(start)), deliver_(std::move(deliver)) {}

void Writer::send(RequestPtr request) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(request));
    if (running_) return;
    running_ = true;
    lane_.run([this] { drain(); });
}

void Writer::drain() {
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            std::move(queue_.begin(), queue_.end(), std::back_inserter(pending_));
            queue_.clear();
            running_ = !pending_.empty();
            if (!running_) return;
        }
        write_group();
        speak();
    }
}

void Writer::write_group() {
    Group group = gather();
    if (group.requests.empty()) return;
    if (const auto what = write(group)) {
        give_up(group, *what);
    } else {
        finish(group);
    }
}

// Takes from the queue what goes into one write; what is refused goes straight back.
Writer::Group Writer::gather() {
    Group group;
    while (!pending_.empty()) {
        Request& request = *pending_.front();
        std::optional<StoreFault> fault = refuse(request);
        const bool room = !fault && (request.records.empty() || (at_.active && fits(group, request)));
        if (!fault && !room && !group.requests.empty()) break;
        if (!fault && !room) {
            make_room(request, fault);
            // The segment before could not be sealed: chunks in it may be lost.
            if (!fault) fault = refuse(request);
        }
        RequestPtr taken = std::move(pending_.front());
        pending_.pop_front();
        if (fault || taken->records.empty()) {
            taken->fault = std::move(fault);
            for (const Outgoing& record : taken->records) {
                if (is_chunk(record) && record.chunks) record.chunks->fault = taken->fault;
            }
            written_->requests.push_back(std::move(taken));
        } else {
            place(group, std::move(taken));
        }
    }
    return group;
}

std::optional<StoreFault> Writer::refuse(const Request& request) const {
    if (failing_ && !request.again) return health_.fault();
    if (request.use == Use::mail && health_.full()) return health_.fault();
    for (const Outgoing& record : request.records) {
        if (!record.chunks) continue;
        if (record.chunks->fault) return record.chunks->fault;
        for (const Place& chunk : record.chunks->places) {
            const auto lost = std::find_if(abandoned_.begin(), abandoned_.end(), [&](const auto& segment) { return segment.first == chunk.segment; });
            if (lost != abandoned_.end() && chunk.offset() >= lost->second) {
                return StoreFault{Trouble::failing, "a part of the message was not written to " + at_.directory + "; check the disk"};
            }
        }
    }
    return std::nullopt;
}

bool Writer::fits(const Group& group, const Request& request) const {
    const std::uint64_t size = group.size + size_of(request);
    if (!group.requests.empty() && size > max_group) return false;
    const std::uint64_t summary = at_.active->summary.size() + group.summary + summary_of(request);
    return at_.active->end + size + tail_size(summary) <= at_.active->segment->capacity;
}

// A new segment for a request that does not fit the rest of this one. Without one the rest stays in use: for what is smaller, and settlements.
void Writer::make_room(const Request& request, std::optional<StoreFault>& fault) {
    const std::uint64_t needed = first_record + size_of(request) + tail_size(summary_of(request));
    fault = open_segment(request.use, std::max(at_.segment_size, (needed + block - 1) / block * block));
}

void Writer::place(Group& group, RequestPtr request) {
    const Active& active = *at_.active;
    if (group.requests.empty()) group.from = active.end;
    group.summary += summary_of(*request);
    for (Outgoing& record : request->records) {
        const std::uint64_t size = size_of(record);
        record.place = {active.segment->sequence, static_cast<std::uint32_t>((group.from + group.size) / 8), static_cast<std::uint32_t>(size / 8)};
        if (is_chunk(record)) {
            if (record.chunks) record.chunks->places.push_back(record.place);
        } else if (record.chunks) {
            PH_ASSERT(record.chunks->places.size() == record.chunk_count);
            for (const Place& chunk : record.chunks->places) append_chunk(record.head, chunk);
        }
        group.size += size;
    }
    group.sync = group.sync || request->sync;
    group.requests.push_back(std::move(request));
}

std::optional<std::string> Writer::write(Group& group) {
    seal_headers(group);
    File& file = *at_.active->segment->file;
    if (const auto wrote = file.write(pieces_, group.from); !wrote) return trouble("write", wrote.error());
    if (!group.sync) return std::nullopt;
    if (const auto synced = file.sync(); !synced) return trouble("sync", synced.error());
    return std::nullopt;
}

// The last record of the group must be known before any header can be written.
void Writer::seal_headers(Group& group) {
    const SegmentFile& segment = *at_.active->segment;
    std::uint32_t index = 0;
    RecordHeader* last = nullptr;
    for (const RequestPtr& request : group.requests) {
        for (Outgoing& record : request->records) {
            RecordHeader& header = record.header;
            header.group = at_.next_group;
            header.durable = at_.active->durable;
            header.index = (header.flags & flag::loose) != 0 ? 0 : index++;
            header.flags = static_cast<std::uint8_t>(header.flags & ~flag::last);
            if ((header.flags & flag::loose) == 0) last = &header;
        }
    }
    if (last != nullptr) last->flags |= flag::last;
    pieces_.clear();
    for (const RequestPtr& request : group.requests) {
        for (Outgoing& record : request->records) {
            RecordHeader& header = record.header;
            header.meta_size = static_cast<std::uint32_t>(record.head.size() - record_header_size);
            header.body_size = record.body ? static_cast<std::uint32_t>(record.body->size) : 0;
            header.meta_sum = checksum(std::string_view(record.head).substr(record_header_size), segment.seed);
            header.body_sum = record.body ? checksum(*record.body, segment.seed) : checksum(std::string_view{}, segment.seed);
            encode(header, segment.seed, record.place.offset(), record.head.data());
            pieces_.push_back({record.head.data(), record.head.size()});
            for (std::size_t i = 0; record.body && i < record.body->chunks.size(); ++i) {
                const std::string& chunk = record.body->chunks[i];
                if (!chunk.empty()) pieces_.push_back({const_cast<char*>(chunk.data()), chunk.size()});
            }
            const std::uint64_t pad = record_size(header) - record.head.size() - header.body_size;
            if (pad > 0) pieces_.push_back({padding, pad});
        }
    }
}

void Writer::finish(Group& group) {
    Active& active = *at_.active;
    ++at_.next_group;
    active.end = group.from + group.size;
    if (group.sync) {
        active.durable = active.end;
        if (failing_) health_.clear_failing();
        failing_ = false;
    }
    for (RequestPtr& request : group.requests) {
        for (const Outgoing& record : request->records) {
            append_summary(active.summary, record.header, std::string_view(record.head).substr(record_header_size), record.place);
        }
        written_->requests.push_back(std::move(request));
    }
}

void Writer::give_up(Group& group, const std::string& what) {
    ++at_.next_group;
    failing_ = true;
    health_.set_failing(what);
    abandon();
    for (auto request = group.requests.rbegin(); request != group.requests.rend(); ++request) {
        Request& failed = **request;
        if (failed.use == Use::settlement && failed.sync && !failed.again) {
            failed.again = true;
            for (Outgoing& record : failed.records) {  // the places of its chunks were appended: they are looked at again
                if (!is_chunk(record) && record.chunks) record.head.resize(record.head.size() - record.chunks->places.size() * 16);
            }
            pending_.push_front(std::move(*request));
            continue;
        }
        failed.fault = StoreFault{Trouble::failing, what};
        for (const Outgoing& record : failed.records) {
            if (is_chunk(record) && record.chunks) record.chunks->fault = failed.fault;
        }
        written_->requests.push_back(std::move(*request));
    }
    probe_later();
}

std::string Writer::trouble(const char* action, int error) const {
    const std::string name = at_.active ? segment_name(at_.active->segment->sequence) : "a segment";
    return std::string("cannot ") + action + " " + name + " in " + at_.directory + ": " + error_text(error) +
           (out_of_space(error) ? "; free space" : "; check the disk and the kernel's messages");
}

// Leaves the segment as it is; what is not known to be durable does not count (the next segment says so).
void Writer::abandon() {
    if (!at_.active) return;
    abandoned_.emplace_back(at_.active->segment->sequence, at_.active->durable);
    written_->ended.push_back({at_.active->segment->sequence, true});
    at_.previous = at_.active->segment->sequence;
    at_.previous_end = at_.active->durable;
    at_.active.reset();
}

// The segment is full: its summary goes to its end. Chunks in it that were not synced yet become durable with it.
void Writer::seal() {
    if (!at_.active) return;
    if (!write_summary()) return abandon();
    written_->ended.push_back({at_.active->segment->sequence, false});
    at_.previous = at_.active->segment->sequence;
    at_.previous_end = at_.active->durable;
    at_.active.reset();
}

bool Writer::write_summary() {
    Active& active = *at_.active;
    const SegmentFile& segment = *active.segment;
    if (active.end + tail_size(active.summary.size()) > segment.capacity) {
        // After a crash while the summary was being written there is no room for another; the next start reads the records.
        if (!segment.file->sync()) return false;
        active.durable = active.end;
        return true;
    }
    RecordHeader header{.type = RecordType::summary, .flags = flag::last, .group = at_.next_group++, .durable = active.durable};
    header.meta_size = static_cast<std::uint32_t>(active.summary.size());
    header.meta_sum = checksum(active.summary, segment.seed);
    header.body_sum = checksum(std::string_view{}, segment.seed);
    std::string record(record_header_size, '\0');
    encode(header, segment.seed, active.end, record.data());
    record += active.summary;
    record.resize(record_size(header));
    File& file = *segment.file;
    const bool good = write_text(file, record, active.end) &&
                      write_text(file, encode_footer(active.end, segment.seed), segment.capacity - footer_size) && file.sync();
    if (!good) return false;
    active.end += record.size();
    active.durable = active.end;
    return true;
}

std::optional<StoreFault> Writer::open_segment(Use use, std::uint64_t capacity) {
    auto spare = spares_.take(use, capacity);
    if (!spare) {
        if (spare.error().trouble == Trouble::failing) {
            failing_ = true;
            health_.set_failing(spare.error().message);
            probe_later();
        }
        return spare.error();
    }
    seal();
    auto segment = std::make_shared<SegmentFile>();
    segment->sequence = static_cast<std::uint32_t>(at_.next_sequence++);
    segment->capacity = spare->capacity;
    segment->seed = segment_seed(at_.key, segment->sequence);
    segment->file = spare->file;
    written_->opened.push_back(segment);
    at_.active = Active{.segment = segment, .end = first_record, .durable = first_record, .summary = {}};
    // Name and header are durable before the first record: without the header nobody could check it.
    auto ready = files_.rename(spare->name, segment_name(segment->sequence));
    if (ready) ready = files_.sync_folder("");
    const SegmentHeader header{format_version, segment->sequence, at_.key, segment->capacity, at_.previous_end, at_.previous};
    if (ready) ready = write_text(*segment->file, encode(header), 0);
    if (ready) ready = segment->file->sync();
    if (ready) return std::nullopt;
    const StoreFault fault{Trouble::failing, trouble("begin", ready.error())};
    failing_ = true;
    health_.set_failing(fault.message);
    abandon();
    probe_later();
    return fault;
}

void Writer::probe_later() {
    if (probing_) return;
    probing_ = true;
    lane_.run_after(probe_every, [this] { probe(); });
}

// Whether the disk works again is known when a fresh segment has been written and synced.
void Writer::probe() {
    probing_ = false;
    if (!failing_) return;
    const bool opened = !at_.active && !open_segment(Use::settlement, at_.segment_size);
    if (opened || at_.active) {
        if (const auto synced = at_.active->segment->file->sync(); synced) {
            failing_ = false;
            health_.clear_failing();
        } else {
            health_.set_failing(trouble("sync", synced.error()));
            abandon();
        }
    }
    if (failing_) probe_later();
    speak();
}

void Writer::speak() {
    if (at_.active) {
        written_->active = at_.active->segment->sequence;
        written_->end = at_.active->end;
    }
    deliver_(std::exchange(written_, std::make_shared<Written>()));
}

}  // namespace ph::store::log

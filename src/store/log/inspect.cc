// store/log/inspect.cc: `check` and `dump`. They read each segment as a whole, whether it has a summary or not: a summary says what the records
// said when it was written, and only the records can say whether they still do.
#include "store/log/inspect.h"

#include <map>
#include <set>
#include <utility>

#include "store/log/recovery.h"

namespace ph::store {

using log::FoundSegment;
using log::Place;
using log::RecordType;

namespace {

Result<log::Survey> survey_for_reading(log::Files& files, const std::string& directory) {
    PH_TRY(log::Survey found, log::survey(files, directory, log::Access::read));
    if (found.key == 0 && !found.segments.empty()) {
        return fail(FaultKind::malformed,
                    "no segment of the spool " + directory + " has a header that can be read, so its records cannot be checked");
    }
    return found;
}

Result<std::shared_ptr<log::Files>> open_for_reading(const std::string& directory) {
    auto files = log::open_files(directory, log::Access::read);
    if (!files) return fail(FaultKind::unreadable, "cannot open the spool " + directory + ": " + log::error_text(files.error()));
    return std::move(*files);
}

// The messages that wait, as far as a check has to know them.
class Waiting {
  public:
    void take(const log::SummaryLine& line);
    void count(SpoolCheck& check, const std::set<std::pair<std::uint32_t, std::uint32_t>>& chunks) const;

  private:
    struct Message {
        Place place;
        std::vector<Place> chunks;
        std::map<std::uint16_t, Place> jobs;
    };
    std::map<QueueId, Message> messages_;
};

void Waiting::take(const log::SummaryLine& line) {
    if (line.type == RecordType::message) {
        Message message{line.place, line.chunks, {}};
        for (const log::JobFields& job : line.jobs) message.jobs[job.number] = line.place;
        messages_[line.id] = std::move(message);
        return;
    }
    if (line.type == RecordType::job) {
        const auto message = messages_.find(line.id);
        if (message == messages_.end()) return;
        const auto job = message->second.jobs.find(line.jobs[0].number);
        if (job != message->second.jobs.end()) job->second = line.place;
        return;
    }
    for (const log::DoneJob& done : line.done) {
        const auto message = messages_.find(done.id);
        if (message == messages_.end()) continue;
        message->second.jobs.erase(done.number);
        if (done.number == log::every_job || message->second.jobs.empty()) messages_.erase(message);
    }
}

void Waiting::count(SpoolCheck& check, const std::set<std::pair<std::uint32_t, std::uint32_t>>& chunks) const {
    for (const auto& [id, message] : messages_) {
        ++check.messages;
        check.jobs += message.jobs.size();
        check.live_bytes += message.place.size();
        for (const auto& [number, place] : message.jobs) {
            if (place != message.place) check.live_bytes += place.size();
        }
        for (const Place& chunk : message.chunks) {
            check.live_bytes += chunk.size();
            if (chunks.contains({chunk.segment, chunk.offset8})) continue;
            check.damaged.push_back({log::segment_name(chunk.segment), chunk.offset(), chunk.size(), id, "a part of the body is missing"});
        }
    }
}

class Check {
  public:
    Check(log::Files& files, std::string directory) : files_(files), directory_(std::move(directory)) {}
    Result<SpoolCheck> run();

  private:
    void read(const FoundSegment& found, const log::Contents& contents, bool last);
    void damage(const FoundSegment& found, std::uint64_t from, std::uint64_t to, QueueId id, std::string what) {
        check_.damaged.push_back({found.name, from, to - from, id, std::move(what)});
    }

    log::Files& files_;
    const std::string directory_;
    SpoolCheck check_;
    Waiting waiting_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> chunks_;
};

Result<SpoolCheck> Check::run() {
    PH_TRY(const log::Survey found, survey_for_reading(files_, directory_));
    check_.in_use = files_.locked(log::lock_name);
    for (const log::FoundSpare& spare : found.spares) {
        const auto file = files_.open(spare.name, log::OpenMode::read);
        ++check_.spares;
        check_.file_bytes += file ? (*file)->size().value_or(0) : 0;
    }
    for (const FoundSegment& segment : found.segments) {
        PH_TRY(const log::Contents contents, log::read_contents(segment, true));
        read(segment, contents, &segment == &found.segments.back());
    }
    waiting_.count(check_, chunks_);
    return std::move(check_);
}

void Check::read(const FoundSegment& found, const log::Contents& contents, bool last) {
    ++check_.segments;
    check_.file_bytes += found.segment->capacity;
    if (found.gap) damage(found, 0, 0, {}, "the segment before this one is missing");
    if (!found.header && !contents.judged.records.empty()) damage(found, 0, log::segment_header_size, {}, "the header of the segment");
    for (const log::Region& region : contents.judged.damaged) damage(found, region.from, region.to, region.id, "a record");
    for (const log::Found& record : contents.judged.records) {
        ++check_.records;
        if (record.header.type == RecordType::chunk) chunks_.emplace(record.place.segment, record.place.offset8);
        if (record.body_good) continue;
        const std::uint64_t from = record.place.offset();
        const bool before = (record.header.flags & log::flag::damaged) != 0;
        damage(found, from, from + record.place.size(), record.header.id, before ? "the body, since before it was copied here" : "the body");
    }
    if (contents.judged.leftover > 0) {
        check_.notes.push_back(found.name + (last ? ": a write was cut off at " : ": a write failed at ") + std::to_string(contents.judged.end) +
                               "; nobody was told that its mail was kept");
    }
    const auto summary = log::read_contents(found, false);
    if (summary && summary->summarised && summary->judged.summary != contents.judged.summary && contents.judged.damaged.empty()) {
        damage(found, 0, 0, {}, "the summary differs from the records");
    }
    log::read_summary(contents.judged.summary, found.segment->sequence, [this](const log::SummaryLine& line) { waiting_.take(line); });
}

}  // namespace

Result<SpoolCheck> check_spool(log::Files& files, const std::string& directory) {
    return Check(files, directory).run();
}

Result<SpoolCheck> check_spool(const std::string& directory) {
    PH_TRY(const auto files, open_for_reading(directory));
    return check_spool(*files, directory);
}

Result<void> dump_spool(log::Files& files, const std::string& directory, const std::function<void(const DumpedRecord&)>& use) {
    PH_TRY(const log::Survey found, survey_for_reading(files, directory));
    for (const FoundSegment& segment : found.segments) {
        PH_TRY(const log::Contents contents, log::read_contents(segment, true));
        for (const log::Found& record : contents.judged.records) {
            use({segment.name, record.place.offset(), record.header, record.meta, record.body, record.body_good});
        }
    }
    return {};
}

Result<void> dump_spool(const std::string& directory, const std::function<void(const DumpedRecord&)>& use) {
    PH_TRY(const auto files, open_for_reading(directory));
    return dump_spool(*files, directory, use);
}

std::string record_type_text(RecordType type) {
    switch (type) {
        case RecordType::message:
            return "message";
        case RecordType::chunk:
            return "chunk";
        case RecordType::job:
            return "job";
        case RecordType::done:
            return "done";
        case RecordType::summary:
            return "summary";
        case RecordType::filler:
            return "filler";
    }
    return "type " + std::to_string(static_cast<unsigned>(type));
}

}  // namespace ph::store

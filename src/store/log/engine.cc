// store/log/engine.cc: opening the spool, applying what the writer hands back, holding and freeing segments.
#include "store/log/engine.h"

#include <algorithm>
#include <cerrno>
#include <random>
#include <utility>

#include "store/log/compactor.h"
#include "store/log/log_engine.h"

namespace ph::store {

Result<OpenedLog> open_log(LogOptions options, Post post) {
    const std::string directory = options.directory;
    const auto cannot = [&](const char* action, int error) {
        return fail(FaultKind::unreadable, std::string("cannot ") + action + " the spool " + directory + ": " + log::error_text(error));
    };
    options.segment_size = std::max(log::min_segment_size, options.segment_size / 4096 * 4096);
    std::shared_ptr<log::Files> files = options.files;
    if (!files) {
        auto opened = log::open_files(directory, log::Access::write);
        if (!opened) return cannot("open", opened.error());
        files = std::move(*opened);
    }
    auto lock = files->lock(log::lock_name);
    if (!lock && lock.error() == EWOULDBLOCK) {
        return fail(FaultKind::unreadable,
                    "the spool " + directory + " is in use by another process; stop it first, or give this one a spool of its own");
    }
    if (!lock) return cannot("lock", lock.error());
    auto engine = std::make_unique<log::LogEngine>(std::move(options), std::move(post), std::move(files), std::move(*lock));
    PH_TRY(auto reports, engine->start());
    return OpenedLog{std::move(engine), std::move(reports)};
}

namespace log {

LogEngine::LogEngine(LogOptions options, Post post, std::shared_ptr<Files> files, std::unique_ptr<SpoolLock> lock)
    : options_(std::move(options)),
      post_(std::move(post)),
      files_(std::move(files)),
      lock_(std::move(lock)),
      ids_(options_.shard, options_.node),
      compactor_(std::make_unique<Compactor>(*this)) {}

// Like a kill: what is on its way may or may not be on disk.
LogEngine::~LogEngine() {
    if (write_lane_) write_lane_->stop();
    if (read_lane_) read_lane_->stop();
    if (make_lane_) make_lane_->stop();
    life_.reset();
}

Result<std::vector<Report>> LogEngine::start() {
    std::uint64_t key = options_.key;
    if (key == 0) {
        std::random_device random;
        key = (std::uint64_t{random()} << 32U | random()) | 1U;
    }
    PH_TRY(Recovered recovered, recover(*files_, options_.directory, key, [this](const SummaryLine& line) { replay(line); }));
    std::vector<Report> reports = std::move(recovered.reports);
    for (std::size_t i = 0; i < recovered.segments.size(); ++i) {
        const bool active = recovered.append && i + 1 == recovered.segments.size();
        Segment& segment = segments_[recovered.segments[i]->sequence];
        segment.file = recovered.segments[i];
        segment.end = recovered.ends[i];
        segment.sealed = !active;
        if (active) active_ = segment.file->sequence;
        used_ += segment.end;
    }
    // Chunks may be held in a segment that is lost; reading them will tell.
    std::erase_if(segments_, [](const auto& segment) { return segment.second.file == nullptr; });
    live_ = 0;
    for (const auto& [sequence, segment] : segments_) live_ += segment.live_bytes;
    start_lanes(std::move(recovered));
    free_segments();
    return reports;
}

void LogEngine::start_lanes(Recovered recovered) {
    const MakeLane make = options_.lanes ? options_.lanes : MakeLane(thread_lane);
    write_lane_ = make("spool-write");
    read_lane_ = make("spool-read");
    make_lane_ = make("spool-make");
    const std::size_t reserve = std::max<std::uint64_t>(1, options_.reserve / options_.segment_size);
    spares_ = std::make_unique<Spares>(*files_, health_, Spares::Limits{options_.directory, options_.segment_size, options_.max_size, reserve});
    std::vector<Spare> spares;
    for (const FoundSpare& found : recovered.spares) {
        auto file = files_->open(found.name, OpenMode::write);
        if (file && found.size == options_.segment_size) {
            spares.push_back({found.name, found.size, std::move(*file)});
        } else if (files_->remove(found.name)) {  // not finished, or of another size
            recovered.total_bytes -= found.size;
        }
    }
    spares_->start(std::move(spares), recovered.total_bytes, recovered.next_spare);
    Writer::Start start{.directory = options_.directory, .segment_size = options_.segment_size, .key = recovered.key};
    start.next_sequence = recovered.next_sequence;
    start.next_group = recovered.next_group;
    start.previous = recovered.previous;
    start.previous_end = recovered.previous_end;
    if (recovered.append) {
        const std::uint64_t end = recovered.ends.back();
        start.active = Active{recovered.segments.back(), end, end, std::move(recovered.summary)};
    }
    writer_ = std::make_unique<Writer>(*files_, *spares_, health_, *write_lane_, std::move(start),
                                       [this, life = std::weak_ptr<int>(life_)](std::shared_ptr<Written> written) {
                                           post_([this, life, written = std::move(written)] {
                                               if (!life.expired()) on_written(*written);
                                           });
                                       });
    make_lane_->run([this] { spares_->top_up(); });
}

void LogEngine::replay(const SummaryLine& line) {
    if (line.type == RecordType::message) return replay_message(line);
    if (line.type == RecordType::job) {
        ids_.above(line.id);
        const Slot message = index_.find(line.id);
        const Slot job = message == no_slot ? no_slot : index_.find_job(message, line.jobs[0].number);
        if (job == no_slot) return;  // of a message that is gone
        JobUpdate update{.ref = {line.id, line.jobs[0].number, 0}, .next_at = line.jobs[0].next_at};
        update.attempts = line.jobs[0].attempts;
        update.state = line.jobs[0].state;
        return update_job(job, update, line.place);
    }
    for (const DoneJob& done : line.done) {
        ids_.above(done.id);
        const Slot message = index_.find(done.id);
        if (message == no_slot) continue;
        if (done.number == every_job) {
            drop_message(message);
        } else if (const Slot job = index_.find_job(message, done.number); job != no_slot) {
            finish_job(job);
        }
    }
}

// A second record of a message is the compactor's copy and replaces all that was said before.
void LogEngine::replay_message(const SummaryLine& line) {
    ids_.above(line.id);
    if (const Slot earlier = index_.find(line.id); earlier != no_slot) drop_message(earlier);
    if (line.jobs.empty()) return;
    const Slot message = index_.add_message(line.id);
    messages_.at(message) = {line.place, no_slot, line.body_size};
    hold(line.place);
    if (!line.chunks.empty()) {
        const Slot chunks = chunk_lists_.add();
        messages_[message].chunks = chunks;
        chunk_lists_[chunks] = line.chunks;
        chunked_[chunks] = line.id;
        for (const Place& chunk : line.chunks) hold(chunk);
    }
    for (const JobFields& job : line.jobs) {
        if (index_.find_job(message, job.number) != no_slot) continue;
        jobs_.at(index_.add_job(message, {job.number, job.queue, job.next_at, job.attempts, job.state})).place = line.place;
    }
}

void LogEngine::on_written(Written& written) {
    for (const SegmentPtr& opened : written.opened) {
        Segment& segment = segments_[opened->sequence];
        segment.file = opened;
        used_ += segment.end;
    }
    if (written.active != 0) {
        active_ = written.active;
        Segment& segment = segments_[active_];
        used_ += written.end - segment.end;
        segment.end = written.end;
    }
    for (const Written::Ended& ended : written.ended) {
        Segment& segment = segments_[ended.sequence];
        segment.sealed = true;
        segment.failed = ended.failed;
        if (active_ == ended.sequence) active_ = 0;
    }
    const bool opened = !written.opened.empty();
    for (const RequestPtr& request : written.requests) request->then(*request);
    if (opened) make_lane_->run([this] { spares_->top_up(); });
    free_segments();
    watch_space();
    compactor_->consider();
}

void LogEngine::hold(const Place& place) {
    Segment& segment = segments_[place.segment];
    segment.live_bytes += place.size();
    ++segment.live_records;
    live_ += place.size();
}

void LogEngine::let_go(const Place& place) {
    const auto found = segments_.find(place.segment);
    if (found == segments_.end()) return;
    found->second.live_bytes -= place.size();
    --found->second.live_records;
    live_ -= place.size();
}

SegmentPtr LogEngine::file_of(const Place& place) const {
    const auto found = segments_.find(place.segment);
    return found == segments_.end() ? nullptr : found->second.file;
}

void LogEngine::free_segments() {
    while (!segments_.empty()) {
        const auto oldest = segments_.begin();
        const Segment& segment = oldest->second;
        if (!segment.sealed || segment.live_records > 0 || segment.pins > 0) return;
        Spare spare{.name = {}, .capacity = segment.file->capacity, .file = segment.file->file};
        make_lane_->run(
            [this, name = segment_name(oldest->first), spare = std::move(spare), failed = segment.failed] { spares_->recycle(name, spare, failed); });
        used_ -= segment.end;
        segments_.erase(oldest);
    }
}

// On a full disk: looks every second whether there is room again.
void LogEngine::watch_space() {
    if (retrying_ || !health_.full()) return;
    retrying_ = true;
    make_lane_->run_after(Seconds(1), [this] {
        spares_->top_up();
        on_loop([this] {
            retrying_ = false;
            watch_space();
            compactor_->consider();
        });
    });
}

void LogEngine::on_loop(std::function<void()> run) {
    post_([run = std::move(run), life = std::weak_ptr<int>(life_)] {
        if (!life.expired()) run();
    });
}

void LogEngine::report(Report report) {
    if (options_.on_report) options_.on_report(report);
}

Space LogEngine::space() const {
    const Health::State health = health_.state();
    return {health.full, health.failing, used_, live_, health.message};
}

// The last record only says how far the segment is durable: so the next start can tell damage in the last group from a write that was cut off.
void LogEngine::close(std::function<void()> then) {
    auto request = std::make_unique<Request>();
    request->use = Use::settlement;
    if (active_ != 0) {
        Outgoing mark;
        mark.header.type = RecordType::done;
        mark.head = encode_done({});
        request->records.push_back(std::move(mark));
    }
    request->then = [then = std::move(then)](Request&) { then(); };
    writer_->send(std::move(request));
}

}  // namespace log
}  // namespace ph::store

// store/log/recovery.cc: the start of a spool after a clean end, a crash, or damage. Nothing is ever thrown away in silence here: what was durable
// and cannot be read is copied to damaged/ and reported; only the whole or torn records of a write that nobody was told of are cleared.
#include "store/log/recovery.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace ph::store::log {
namespace {

constexpr std::uint64_t max_segment = 16ULL * 1024 * 1024 * 1024;

tl::unexpected<Fault> cannot(const std::string& action, const std::string& directory, const std::string& name, int error) {
    const std::string path = name.empty() ? directory : directory + "/" + name;
    return fail(FaultKind::unreadable, "cannot " + action + " " + path + ": " + error_text(error) + "; check the disk and who owns the spool");
}

Result<FoundSegment> open_segment(Files& files, const std::string& directory, const std::string& name, std::uint64_t number, Access access,
                                  std::uint64_t& key) {
    auto file = files.open(name, access == Access::write ? OpenMode::write : OpenMode::read);
    if (!file) return cannot("open", directory, name, file.error());
    const auto size = (*file)->size();
    if (!size) return cannot("read", directory, name, size.error());
    std::string bytes(segment_header_size, '\0');
    const auto got = (*file)->read(bytes, 0);
    bytes.resize(got.value_or(0));
    auto header = decode_segment_header(bytes);
    if (header && header->version > format_version) {
        return fail(FaultKind::bad_value, directory + "/" + name + " was written by a newer Posthorn (spool format " +
                                              std::to_string(header->version) + ", this one reads up to " + std::to_string(format_version) +
                                              "); start that version, or let it deliver what it has first");
    }
    if (header) key = header->key;
    // A recycled segment whose new header did not get to the disk carries the old one.
    if (header && header->sequence != number) header.reset();
    auto segment = std::make_shared<SegmentFile>();
    segment->sequence = static_cast<std::uint32_t>(number);
    segment->capacity = std::min(*size, max_segment);
    segment->file = std::move(*file);
    return FoundSegment{name, std::move(segment), header, std::nullopt, false};
}

}  // namespace

Result<Survey> survey(Files& files, const std::string& directory, Access access) {
    const auto names = files.list();
    if (!names) return cannot("list", directory, "", names.error());
    Survey found;
    std::map<std::uint64_t, std::string> numbers;
    for (const std::string& name : *names) {
        if (const auto number = segment_number(name); number && *number > 0 && *number < std::numeric_limits<std::uint32_t>::max()) {
            numbers[*number] = name;
        } else if (const auto spare = spare_number(name)) {
            found.spares.push_back({name, *spare, 0});
        }
    }
    for (const auto& [number, name] : numbers) {
        PH_TRY(FoundSegment segment, open_segment(files, directory, name, number, access, found.key));
        if (segment.header && !found.segments.empty()) {
            FoundSegment& before = found.segments.back();
            if (before.segment->sequence == segment.header->previous) before.trusted_end = segment.header->previous_end;
            segment.gap = before.segment->sequence < segment.header->previous && segment.header->previous_end > first_record;
        }
        found.segments.push_back(std::move(segment));
    }
    for (FoundSegment& segment : found.segments) {
        auto seeded = std::make_shared<SegmentFile>(*segment.segment);
        seeded->seed = segment_seed(found.key, seeded->sequence);
        segment.segment = std::move(seeded);
    }
    return found;
}

namespace {

// The summary at the end of the segment, if it validates.
bool read_by_summary(const FoundSegment& found, Contents& contents) {
    const SegmentFile& segment = *found.segment;
    if (segment.capacity < first_record + footer_size) return false;
    const auto footer = read_text(*segment.file, segment.capacity - footer_size, footer_size);
    const auto offset = footer ? decode_footer(*footer, segment.seed) : std::nullopt;
    if (!offset || *offset < first_record || *offset % 8 != 0 || *offset + record_header_size > segment.capacity - footer_size) return false;
    const auto bytes = read_text(*segment.file, *offset, record_header_size);
    const auto header = bytes ? decode_record_header(*bytes, segment.seed, *offset) : std::nullopt;
    if (!header || header->type != RecordType::summary || record_size(*header) > segment.capacity - footer_size - *offset) return false;
    const Place place{segment.sequence, static_cast<std::uint32_t>(*offset / 8), static_cast<std::uint32_t>(record_size(*header) / 8)};
    // Written but not known to be synced: what it lists is judged by the records themselves.
    if (found.trusted_end && place.offset() >= *found.trusted_end) return false;
    const auto record = read_whole(segment, place);
    if (!record) return false;
    contents.judged.summary = std::string(record->meta());
    if (!read_summary(contents.judged.summary, segment.sequence, [](const SummaryLine&) {})) return false;
    contents.summarised = true;
    contents.judged.end = place.offset() + place.size();
    contents.judged.last_group = header->group;
    return true;
}

}  // namespace

Result<Contents> read_contents(const FoundSegment& found, bool whole) {
    Contents contents;
    if (!whole && read_by_summary(found, contents)) return contents;
    const SegmentFile& segment = *found.segment;
    contents.bytes.resize(segment.capacity);
    // Sectors that cannot be read are damage like any other; around them the rest is still found.
    constexpr std::uint64_t block = 1024 * 1024;
    for (std::uint64_t at = 0; at < segment.capacity; at += block) {
        const auto part = std::span(contents.bytes).subspan(at, std::min(block, segment.capacity - at));
        if (segment.file->read(part, at)) continue;
        for (std::size_t sector = 0; sector < part.size(); sector += 4096) {
            const auto piece = part.subspan(sector, std::min<std::size_t>(4096, part.size() - sector));
            if (!segment.file->read(piece, at + sector)) std::fill(piece.begin(), piece.end(), '\0');
        }
    }
    const Scan scan = scan_segment(contents.bytes, segment.seed, segment.sequence);
    contents.blank = scan.records.empty() && scan.damaged.empty();
    contents.judged = judge(scan, found.trusted_end);
    return contents;
}

namespace {

Io<void> rewrite(const SegmentFile& segment, const Contents& contents) {
    File& file = *segment.file;
    const Judged& judged = contents.judged;
    const std::string_view bytes = contents.bytes;
    auto again = write_text(file, bytes.substr(judged.durable, judged.end - judged.durable), judged.durable);
    if (!again) return again;
    for (const Region& region : judged.torn) {
        auto filled = write_text(file, encode_filler(region.to - region.from, segment.seed, region.from), region.from);
        if (!filled) return filled;
    }
    if (judged.leftover > judged.end) {
        auto cleared = write_text(file, std::string(judged.leftover - judged.end, '\0'), judged.end);
        if (!cleared) return cleared;
    }
    return file.sync();
}

class Recovery {
  public:
    Recovery(Files& files, std::string directory, std::uint64_t new_key, const std::function<void(const SummaryLine&)>& use)
        : files_(files), directory_(std::move(directory)), new_key_(new_key), use_(use) {}
    Result<Recovered> run();

  private:
    Result<bool> read_segment(const FoundSegment& found, bool last);
    Result<bool> mend_header(const FoundSegment& found);
    Result<bool> keep_or_free_blank(const FoundSegment& found, bool last);
    void report_damage(const SegmentFile& segment, const std::vector<Region>& regions);
    Result<bool> mend_end(const FoundSegment& found, const Contents& contents);
    void take_spares(std::vector<FoundSpare> spares);

    Files& files_;
    const std::string directory_;
    const std::uint64_t new_key_;
    const std::function<void(const SummaryLine&)>& use_;
    Recovered out_;
};

Result<Recovered> Recovery::run() {
    PH_TRY(Survey found, survey(files_, directory_, Access::write));
    const bool unknown = found.key == 0 && !found.segments.empty();
    out_.key = found.key == 0 ? new_key_ : found.key;
    // A process that was killed may have left names that are not durable yet.
    if (const auto synced = files_.sync_folder(""); !synced) return cannot("sync", directory_, "", synced.error());
    take_spares(std::move(found.spares));
    if (unknown) {
        // Without the key no checksum can be verified. Unless it is a new spool whose start was interrupted: then there is nothing in it.
        for (const FoundSegment& segment : found.segments) {
            PH_TRY(Contents contents, read_contents(segment, true));
            if (contents.bytes.find_first_not_of('\0', first_record) != std::string::npos) {
                return fail(FaultKind::malformed, "no segment of the spool " + directory_ +
                                                      " has a header that can be read, so its records cannot be "
                                                      "checked; restore the first 4096 octets of one of them, or move the files away to start anew");
            }
        }
    }
    for (std::size_t i = 0; i < found.segments.size(); ++i) {
        // A segment that was being begun says nothing of the one before it.
        const bool last = std::none_of(found.segments.begin() + static_cast<std::ptrdiff_t>(i) + 1, found.segments.end(),
                                       [](const FoundSegment& later) { return later.header.has_value(); });
        PH_TRY(const bool kept, read_segment(found.segments[i], last));
        static_cast<void>(kept);
        out_.next_sequence = std::uint64_t{found.segments[i].segment->sequence} + 1;
    }
    return std::move(out_);
}

Result<bool> Recovery::read_segment(const FoundSegment& found, bool last) {
    const SegmentFile& segment = *found.segment;
    const bool known = found.gap && files_.open(std::string(damaged_folder) + "/" + segment_name(found.header->previous), OpenMode::read);
    if (found.gap && !known) {
        out_.reports.push_back({true, "the segment before " + found.name + " is missing from " + directory_ + "; the mail that was in it is lost"});
    }
    PH_TRY(Contents contents, read_contents(found, false));
    out_.total_bytes += segment.capacity;
    const Judged& judged = contents.judged;
    // Where the very first write failed, the next segment says that nothing counts.
    const bool nothing = contents.blank || found.trusted_end.value_or(segment.capacity) <= first_record;
    if (nothing && !contents.summarised && !found.header) return keep_or_free_blank(found, last);
    report_damage(segment, judged.damaged);
    if (!found.header) {
        PH_TRY(const bool mended, mend_header(found));
        static_cast<void>(mended);
    }
    if (!contents.summarised && !found.trusted_end) {
        PH_TRY(const bool mended, mend_end(found, contents));
        static_cast<void>(mended);
    }
    read_summary(judged.summary, segment.sequence, use_);
    out_.segments.push_back(found.segment);
    out_.ends.push_back(judged.end);
    out_.names.push_back(found.name);
    out_.next_group = std::max(out_.next_group, judged.last_group + 1);
    out_.append = last && !contents.summarised;
    out_.previous = segment.sequence;
    out_.previous_end = judged.end;
    if (last) out_.summary = judged.summary;
    return true;
}

// Its records were found without it, with the key of the others.
Result<bool> Recovery::mend_header(const FoundSegment& found) {
    const SegmentFile& segment = *found.segment;
    const SegmentHeader header{format_version, segment.sequence, out_.key, segment.capacity, out_.previous_end, out_.previous};
    auto mended = write_text(*segment.file, encode(header), 0);
    if (mended) mended = segment.file->sync();
    if (!mended) return cannot("write", directory_, found.name, mended.error());
    const std::string path = directory_ + "/" + found.name;
    out_.reports.push_back({true, "the header of " + path + " was damaged; its records were found without it, and it was written anew"});
    return true;
}

// Not one record, and no header of its own. As the last segment it is one whose first write was interrupted; else its records are lost, unless
// the next segment says that there were none.
Result<bool> Recovery::keep_or_free_blank(const FoundSegment& found, bool last) {
    const bool lost = !last && found.trusted_end.value_or(first_record + 1) > first_record;
    if (lost) {
        out_.reports.push_back({true, "nothing in " + directory_ + "/" + found.name + " can be read; it was moved to damaged/"});
    }
    const std::string name = lost ? std::string(damaged_folder) + "/" + found.name : spare_name(out_.next_spare++);
    auto moved = lost ? files_.make_folder(damaged_folder) : Io<void>();
    if (moved) moved = files_.rename(found.name, name);
    if (moved) moved = files_.sync_folder("");
    if (!moved) return cannot("move away", directory_, found.name, moved.error());
    if (lost) {
        out_.total_bytes -= found.segment->capacity;
    } else {
        out_.spares.push_back({name, out_.next_spare - 1, found.segment->capacity});
    }
    return false;
}

void Recovery::report_damage(const SegmentFile& segment, const std::vector<Region>& regions) {
    for (const Region& region : regions) {
        std::string text = directory_ + "/" + segment_name(segment.sequence) + ": " + std::to_string(region.to - region.from) + " octets at " +
                           std::to_string(region.from) + " are damaged";
        if (region.id != QueueId{}) text += " (message " + to_text(region.id) + ")";
        const auto copied = set_bytes_aside(files_, segment, region.from, region.to);
        if (copied && copied->empty()) continue;  // told at an earlier start
        text += copied ? "; they were copied to " + *copied : "; they could not be copied to damaged/: " + error_text(copied.error());
        out_.reports.push_back({true, std::move(text)});
    }
}

// Of whole or torn records beyond the end nobody was told; they must not be found by a later start. Torn chunks before the end would look like
// damage once something is written behind them. What a killed process has written must be durable before it counts; it is written once more, for if
// a sync had failed, the system would take it for written already.
Result<bool> Recovery::mend_end(const FoundSegment& found, const Contents& contents) {
    if (const auto mended = rewrite(*found.segment, contents); !mended) return cannot("write", directory_, found.name, mended.error());
    const Judged& judged = contents.judged;
    if (judged.leftover > judged.end) {
        out_.reports.push_back({false, directory_ + "/" + found.name + ": a write that was cut off at " + std::to_string(judged.end) +
                                           " was cleared; nobody had been told that its mail was kept"});
    }
    return true;
}

// One that was not finished when the machine stopped is shorter than the rest; the engine removes those.
void Recovery::take_spares(std::vector<FoundSpare> spares) {
    for (FoundSpare& spare : spares) {
        const auto file = files_.open(spare.name, OpenMode::read);
        spare.size = file ? (*file)->size().value_or(0) : 0;
        out_.total_bytes += spare.size;
        out_.next_spare = std::max(out_.next_spare, spare.number + 1);
        out_.spares.push_back(std::move(spare));
    }
}

}  // namespace

Result<Recovered> recover(Files& files, const std::string& directory, std::uint64_t new_key, const std::function<void(const SummaryLine&)>& use) {
    return Recovery(files, directory, new_key, use).run();
}

}  // namespace ph::store::log

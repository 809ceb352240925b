// store/log/record_test.cc: the format: what was written reads the same, and nothing else validates.
#include "store/log/record.h"

#include <gtest/gtest.h>

namespace ph::store::log {
namespace {

TimePoint at(std::int64_t ms) {
    return TimePoint(Milliseconds(ms));
}

MessageFields sample() {
    MessageFields fields{.created = at(1'000), .body_size = 12, .prefix_size = 4};
    fields.meta = "envelope";
    fields.jobs.push_back({0, JobState::active, 2, at(5), at(9), "smtp:example.org", "data"});
    fields.jobs.push_back({7, JobState::held, 0, at(-1), at(9), "", ""});
    return fields;
}

std::string_view meta_of(const std::string& head) {
    return std::string_view(head).substr(record_header_size);
}

TEST(LogRecord, AMessageReadsAsItWasWritten) {
    std::string head = encode_message(sample(), 2);
    append_chunk(head, {3, 512, 17});
    append_chunk(head, {4, 1024, 18});
    const auto read = decode_message(meta_of(head));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->created, at(1'000));
    EXPECT_EQ(read->meta, "envelope");
    EXPECT_EQ(read->prefix_size, 4U);
    ASSERT_EQ(read->jobs.size(), 2U);
    EXPECT_EQ(read->jobs[0].queue, "smtp:example.org");
    EXPECT_EQ(read->jobs[0].data, "data");
    EXPECT_EQ(read->jobs[1].number, 7U);
    EXPECT_EQ(read->jobs[1].state, JobState::held);
    EXPECT_EQ(read->jobs[1].next_at, at(-1));
    EXPECT_EQ(read->chunks, (std::vector<Place>{{3, 512, 17}, {4, 1024, 18}}));
}

TEST(LogRecord, EveryShortenedMessageIsRefused) {
    const std::string head = encode_message(sample(), 0);
    for (std::size_t size = 0; size < meta_of(head).size(); ++size) EXPECT_FALSE(decode_message(meta_of(head).substr(0, size)).has_value()) << size;
}

TEST(LogRecord, JobsAndMarksReadAsTheyWereWritten) {
    const std::string job = encode_job({3, JobState::suspended, 9, at(77), "new data"});
    const auto read = decode_job(meta_of(job));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->number, 3U);
    EXPECT_EQ(read->state, JobState::suspended);
    EXPECT_EQ(read->attempts, 9U);
    EXPECT_EQ(read->next_at, at(77));
    EXPECT_EQ(read->data, "new data");
    const DoneJob marks[] = {{QueueId(5), 1}, {QueueId(6), every_job}};
    const auto done = decode_done(meta_of(encode_done(marks)));
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(done->at(1).id, QueueId(6));
    EXPECT_EQ(done->at(1).number, every_job);
    EXPECT_FALSE(decode_done("123").has_value());
}

TEST(LogRecord, AHeaderIsValidAtItsPlaceInItsSegmentOnly) {
    const RecordHeader header{
        .type = RecordType::job, .flags = flag::last, .group = 5, .index = 2, .durable = 4096, .id = QueueId(9), .meta_size = 3};
    std::string bytes(record_header_size, '\0');
    const Seed seed = segment_seed(42, 1);
    encode(header, seed, 8192, bytes.data());
    const auto read = decode_record_header(bytes, seed, 8192);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->group, 5U);
    EXPECT_EQ(read->index, 2U);
    EXPECT_EQ(read->durable, 4096U);
    EXPECT_EQ(read->id, QueueId(9));
    EXPECT_FALSE(decode_record_header(bytes, seed, 8200).has_value());
    EXPECT_FALSE(decode_record_header(bytes, segment_seed(42, 2), 8192).has_value());
    EXPECT_FALSE(decode_record_header(bytes, segment_seed(43, 1), 8192).has_value());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(decode_record_header(changed, seed, 8192).has_value()) << i;
    }
}

TEST(LogRecord, TheHeaderOfASegmentReadsAsItWasWritten) {
    const std::string bytes = encode(SegmentHeader{1, 7, 42, 65536, 5000, 6});
    const auto read = decode_segment_header(bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->sequence, 7U);
    EXPECT_EQ(read->key, 42U);
    EXPECT_EQ(read->capacity, 65536U);
    EXPECT_EQ(read->previous_end, 5000U);
    EXPECT_EQ(read->previous, 6U);
    EXPECT_FALSE(decode_segment_header(bytes.substr(0, 63)).has_value());
}

TEST(LogRecord, ASummarySaysWhatTheRecordsSaid) {
    std::string summary;
    std::string head = encode_message(sample(), 1);
    append_chunk(head, {3, 512, 17});
    RecordHeader header{.type = RecordType::message, .id = QueueId(9)};
    header.meta_size = static_cast<std::uint32_t>(meta_of(head).size());
    ASSERT_TRUE(append_summary(summary, header, meta_of(head), {2, 600, 30}));
    EXPECT_LE(summary.size(), summary_bound(header));
    const DoneJob mark{QueueId(9), 7};
    ASSERT_TRUE(append_summary(summary, {.type = RecordType::done}, meta_of(encode_done({&mark, 1})), {2, 700, 10}));
    std::vector<SummaryLine> lines;
    ASSERT_TRUE(read_summary(summary, 2, [&](const SummaryLine& line) { lines.push_back(line); }));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].place, (Place{2, 600, 30}));
    EXPECT_EQ(lines[0].chunks, (std::vector<Place>{{3, 512, 17}}));
    EXPECT_EQ(lines[0].jobs[0].queue, "smtp:example.org");
    EXPECT_EQ(lines[1].done[0].number, 7U);
    EXPECT_FALSE(append_summary(summary, header, "short", {2, 800, 1}));
    for (std::size_t size = 1; size < 20; ++size) {
        EXPECT_FALSE(read_summary(std::string_view(summary).substr(0, size), 2, [](const SummaryLine&) {}));
    }
}

}  // namespace
}  // namespace ph::store::log

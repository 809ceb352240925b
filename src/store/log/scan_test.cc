// store/log/scan_test.cc: which records of a segment count, over torn writes and damage.
#include "store/log/scan.h"

#include <gtest/gtest.h>

namespace ph::store::log {
namespace {

constexpr std::uint64_t seed_key = 42;

// A segment that is put together record by record.
class SegmentText {
  public:
    Seed seed = segment_seed(seed_key, 1);
    std::string bytes = std::string(first_record, '\0');

    std::uint64_t add(RecordHeader header, std::string_view meta, std::string_view body) {
        header.meta_size = static_cast<std::uint32_t>(meta.size());
        header.body_size = static_cast<std::uint32_t>(body.size());
        header.meta_sum = checksum(meta, seed);
        header.body_sum = checksum(body, seed);
        const std::uint64_t at = bytes.size();
        bytes.append(record_size(header), '\0');
        encode(header, seed, at, bytes.data() + at);
        bytes.replace(at + record_header_size, meta.size(), meta);
        bytes.replace(at + record_header_size + meta.size(), body.size(), body);
        return at;
    }
    std::uint64_t message(std::uint64_t id, std::uint64_t group, std::uint32_t index, bool last, std::uint64_t durable,
                          const std::vector<Place>& chunks = {}) {
        MessageFields fields;
        fields.jobs.push_back({.number = 0, .queue = "q"});
        std::string head = encode_message(fields, static_cast<std::uint32_t>(chunks.size()));
        for (const Place& chunk : chunks) append_chunk(head, chunk);
        const std::uint8_t flags = last ? flag::last : std::uint8_t{0};
        return add({.type = RecordType::message, .flags = flags, .group = group, .index = index, .durable = durable, .id = QueueId(id)},
                   std::string_view(head).substr(record_header_size), "the body of the message");
    }
    std::uint64_t chunk(std::uint64_t durable) {
        return add({.type = RecordType::chunk, .flags = flag::loose, .group = 1, .durable = durable}, "", "chunk");
    }
    void flip(std::uint64_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }
    Judged judged(std::optional<std::uint64_t> trusted = {}) {
        bytes.resize(bytes.size() + 512);
        scan_ = scan_segment(bytes, seed, 1);
        return judge(scan_, trusted);
    }

  private:
    Scan scan_;
};

std::vector<std::uint64_t> ids(const Judged& judged) {
    std::vector<std::uint64_t> found;
    for (const Found& record : judged.records) found.push_back(record.header.id.value());
    return found;
}
using Ids = std::vector<std::uint64_t>;

TEST(LogScan, TakesWholeGroups) {
    SegmentText text;
    text.message(1, 1, 0, false, first_record);
    text.message(2, 1, 1, true, first_record);
    const std::uint64_t end = text.bytes.size();
    const Judged judged = text.judged();
    EXPECT_EQ(ids(judged), (Ids{1, 2}));
    EXPECT_EQ(judged.end, end);
    EXPECT_EQ(judged.last_group, 1U);
    EXPECT_TRUE(judged.damaged.empty());
    EXPECT_EQ(judged.leftover, 0U);
}

TEST(LogScan, DropsAGroupWithoutItsEnd) {
    SegmentText text;
    text.message(1, 1, 0, true, first_record);
    const std::uint64_t end = text.bytes.size();
    text.message(2, 2, 0, false, end);
    const std::uint64_t leftover = text.bytes.size();
    const Judged judged = text.judged();
    EXPECT_EQ(ids(judged), Ids{1});
    EXPECT_EQ(judged.end, end);
    EXPECT_EQ(judged.leftover, leftover);
    EXPECT_TRUE(judged.damaged.empty());
}

TEST(LogScan, DropsATornGroupWholly) {
    SegmentText text;
    text.message(1, 1, 0, true, first_record);
    const std::uint64_t torn = text.message(2, 2, 0, false, first_record);
    text.message(3, 2, 1, true, first_record);
    text.flip(torn + 70);
    EXPECT_EQ(ids(text.judged()), Ids{1});
}

TEST(LogScan, DropsTheLastGroupWhenABodyIsTorn) {
    SegmentText text;
    text.message(1, 1, 0, true, first_record);
    text.message(2, 2, 0, true, first_record);
    text.flip(text.bytes.size() - 10);
    const Judged judged = text.judged();
    EXPECT_EQ(ids(judged), Ids{1});
    EXPECT_TRUE(judged.damaged.empty());
}

TEST(LogScan, WhatALaterRecordKnewToBeDurableIsDamagedAndNotTorn) {
    SegmentText text;
    const std::uint64_t hit = text.message(1, 1, 0, false, first_record);
    text.message(2, 1, 1, true, first_record);
    text.message(3, 2, 0, true, text.bytes.size());
    text.flip(hit + 70);
    const Judged judged = text.judged();
    EXPECT_EQ(ids(judged), (Ids{2, 3}));
    ASSERT_EQ(judged.damaged.size(), 1U);
    EXPECT_EQ(judged.damaged[0].from, hit);
    EXPECT_EQ(judged.damaged[0].id, QueueId(1));
}

TEST(LogScan, GoesOnBehindADamagedHeader) {
    SegmentText text;
    const std::uint64_t hit = text.message(1, 1, 0, true, first_record);
    const std::uint64_t next = text.message(2, 2, 0, true, text.bytes.size());
    text.flip(hit + 3);
    const Judged judged = text.judged();
    EXPECT_EQ(ids(judged), Ids{2});
    ASSERT_EQ(judged.damaged.size(), 1U);
    EXPECT_EQ(judged.damaged[0].from, hit);
    EXPECT_EQ(judged.damaged[0].to, next);
}

TEST(LogScan, NothingBehindATrustedEndCounts) {
    SegmentText text;
    text.message(1, 1, 0, true, first_record);
    const std::uint64_t end = text.bytes.size();
    text.message(2, 2, 0, true, end);
    EXPECT_EQ(ids(text.judged(end)), Ids{1});
}

TEST(LogScan, OctetsMissingBeforeATrustedEndAreDamage) {
    SegmentText text;
    text.message(1, 1, 0, true, first_record);
    const std::uint64_t last = text.message(2, 2, 0, true, text.bytes.size());
    const std::uint64_t end = text.bytes.size();
    text.flip(last);
    const Judged judged = text.judged(end);
    EXPECT_EQ(ids(judged), Ids{1});
    ASSERT_EQ(judged.damaged.size(), 1U);
    EXPECT_EQ(judged.damaged[0].from, last);
    EXPECT_EQ(judged.damaged[0].to, end);
}

TEST(LogScan, AMessageWhoseChunkWasLostDoesNotCount) {
    for (const bool lost : {false, true}) {
        SegmentText text;
        const std::uint64_t chunk = text.chunk(first_record);
        const Place place{1, static_cast<std::uint32_t>(chunk / 8), static_cast<std::uint32_t>((text.bytes.size() - chunk) / 8)};
        text.message(1, 2, 0, true, first_record, {place});
        if (lost) text.flip(chunk + record_header_size);
        EXPECT_EQ(ids(text.judged()).size(), lost ? 0U : 2U);
    }
}

TEST(LogScan, ChunksOfOthersMayLieWithinAGroup) {
    SegmentText text;
    text.message(1, 2, 0, false, first_record);
    text.chunk(first_record);
    text.message(2, 2, 1, true, first_record);
    EXPECT_EQ(ids(text.judged()), (Ids{1, 0, 2}));
}

TEST(LogScan, ARecordOfAnotherUseOfTheSegmentIsNotFound) {
    SegmentText old;
    old.seed = segment_seed(seed_key, 2);
    old.message(1, 1, 0, true, first_record);
    old.seed = segment_seed(seed_key, 1);
    const Judged judged = old.judged();
    EXPECT_TRUE(judged.records.empty());
    EXPECT_EQ(judged.end, first_record);
}

}  // namespace
}  // namespace ph::store::log

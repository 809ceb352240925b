// store/log/inspect_test.cc: check and dump against spools that an engine wrote and somebody damaged.
#include "store/log/inspect.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "store/log/engine.h"
#include "store/waiting.h"

namespace ph::store {
namespace {

class LogInspect : public testing::Test, protected Waiting {
  protected:
    TestFolder folder_;
    std::string directory_ = folder_.path() + "/spool";

    void open() { engine = std::move(open_log({.directory = directory_, .segment_size = 1024 * 1024, .reserve = 1024 * 1024}, loop.post())->engine); }
    void flip(const std::string& name, std::uint64_t offset) {
        std::fstream file(directory_ + "/" + name, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(offset));
        const char byte = static_cast<char>(file.get() ^ 1);
        file.seekp(static_cast<std::streamoff>(offset));
        file.put(byte);
    }
    std::vector<DumpedRecord> dump() {
        std::vector<DumpedRecord> records;
        EXPECT_TRUE(dump_spool(directory_, [&](const DumpedRecord& record) { records.push_back(record); }).has_value());
        return records;
    }
};

TEST_F(LogInspect, CountsWhatWaits) {
    open();
    put("one", {"a", "b"});
    put(std::string(2'000'000, 'l'), {"a"});
    ASSERT_TRUE(done(claim("b", 1, 0, 10).at(0)).has_value());
    close();
    const auto check = check_spool(directory_);
    ASSERT_TRUE(check.has_value()) << check.error().message;
    EXPECT_EQ(check->messages, 2U);
    EXPECT_EQ(check->jobs, 2U);
    EXPECT_TRUE(check->damaged.empty());
    EXPECT_GT(check->live_bytes, 2'000'000U);
    EXPECT_GE(check->segments, 2U);
}

TEST_F(LogInspect, FindsADamagedBodyAndADamagedRecord) {
    open();
    const QueueId first = put("the first body", {"a"});
    const QueueId second = put("the second body", {"a"});
    close();
    const std::vector<DumpedRecord> records = dump();
    ASSERT_EQ(records.size(), 3U);  // the last one is the mark of a clean end
    EXPECT_EQ(records[0].header.id, first);
    EXPECT_EQ(record_type_text(records[0].header.type), "message");
    flip(records[0].segment, records[0].offset + log::record_header_size + records[0].header.meta_size);
    flip(records[1].segment, records[1].offset + log::record_header_size);
    const auto check = check_spool(directory_);
    ASSERT_TRUE(check.has_value());
    ASSERT_EQ(check->damaged.size(), 2U);
    EXPECT_EQ(check->damaged[0].id, second);
    EXPECT_EQ(check->damaged[0].offset, records[1].offset);
    EXPECT_EQ(check->damaged[0].segment, "segment-00000001.log");
    EXPECT_EQ(check->damaged[1].id, first);
    EXPECT_EQ(check->damaged[1].what, "the body");
    EXPECT_EQ(check->messages, 1U);
    EXPECT_FALSE(dump()[0].body_good);
}

TEST_F(LogInspect, ChangesNothing) {
    open();
    put("x", {"a"});
    engine.reset();
    const auto times = [&] {
        std::vector<std::pair<std::string, std::filesystem::file_time_type>> all;
        for (const auto& entry : std::filesystem::directory_iterator(directory_)) all.emplace_back(entry.path(), entry.last_write_time());
        std::sort(all.begin(), all.end());
        return all;
    };
    const auto before = times();
    EXPECT_TRUE(check_spool(directory_).has_value());
    dump();
    EXPECT_EQ(times(), before);
}

TEST_F(LogInspect, SaysThatThereIsNoSpool) {
    const auto check = check_spool(folder_.path() + "/nothing");
    ASSERT_FALSE(check.has_value());
    EXPECT_NE(check.error().message.find("nothing"), std::string::npos);
}

}  // namespace
}  // namespace ph::store

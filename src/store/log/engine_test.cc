// store/log/engine_test.cc: the log's own promises: reopening, damage, a full and a failing disk, compaction. On a simulated disk all lanes run
// on the test's loop, so that nothing depends on time.
#include "store/log/engine.h"

#include <algorithm>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "store/log/faulty_files.h"
#include "store/log/inspect.h"
#include "store/log/segment.h"
#include "store/waiting.h"

namespace ph::store::log {
namespace {

// Runs on the loop of the test; what should run later does when the test says so.
class LoopLane final : public Lane {
  public:
    using Timed = std::vector<std::function<void()>>;
    LoopLane(Post post, std::shared_ptr<Timed> timed) : post_(std::move(post)), timed_(std::move(timed)) {}
    void run(std::function<void()> work) override {
        post_([work = std::move(work), life = std::weak_ptr<int>(life_)] {
            if (!life.expired()) work();
        });
    }
    void run_after(Milliseconds, std::function<void()> work) override { timed_->push_back(std::move(work)); }
    void stop() override { life_.reset(); }

  private:
    Post post_;
    std::shared_ptr<Timed> timed_;
    std::shared_ptr<int> life_ = std::make_shared<int>();
};

class Log : public Waiting {
  public:
    std::shared_ptr<FaultyDisk> disk = std::make_shared<FaultyDisk>(1);
    std::vector<Report> reports;     // of the last start
    std::vector<std::string> later;  // told while it runs
    std::shared_ptr<LoopLane::Timed> timed = std::make_shared<LoopLane::Timed>();

    Log() { open(); }
    Result<OpenedLog> try_open(std::uint64_t max_size = 0) {
        LogOptions options;
        options.directory = "/spool";
        options.segment_size = segment_size;
        options.reserve = segment_size;
        options.max_size = max_size;
        options.in_memory = 20'000;
        options.chunk = 10'000;
        options.on_report = [this](const Report& report) { later.push_back(report.message); };
        options.files = std::make_shared<FaultyFiles>(disk);
        options.lanes = [this](const char*) { return std::make_unique<LoopLane>(loop.post(), timed); };
        options.key = 42;
        return open_log(std::move(options), loop.post());
    }
    void open(std::uint64_t max_size = 0) {
        engine.reset();
        timed->clear();
        auto opened = try_open(max_size);
        ASSERT_TRUE(opened.has_value()) << opened.error().message;
        engine = std::move(opened->engine);
        reports = std::move(opened->reports);
        settle_down();
    }
    void crash() {
        engine.reset();
        disk->crash();
    }
    // All that is posted has run.
    void settle_down() {
        for (int i = 0; i < 50; ++i) {
            bool ran = false;
            loop.post()([&] { ran = true; });
            loop.run_until([&] { return ran; });
        }
    }
    void pass_time() {
        for (const auto& work : std::exchange(*timed, {})) work();
        settle_down();
    }
    Stored<Committed> try_put(std::size_t size, const std::string& queue = "q") {
        Batch batch;
        batch.messages.push_back(message(std::string(size, 'x'), {queue}));
        return commit(std::move(batch));
    }
    void flip(const std::string& name, std::uint64_t offset) {
        FaultyDisk::Node& node = *disk->names.at(name);
        node.now[offset] = static_cast<char>(node.now[offset] ^ 1);
        node.durable = node.now;
    }
    std::uint64_t count(const std::string& prefix) const {
        return static_cast<std::uint64_t>(
            std::count_if(disk->names.begin(), disk->names.end(), [&](const auto& entry) { return entry.first.starts_with(prefix); }));
    }
    bool damage_reported() const {
        return std::any_of(reports.begin(), reports.end(), [](const Report& report) { return report.damage; });
    }
    static constexpr std::uint64_t segment_size = 128 * 1024;
};

TEST(LogEngine, KeepsMailOverAReopening) {
    Log log;
    const QueueId first = log.put("first body", {"a", "b"});
    const QueueId second = log.put("second body", {"a"}, 50);
    const Claim claim = log.claim("a", 1, 0, 100).at(0);
    ASSERT_TRUE(log.update(ref_of(claim), 70, "tried").has_value());
    ASSERT_TRUE(log.done(log.claim("b", 1, 0, 100).at(0)).has_value());
    for (const bool closed : {true, false}) {
        if (closed) log.close();
        log.open();
        EXPECT_TRUE(log.reports.empty());
        EXPECT_EQ(log.engine->totals().jobs, 2U);
        EXPECT_EQ(log.body(first).value(), "first body");
        EXPECT_EQ(log.get(first)->jobs.at(0).data, "tried");
        EXPECT_EQ(log.get(first)->jobs.at(0).next_at, at(70));
        EXPECT_EQ(log.get(first)->jobs.at(0).attempts, 3U);
        EXPECT_EQ(log.get(second)->jobs.at(0).next_at, at(50));
        EXPECT_EQ(log.engine->next_due(), at(50));
    }
    EXPECT_GT(log.engine->next_id(TimePoint{}), second);
}

TEST(LogEngine, StartsBySummariesOfFullSegments) {
    Log log;
    std::vector<QueueId> ids;
    for (int i = 0; i < 200; ++i) ids.push_back(log.put("body " + std::to_string(i) + std::string(3'000, 'x'), {"q"}));
    const std::uint64_t segments = log.count("segment-");
    EXPECT_GT(segments, 4U);
    log.close();
    // What a summary says is not read from the records: damage there is found when the body is asked for.
    log.flip(segment_name(1), first_record + 1'000);
    log.open();
    EXPECT_TRUE(log.reports.empty());
    EXPECT_EQ(log.engine->totals().messages, 200U);
    EXPECT_EQ(log.body(ids[0]).error().trouble, Trouble::damaged);
    EXPECT_EQ(log.body(ids[199]).value().substr(0, 8), "body 199");
}

TEST(LogEngine, ReadsTheRecordsWhenASummaryIsDamaged) {
    Log log;
    for (int i = 0; i < 100; ++i) log.put(std::string(3'000, 'x'), {"q"});
    log.close();
    log.flip(segment_name(1), Log::segment_size - 20);
    log.open();
    EXPECT_EQ(log.engine->totals().messages, 100U);
    EXPECT_FALSE(log.damage_reported());
}

TEST(LogEngine, ADamagedRecordIsSetAsideOnceAndBlocksNothing) {
    Log log;
    const QueueId lost = log.put("lost", {"q"});
    const QueueId kept = log.put("kept", {"q"});
    log.close();
    log.flip(segment_name(1), first_record + record_header_size + 1);
    log.open();
    ASSERT_EQ(log.reports.size(), 1U);
    EXPECT_TRUE(log.reports[0].damage);
    EXPECT_NE(log.reports[0].message.find(to_text(lost)), std::string::npos);
    EXPECT_EQ(log.count("damaged/segment-00000001-4096.bin"), 1U);
    EXPECT_EQ(log.get(lost).error().trouble, Trouble::gone);
    EXPECT_EQ(log.body(kept).value(), "kept");
    log.open();
    EXPECT_TRUE(log.reports.empty());
}

TEST(LogEngine, ARecordDamagedWhileItRunsLeavesTheQueueWithAReport) {
    Log log;
    const QueueId lost = log.put("lost", {"q"});
    log.put("kept", {"q"});
    log.flip(segment_name(1), first_record + record_header_size + 1);
    const std::vector<Claim> claims = log.claim("q", 10, 0, 100);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_EQ(*claims[0].meta, "meta of kept");
    log.settle_down();
    ASSERT_EQ(log.later.size(), 1U);
    EXPECT_NE(log.later[0].find(to_text(lost)), std::string::npos);
    EXPECT_EQ(log.count("damaged/"), 1U);
    EXPECT_EQ(log.engine->totals().messages, 1U);
}

TEST(LogEngine, AJobWithADamagedLastStateGoesOnFromItsFirst) {
    Log log;
    const QueueId id = log.put("x", {"q"});
    const std::uint64_t before = log.engine->space().used_bytes;
    ASSERT_TRUE(log.update(ref_of(log.claim("q", 1, 0, 100).at(0)), 5, "tried").has_value());
    log.flip(segment_name(1), before + record_header_size + 20);
    const std::vector<Claim> claims = log.claim("q", 1, 5, 100);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_EQ(claims[0].job.data, "data of q");
    ASSERT_EQ(log.later.size(), 1U);
    EXPECT_NE(log.later[0].find(to_text(id)), std::string::npos);
}

TEST(LogEngine, AWriteThatWasCutOffIsClearedQuietly) {
    Log log;
    log.put("kept", {"q"});
    const std::uint64_t end = log.engine->space().used_bytes;
    log.put(std::string(500, 't'), {"q"});
    const std::uint64_t torn = log.engine->space().used_bytes - 50;
    log.engine.reset();
    log.flip(segment_name(1), torn);
    log.open();
    ASSERT_EQ(log.reports.size(), 1U);
    EXPECT_FALSE(log.reports[0].damage);
    EXPECT_EQ(log.engine->totals().messages, 1U);
    EXPECT_EQ(log.engine->space().used_bytes, end);
    log.put("next", {"q"});
    log.open();
    EXPECT_TRUE(log.reports.empty());
    EXPECT_EQ(log.engine->totals().messages, 2U);
}

TEST(LogEngine, DamageInTheLastGroupOfASpoolThatWasClosedIsReported) {
    Log log;
    log.put("lost", {"q"});
    log.close();
    log.flip(segment_name(1), first_record + 2);
    log.open();
    EXPECT_TRUE(log.damage_reported());
}

TEST(LogEngine, ALostSegmentAndALostHeaderAreReported) {
    Log log;
    for (int i = 0; i < 200; ++i) log.put(std::string(3'000, 'x'), {"q"});
    log.close();
    log.disk->names.erase(segment_name(2));
    log.flip(segment_name(3), 20);
    log.open();
    // The third one's header would have told of the second.
    ASSERT_EQ(log.reports.size(), 1U);
    EXPECT_NE(log.reports[0].message.find("header"), std::string::npos);
    log.close();
    log.disk->names.erase(segment_name(4));
    log.open();
    ASSERT_EQ(log.reports.size(), 1U);
    EXPECT_NE(log.reports[0].message.find("missing"), std::string::npos);
    EXPECT_GT(log.engine->totals().messages, 50U);
}

TEST(LogEngine, RefusesASpoolOfANewerVersion) {
    Log log;
    log.put("x", {"q"});
    log.close();
    std::string& bytes = log.disk->names.at(segment_name(1))->now;
    auto header = decode_segment_header(bytes).value();
    header.version = format_version + 1;
    bytes.replace(0, segment_header_size, encode(header));
    const auto opened = log.try_open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_NE(opened.error().message.find("newer"), std::string::npos);
}

TEST(LogEngine, RefusesASpoolThatIsInUse) {
    Log log;
    const auto second = log.try_open();
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().message.find("in use"), std::string::npos);
}

TEST(LogEngine, ManyCallersShareOneSync) {
    Log log;
    log.put("x", {"q"});
    log.settle_down();
    int kept = 0;
    for (int i = 0; i < 100; ++i) {
        Batch batch;
        batch.messages.push_back(log.message("x", {"q"}));
        log.engine->commit(std::move(batch), [&](Stored<Committed> committed) { kept += committed.has_value() ? 1 : 0; });
    }
    log.disk->syncs = 0;
    ASSERT_TRUE(log.loop.run_until([&] { return kept == 100; }));
    EXPECT_EQ(log.disk->syncs, 1U);
}

TEST(LogEngine, AFullDiskRefusesNewMailAndStillSettles) {
    Log log;
    log.open(4 * Log::segment_size);
    std::vector<QueueId> kept;
    Stored<Committed> last = Committed{};
    while (last) {
        last = log.try_put(5'000);
        if (last) kept.push_back({});
        ASSERT_LT(kept.size(), 1'000U);
    }
    EXPECT_EQ(last.error().trouble, Trouble::full);
    EXPECT_TRUE(log.engine->space().full);
    EXPECT_NE(last.error().message.find("max_size"), std::string::npos);
    auto draft = log.engine->draft();
    draft->append(std::string(100'000, 'x'));
    EXPECT_EQ(log.loop.wait<Stored<void>>([&](auto then) { draft->writable(then); }).error().trouble, Trouble::full);
    draft.reset();
    // Settlements that need more than what is left of the segment.
    const std::vector<Claim> claims = log.claim("q", 1'000, 0, 100);
    EXPECT_EQ(claims.size(), kept.size());
    for (const Claim& claim : claims) ASSERT_TRUE(log.update(ref_of(claim), 5, std::string(1'000, 'd')).has_value());
    for (const Claim& claim : log.claim("q", 1'000, 5, 100)) ASSERT_TRUE(log.done(claim).has_value());
    log.settle_down();
    EXPECT_FALSE(log.engine->space().full);
    EXPECT_TRUE(log.try_put(5'000).has_value());
    EXPECT_EQ(log.engine->totals().messages, 1U);
}

TEST(LogEngine, AFullDiskIsLookedAtAgain) {
    Log log;
    log.disk->capacity = 4 * Log::segment_size;
    while (log.try_put(5'000)) {
    }
    EXPECT_TRUE(log.engine->space().full);
    log.pass_time();
    EXPECT_TRUE(log.engine->space().full);
    log.disk->capacity = 0;
    log.pass_time();
    EXPECT_FALSE(log.engine->space().full);
    EXPECT_TRUE(log.try_put(5'000).has_value());
}

TEST(LogEngine, AFailedSyncRefusesNewMailAndWritesSettlementsAnew) {
    Log log;
    log.put("x", {"q"});
    log.put("y", {"q"});
    const std::vector<Claim> claims = log.claim("q", 2, 0, 100);
    log.disk->fail_syncs = 1;
    Batch mail;
    mail.messages.push_back(log.message("lost", {"q"}));
    std::optional<Stored<Committed>> mail_result;
    log.engine->commit(std::move(mail), [&](Stored<Committed> result) { mail_result = std::move(result); });
    EXPECT_TRUE(log.done(claims[0]).has_value());
    ASSERT_TRUE(mail_result.has_value());
    EXPECT_EQ(mail_result->error().trouble, Trouble::failing);
    EXPECT_FALSE(log.engine->space().failing);
    EXPECT_EQ(log.count(segment_name(2)), 1U);
    EXPECT_TRUE(log.try_put(10).has_value());
    log.crash();
    log.open();
    EXPECT_EQ(log.engine->totals().messages, 2U);
    EXPECT_TRUE(log.reports.empty());
}

TEST(LogEngine, ADiskThatKeepsFailingIsTriedWithFreshSegments) {
    Log log;
    log.put("x", {"q"});
    const Claim claim = log.claim("q", 1, 0, 100).at(0);
    log.disk->sync_faults = 1000;
    EXPECT_EQ(log.try_put(10).error().trouble, Trouble::failing);
    EXPECT_EQ(log.done(claim).error().trouble, Trouble::failing);
    EXPECT_TRUE(log.engine->space().failing);
    EXPECT_NE(log.engine->space().message.find("/spool"), std::string::npos);
    log.pass_time();
    EXPECT_TRUE(log.engine->space().failing);
    log.disk->sync_faults = 0;
    log.pass_time();
    EXPECT_FALSE(log.engine->space().failing);
    EXPECT_TRUE(log.done(claim).has_value());
    EXPECT_TRUE(log.try_put(10).has_value());
}

TEST(LogEngine, OneOldMessageDoesNotHoldTheLog) {
    Log log;
    const QueueId old = log.put("the old one", {"old"});
    ASSERT_TRUE(log.update({old, 0, 0}, 90, "tried").has_value());
    std::string large(60'000, 'l');
    const QueueId chunked = log.put(large, {"old"});
    for (int i = 0; i < 600; ++i) {
        ASSERT_TRUE(log.try_put(3'000, "new").has_value());
        ASSERT_TRUE(log.done(log.claim("new", 1, 0, 100).at(0)).has_value());
    }
    log.settle_down();
    EXPECT_LT(log.count("segment-"), 8U);
    for (const bool reopened : {false, true}) {
        if (reopened) log.open();
        EXPECT_TRUE(log.reports.empty());
        EXPECT_EQ(log.engine->totals().messages, 2U);
        EXPECT_EQ(log.body(old).value(), "the old one");
        EXPECT_EQ(log.get(old)->jobs.at(0).data, "tried");
        EXPECT_EQ(log.get(old)->jobs.at(0).next_at, at(90));
        EXPECT_TRUE(log.body(chunked).value() == large);
    }
    EXPECT_TRUE(log.later.empty());
}

TEST(LogEngine, AClaimThatWasCopiedForwardEndsWithTheProcess) {
    Log log;
    const QueueId old = log.put("the old one", {"old"});
    ASSERT_EQ(log.claim("old", 1, 100, 1'000'000).size(), 1U);
    for (int i = 0; i < 600; ++i) {
        ASSERT_TRUE(log.try_put(3'000, "new").has_value());
        ASSERT_TRUE(log.done(log.claim("new", 1, 0, 100).at(0)).has_value());
    }
    log.settle_down();
    ASSERT_EQ(log.count(segment_name(1)), 0U);
    log.crash();
    log.open();
    const auto claims = log.claim("old", 1, 100, 200);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_EQ(claims.at(0).id, old);
}

TEST(LogEngine, DamageTravelsWithACopy) {
    Log log;
    const QueueId old = log.put("the old one", {"old"});
    const std::uint64_t end = log.engine->space().used_bytes;
    log.flip(segment_name(1), end - 8);
    for (int i = 0; i < 600; ++i) {
        ASSERT_TRUE(log.try_put(3'000, "new").has_value());
        ASSERT_TRUE(log.done(log.claim("new", 1, 0, 100).at(0)).has_value());
    }
    log.settle_down();
    EXPECT_EQ(log.count(segment_name(1)), 0U);
    EXPECT_EQ(log.body(old).error().trouble, Trouble::damaged);
    EXPECT_TRUE(log.get(old).has_value());
}

TEST(LogEngine, ABatchLargerThanASegmentGetsOneOfItsOwn) {
    Log log;
    Batch batch;
    std::vector<QueueId> ids;
    for (int i = 0; i < 20; ++i) {
        batch.messages.push_back(log.message(std::string(15'000, static_cast<char>('a' + i)), {"q"}));
        ids.push_back(batch.messages.back().id);
    }
    ASSERT_TRUE(log.commit(std::move(batch)).has_value());
    log.crash();
    log.open();
    EXPECT_TRUE(log.reports.empty());
    for (int i = 0; i < 20; ++i) EXPECT_EQ(log.body(ids[static_cast<std::size_t>(i)]).value(), std::string(15'000, static_cast<char>('a' + i)));
}

TEST(LogEngine, ABodyCanBeReadWhileItsMessageIsSettled) {
    Log log;
    const std::string large(300'000, 'l');
    const QueueId id = log.put(large, {"q"});
    using Opened = Stored<std::unique_ptr<BodyReader>>;
    auto reader = log.loop.wait<Opened>([&](auto then) { log.engine->open_body(id, [then](Opened opened) { then(std::move(opened)); }); });
    ASSERT_TRUE(reader.has_value());
    ASSERT_TRUE(log.done(log.claim("q", 1, 0, 100).at(0)).has_value());
    for (int i = 0; i < 300; ++i) {
        ASSERT_TRUE(log.try_put(3'000, "new").has_value());
        ASSERT_TRUE(log.done(log.claim("new", 1, 0, 100).at(0)).has_value());
    }
    std::string text;
    while (true) {
        auto part = log.loop.wait<Stored<std::string>>([&](auto then) { (*reader)->next(then); });
        ASSERT_TRUE(part.has_value());
        if (part->empty()) break;
        text += *part;
    }
    EXPECT_TRUE(text == large);
    const std::uint64_t held = log.engine->space().used_bytes;
    reader->reset();
    EXPECT_LT(log.engine->space().used_bytes, held);
}

TEST(LogEngine, FilesAreForTheOwnerOnlyAndTheLockHolds) {
    TestFolder folder;
    Waiting waiting;
    LogOptions options{.directory = folder.path() + "/spool", .segment_size = 1024 * 1024};
    waiting.engine = std::move(open_log(options, waiting.loop.post())->engine);
    waiting.put("x", {"q"});
    struct stat status {};
    ASSERT_EQ(::stat((options.directory + "/segment-00000001.log").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(options.directory.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_FALSE(open_log(options, waiting.loop.post()).has_value());
    EXPECT_TRUE(check_spool(options.directory)->in_use);
    waiting.close();
    const auto check = check_spool(options.directory);
    EXPECT_FALSE(check->in_use);
    EXPECT_EQ(check->messages, 1U);
    EXPECT_TRUE(open_log(options, waiting.loop.post()).has_value());
}

}  // namespace
}  // namespace ph::store::log

// obs/log_test.cc: Log: levels, buffer, flush.
#include "obs/log.h"

#include <gtest/gtest.h>

namespace ph::obs {
namespace {

struct Fixture {
    TimePoint now{Milliseconds(1'795'547'191'042)};
    std::vector<std::string> flushed;
    Log log;
    explicit Fixture(Level level = Level::info, Format format = Format::text)
        : log(
              level, format, [this] { return now; }, [this](std::string_view lines) { flushed.emplace_back(lines); }) {}
};

TEST(ObsLog, GathersLinesUntilFlush) {
    Fixture f;
    f.log.write(Level::info, "a.b", {{"x", "1"}, {"none", ""}});
    f.now += Milliseconds(7);
    f.log.write(Level::notice, "c.d", {});
    EXPECT_TRUE(f.flushed.empty());
    f.log.flush();
    f.log.flush();
    ASSERT_EQ(f.flushed.size(), 1U);
    EXPECT_EQ(f.flushed[0], rfc3339_date(f.now - Milliseconds(7)) + " info a.b x=1\n" + rfc3339_date(f.now) + " notice c.d\n");
}

TEST(ObsLog, StampsEachRecordWithItsOwnTime) {
    Fixture f;
    std::string expected;
    for (const int step : {0, 1, 9, 90, 900, 5, 1000, 3'599'999, -2000}) {
        f.now += Milliseconds(step);
        f.log.write(Level::info, "tick", {});
        expected += rfc3339_date(f.now) + " info tick\n";
    }
    f.log.flush();
    EXPECT_EQ(f.flushed.at(0), expected);
}

TEST(ObsLog, FlushesWarningsAndErrorsAtOnce) {
    Fixture f;
    f.log.write(Level::info, "first", {});
    f.log.write(Level::warning, "second", {});
    ASSERT_EQ(f.flushed.size(), 1U);
    EXPECT_NE(f.flushed[0].find("first"), std::string::npos);
    f.log.write(Level::error, "third", {});
    EXPECT_EQ(f.flushed.size(), 2U);
}

TEST(ObsLog, LeavesOutWhatIsBelowItsLevel) {
    Fixture f(Level::notice);
    EXPECT_FALSE(f.log.enabled(Level::info));
    f.log.write(Level::info, "quiet", {});
    f.log.set_level(Level::debug);
    f.log.write(Level::debug, "loud", {});
    f.log.flush();
    EXPECT_EQ(f.flushed.at(0), rfc3339_date(f.now) + " debug loud\n");
}

TEST(ObsLog, FlushesAFullBufferAndAtItsEnd) {
    std::size_t bytes = 0;
    std::size_t calls = 0;
    {
        Log log(
            Level::info, Format::json, [] { return TimePoint{}; }, [&](std::string_view lines) { bytes += lines.size(), ++calls; });
        const std::string value(1000, 'x');
        for (int i = 0; i < 100; ++i) log.write(Level::info, "e", {{"value", value}});
        EXPECT_EQ(calls, 1U);
    }
    EXPECT_EQ(calls, 2U);
    EXPECT_GT(bytes, 100'000U);
}

}  // namespace
}  // namespace ph::obs

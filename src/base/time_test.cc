// base/time_test.cc: dates, durations, sizes.
#include "base/time.h"

#include <gtest/gtest.h>

namespace ph {
namespace {

constexpr TimePoint evening{std::chrono::sys_days(std::chrono::year(2026) / 11 / 4) + std::chrono::hours(9) + std::chrono::minutes(6) +
                            std::chrono::seconds(3) + Milliseconds(42)};

TEST(Time, DatesAreWrittenAsTheHeadersWantThem) {
    EXPECT_EQ(rfc5322_date(evening), "Wed, 4 Nov 2026 09:06:03 +0000");
    EXPECT_EQ(rfc3339_date(evening), "2026-11-04T09:06:03.042Z");
}

TEST(Time, DurationsAreReadAndWrittenWithUnits) {
    EXPECT_EQ(parse_duration("300"), Seconds(300));
    EXPECT_EQ(parse_duration("5d"), Seconds(432'000));
    EXPECT_EQ(parse_duration("2W"), Seconds(1'209'600));
    EXPECT_EQ(duration_text(Seconds(432'000)), "5d");
    EXPECT_EQ(duration_text(Seconds(90)), "90s");
    EXPECT_EQ(duration_text(Seconds(0)), "0s");
    for (const std::string_view bad : {"", "d", "-5m", "5 m", "5mm", "1.5h", "99999999999w"}) EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Time, SizesAreReadAndWrittenWithUnits) {
    EXPECT_EQ(parse_bytes("50M"), 50ULL << 20U);
    EXPECT_EQ(parse_bytes("64K"), 65'536U);
    EXPECT_EQ(bytes_text(50ULL << 20U), "50M");
    EXPECT_EQ(bytes_text(1000), "1000");
    for (const std::string_view bad : {"", "M", "-1", "5T", "99999999999999999999", "99999999999G"}) EXPECT_FALSE(parse_bytes(bad)) << bad;
}

}  // namespace
}  // namespace ph

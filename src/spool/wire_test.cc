// spool/wire_test.cc: the bounds of numbers and lengths.
#include "spool/wire.h"

#include <gtest/gtest.h>

namespace ph::spool {
namespace {

TEST(Wire, ReadsBackNumbersOfEveryLength) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t value : {(1ULL << bit) - 1, 1ULL << bit, (1ULL << bit) + 1}) {
            std::string bytes;
            append_varint(bytes, value);
            std::string_view rest = bytes;
            std::uint64_t read = 0;
            ASSERT_TRUE(take_varint(rest, read)) << value;
            EXPECT_EQ(read, value);
            EXPECT_TRUE(rest.empty());
        }
    }
}

TEST(Wire, RefusesNumbersOfMoreThan64Bits) {
    for (const std::string& bytes : {std::string(9, '\xFF') + '\x02', std::string(10, '\x80') + '\x01', std::string("\x80"), std::string()}) {
        std::string_view rest = bytes;
        std::uint64_t read = 0;
        EXPECT_FALSE(take_varint(rest, read)) << bytes.size();
    }
}

TEST(Wire, StopsAtALengthBeyondTheEnd) {
    FieldReader fields("\x03\x05shor");
    Field field;
    EXPECT_FALSE(fields.next(field));
    EXPECT_TRUE(fields.broken());
    EXPECT_EQ(fields.offset(), 2U);
}

TEST(Wire, KeepsTimesBeforeAndAfterTheEpoch) {
    for (const std::int64_t ms : {std::int64_t{1}, std::int64_t{-1}, INT64_MAX, INT64_MIN, std::int64_t{1'800'000'000'000}}) {
        std::string bytes;
        FieldWriter(bytes).time(4, TimePoint(Milliseconds(ms)));
        FieldReader fields(bytes);
        Field field;
        ASSERT_TRUE(fields.next(field));
        EXPECT_EQ(field.time().time_since_epoch().count(), ms);
        EXPECT_FALSE(fields.next(field));
        EXPECT_FALSE(fields.broken());
    }
}

}  // namespace
}  // namespace ph::spool

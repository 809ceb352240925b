// io/memory_stream_test.cc: streams in memory behave as sockets do.
#include "io/memory_stream.h"

#include <gtest/gtest.h>

#include "io/test_world.h"

namespace ph::io {
namespace {

class IoMemoryStream : public ::testing::Test {
  protected:
    TestWorld world;
    Endpoint client = *parse_endpoint("192.0.2.1:1000");
    Endpoint server = *parse_endpoint("192.0.2.2:25");
    MemoryStreamPair pair = memory_stream_pair(world, client, server, {.capacity = 8, .max_read = 3});
    std::optional<IoResult<void>> written;

    Task<void> keep(Stream& stream, std::string bytes) {
        const IoResult<void> result = co_await stream.write(bytes, Seconds(2));
        written = result;
    }
    IoResult<std::string> read(Stream& stream) {
        const auto bytes = world.wait_for(stream.read(Seconds(1)));
        if (!bytes) return tl::unexpected(bytes.error());
        return std::string(*bytes);
    }
};

TEST_F(IoMemoryStream, KnowsItsEnds) {
    EXPECT_EQ(pair.near->local(), client);
    EXPECT_EQ(pair.near->peer(), server);
    EXPECT_EQ(pair.far->local(), server);
    EXPECT_EQ(pair.far->peer(), client);
}

TEST_F(IoMemoryStream, MakesAWriterWaitForRoom) {
    world.spawn(keep(*pair.near, "0123456789"));
    world.run_until_idle();
    EXPECT_FALSE(written);
    EXPECT_EQ(*read(*pair.far), "012");
    world.run_until_idle();
    ASSERT_TRUE(written);
    EXPECT_TRUE(*written);
    std::string rest;
    for (int i = 0; i < 3; ++i) rest += *read(*pair.far);
    EXPECT_EQ(rest, "3456789");
}

TEST_F(IoMemoryStream, TimesOutAReaderAndAWriter) {
    EXPECT_EQ(read(*pair.far).error().trouble, IoTrouble::timed_out);
    world.spawn(keep(*pair.near, "0123456789"));
    world.advance(Seconds(2));
    ASSERT_TRUE(written);
    EXPECT_EQ(written->error().trouble, IoTrouble::timed_out);
}

TEST_F(IoMemoryStream, GivesTheRestAndThenTheEnd) {
    world.spawn(keep(*pair.near, "bye"));
    world.run_until_idle();
    pair.near.reset();
    EXPECT_EQ(*read(*pair.far), "bye");
    EXPECT_EQ(*read(*pair.far), "");
    world.spawn(keep(*pair.far, "anyone?"));
    world.run_until_idle();
    EXPECT_EQ(written->error().trouble, IoTrouble::closed);
}

TEST_F(IoMemoryStream, LosesEverythingOnReset) {
    world.spawn(keep(*pair.near, "lost"));
    world.run_until_idle();
    pair.near->reset();
    EXPECT_EQ(read(*pair.far).error().trouble, IoTrouble::closed);
    world.spawn(keep(*pair.far, "x"));
    world.run_until_idle();
    EXPECT_EQ(written->error().trouble, IoTrouble::closed);
}

Task<void> read_trouble(Stream& stream, std::optional<IoTrouble>& trouble) {
    const IoResult<std::string_view> bytes = co_await stream.read(never);
    if (!bytes) trouble = bytes.error().trouble;
}

TEST_F(IoMemoryStream, EndsAReadThatIsCancelledOrClosed) {
    std::optional<IoTrouble> trouble;
    world.spawn(read_trouble(*pair.far, trouble));
    world.run_until_idle();
    pair.far->cancel();
    world.run_until_idle();
    EXPECT_EQ(trouble, IoTrouble::cancelled);
    world.spawn(read_trouble(*pair.far, trouble));
    world.run_until_idle();
    pair.far->close();
    world.run_until_idle();
    EXPECT_EQ(trouble, IoTrouble::closed);
}

}  // namespace
}  // namespace ph::io

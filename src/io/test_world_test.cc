// io/test_world_test.cc: the world of the tests: its clock, its network, its names.
#include "io/test_world.h"

#include <thread>

#include <gtest/gtest.h>

#include "io/completion.h"
#include "io/signal.h"

namespace ph::io {
namespace {

const Endpoint smtp = *parse_endpoint("192.0.2.1:25");

Task<void> note_after(World& world, Milliseconds time, std::vector<std::string>& notes, std::string note) {
    co_await world.sleep(time);
    notes.push_back(note + '@' + std::to_string(world.ticks().count() % 1000));
}

TEST(IoTestWorld, LetsTimePassFromAlarmToAlarm) {
    TestWorld world;
    std::vector<std::string> notes;
    world.spawn(note_after(world, Milliseconds(30), notes, "late"));
    world.spawn(note_after(world, Milliseconds(10), notes, "early"));
    world.spawn(note_after(world, Milliseconds(10), notes, "second"));
    world.run_until_idle();
    EXPECT_TRUE(notes.empty());
    world.advance(Milliseconds(10));
    EXPECT_EQ(notes, (std::vector<std::string>{"early@10", "second@10"}));
    const TimePoint before = world.now();
    EXPECT_TRUE(world.run_until([&] { return notes.size() == 3; }));
    EXPECT_EQ(notes[2], "late@30");
    EXPECT_EQ(world.now() - before, Milliseconds(20));
    EXPECT_FALSE(world.run_until([] { return false; }));
}

TEST(IoTestWorld, DestroysWhatStillWaits) {
    std::vector<std::string> notes;
    TestWorld world;
    world.spawn(note_after(world, Seconds(10), notes, "never"));
    world.run_until_idle();
}

Task<void> echo(std::shared_ptr<Listener> listener) {
    IoResult<std::unique_ptr<Stream>> stream = co_await listener->accept();
    while (stream) {
        const IoResult<std::string_view> bytes = co_await (*stream)->read(Seconds(5));
        if (!bytes || bytes->empty()) co_return;
        const std::string copy(*bytes);
        const IoResult<void> written = co_await (*stream)->write(copy, Seconds(5));
        if (!written) co_return;
    }
}

Task<std::string> ask(World& world, Endpoint to, std::string words) {
    IoResult<std::unique_ptr<Stream>> stream = co_await world.connect(to, std::nullopt, Seconds(5));
    if (!stream) co_return stream.error().message;
    const IoResult<void> written = co_await (*stream)->write(words, Seconds(5));
    if (!written) co_return written.error().message;
    std::string heard;
    while (heard.size() < words.size()) {
        const IoResult<std::string_view> bytes = co_await (*stream)->read(Seconds(5));
        if (!bytes || bytes->empty()) break;
        heard += *bytes;
    }
    co_return heard;
}

TEST(IoTestWorld, ConnectsClientsToListeners) {
    TestWorld world;
    auto listener = world.listen(*parse_endpoint("0.0.0.0:25"));
    ASSERT_TRUE(listener);
    EXPECT_FALSE(world.listen(*parse_endpoint("0.0.0.0:25")));
    world.spawn(echo(std::move(*listener)));
    world.set_streams({.capacity = 7, .max_read = 2});
    EXPECT_EQ(world.wait_for(ask(world, smtp, "hello, world")), "hello, world");
    EXPECT_EQ(world.wait_for(ask(world, *parse_endpoint("192.0.2.1:26"), "hello")), "connection refused");
}

TEST(IoTestWorld, ReachesHostsAsScripted) {
    TestWorld world;
    auto listener = world.listen(smtp);
    world.set_reach(smtp, TestWorld::Reach::silent);
    const Milliseconds before = world.ticks();
    EXPECT_EQ(world.wait_for(ask(world, smtp, "x")), "timed out");
    EXPECT_EQ(world.ticks() - before, Seconds(5));
    world.set_reach(smtp, TestWorld::Reach::unreachable);
    EXPECT_EQ(world.wait_for(ask(world, smtp, "x")), "no route to host");
    world.set_reach(smtp, TestWorld::Reach::refused);
    EXPECT_EQ(world.wait_for(ask(world, smtp, "x")), "connection refused");
}

TEST(IoTestWorld, DialsFromAnyAddress) {
    TestWorld world;
    auto listener = world.listen(smtp);
    const Endpoint client = *parse_endpoint("198.51.100.7:1234");
    auto near = world.dial(smtp, client);
    ASSERT_NE(near, nullptr);
    auto far = world.wait_for((*listener)->accept());
    ASSERT_TRUE(far);
    EXPECT_EQ((*far)->peer(), client);
    EXPECT_EQ((*far)->local(), smtp);
    EXPECT_EQ(world.dial(client, smtp), nullptr);
}

Task<void> accept_once(Listener& listener, std::optional<IoTrouble>& trouble) {
    const IoResult<std::unique_ptr<Stream>> stream = co_await listener.accept();
    if (!stream) trouble = stream.error().trouble;
}

TEST(IoTestWorld, EndsAcceptWhenTheListenerCloses) {
    TestWorld world;
    auto listener = world.listen(smtp);
    std::optional<IoTrouble> trouble;
    world.spawn(accept_once(**listener, trouble));
    world.run_until_idle();
    EXPECT_FALSE(trouble);
    (*listener)->close();
    world.run_until_idle();
    EXPECT_EQ(trouble, IoTrouble::closed);
    EXPECT_TRUE(world.listen(smtp));
}

TEST(IoTestWorld, RunsProgramsAsScripted) {
    TestWorld world;
    EXPECT_FALSE(world.wait_for(world.run({.argv = {"/bin/x"}}, nullptr)));
    world.on_run = [](const Program& program, const std::string& input) -> Result<ProgramResult> {
        return ProgramResult{.status = 75, .timed_out = false, .output = program.argv[0] + ' ' + input};
    };
    int left = 2;
    const auto result = world.wait_for(world.run({.argv = {"/bin/x"}}, [&] { return left-- > 0 ? std::string("ab") : std::string(); }));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 75);
    EXPECT_EQ(result->output, "/bin/x abab");
}

TEST(IoTestWorld, AnswersNamesAsScripted) {
    TestWorld world;
    world.names().set_mx("Example.org", {{10, "mx.example.org"}});
    world.names().set_address("mx.example.org", {"2001:db8::1", "192.0.2.1"});
    world.names().set_alias("www.example.org", "mx.example.org.");
    world.names().set_failure("broken.example", DnsStatus::temporary, "SERVFAIL");
    const auto mx = world.wait_for(world.resolver().mx("example.org."));
    ASSERT_EQ(mx.status, DnsStatus::found);
    EXPECT_EQ(mx.records[0].host, "mx.example.org");
    const auto addresses = world.wait_for(world.resolver().addresses("www.example.org"));
    EXPECT_EQ(addresses.records.size(), 2U);
    EXPECT_EQ(addresses.canonical_name, "mx.example.org");
    EXPECT_EQ(world.wait_for(world.resolver().mx("mx.example.org")).status, DnsStatus::no_data);
    EXPECT_EQ(world.wait_for(world.resolver().txt("nowhere.example")).status, DnsStatus::no_name);
    EXPECT_EQ(world.wait_for(world.resolver().mx("broken.example")).detail, "SERVFAIL");
    EXPECT_EQ(world.names().questions.front(), "mx example.org");
}

TEST(IoTestWorld, WaitsForOtherThreadsWhenToldTo) {
    TestWorld world;
    world.set_patience(Seconds(20));
    Completion<int> done(world);
    std::thread other([&world, answer = done.callback()] { world.post([answer] { answer(7); }); });
    EXPECT_EQ(world.wait_for(done.take()), 7);
    other.join();
}

TEST(IoTestWorld, DrawsTheSameNumbersFromTheSameSeed) {
    TestWorld one(5);
    TestWorld same(5);
    TestWorld other(6);
    const std::uint64_t number = one.random();
    EXPECT_EQ(number, same.random());
    EXPECT_NE(number, other.random());
}

}  // namespace
}  // namespace ph::io

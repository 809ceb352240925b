// io/socket_stream_test.cc: streams and listeners over TCP and local sockets.
#include "io/socket_stream.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "io/run_to_end.h"

namespace ph::io {
namespace {

using StreamPtr = std::unique_ptr<Stream>;
using ListenerPtr = std::unique_ptr<Listener>;

struct Ends {
    StreamPtr client;
    StreamPtr server;
    Ends(StreamPtr a, StreamPtr b) : client(std::move(a)), server(std::move(b)) {}
};

Task<void> accept_into(Listener& listener, StreamPtr& stream) {
    IoResult<StreamPtr> accepted = co_await listener.accept();
    if (accepted) stream = *std::move(accepted);
}

Task<Ends> connect_both(World& world, Listener& listener) {
    IoResult<StreamPtr> client = co_await world.connect(listener.local(), std::nullopt, Seconds(5));
    IoResult<StreamPtr> server = co_await listener.accept();
    EXPECT_TRUE(client && server);
    co_return Ends(*std::move(client), *std::move(server));
}

Task<std::string> read_some(Stream& stream, Milliseconds timeout) {
    const IoResult<std::string_view> bytes = co_await stream.read(timeout);
    if (!bytes) co_return '!' + std::to_string(static_cast<int>(bytes.error().trouble));
    co_return std::string(*bytes);
}

std::string trouble(IoTrouble trouble) {
    return '!' + std::to_string(static_cast<int>(trouble));
}

Task<std::string> write_all(Stream& stream, std::string bytes, Milliseconds timeout) {
    const IoResult<void> written = co_await stream.write(bytes, timeout);
    if (!written) co_return '!' + std::to_string(static_cast<int>(written.error().trouble));
    co_return "";
}

class IoSocketStream : public ::testing::TestWithParam<const char*> {
  protected:
    IoSocketStream() {
        std::string pattern = std::filesystem::temp_directory_path() / "posthorn-XXXXXX";
        folder = mkdtemp(pattern.data());
        const std::string where = GetParam();
        listener = *world.listen(*parse_endpoint(where == "local" ? "unix:" + folder + "/socket" : where));
        ends.emplace(run_to_end(world, connect_both(world, *listener)));
    }
    ~IoSocketStream() override {
        ends.reset();
        listener.reset();
        std::filesystem::remove_all(folder);
    }
    Stream& client() { return *ends->client; }
    Stream& server() { return *ends->server; }

    std::string folder;
    RealWorld world;
    ListenerPtr listener;
    std::optional<Ends> ends;
};

std::string family_name(const ::testing::TestParamInfo<const char*>& parameter) {
    constexpr std::array names = {"Ipv4", "Ipv6", "Local"};
    return names.at(parameter.index);
}
INSTANTIATE_TEST_SUITE_P(IoSocketStream, IoSocketStream, ::testing::Values("127.0.0.1:0", "[::1]:0", "local"), family_name);

TEST_P(IoSocketStream, CarriesOctetsBothWays) {
    EXPECT_EQ(run_to_end(world, write_all(client(), "EHLO", Seconds(5))), "");
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), "EHLO");
    EXPECT_EQ(run_to_end(world, write_all(server(), "250", Seconds(5))), "");
    EXPECT_EQ(run_to_end(world, read_some(client(), Seconds(5))), "250");
}

TEST_P(IoSocketStream, KnowsItsEnds) {
    EXPECT_EQ(client().peer(), listener->local());
    EXPECT_EQ(server().local(), listener->local());
    if (!listener->local().is_local()) {
        EXPECT_EQ(server().peer(), client().local());
    } else {
        EXPECT_TRUE(server().peer().is_local());
    }
}

TEST_P(IoSocketStream, GivesTheEndOfTheStream) {
    EXPECT_EQ(run_to_end(world, write_all(client(), "QUIT", Seconds(5))), "");
    ends->client.reset();
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), "QUIT");
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), "");
}

TEST_P(IoSocketStream, TimesOutARead) {
    const Milliseconds before = world.ticks();
    EXPECT_EQ(run_to_end(world, read_some(server(), Milliseconds(300))), trouble(IoTrouble::timed_out));
    EXPECT_GE(world.ticks() - before, Milliseconds(300));
    EXPECT_EQ(run_to_end(world, write_all(client(), "late", Seconds(5))), "");
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), "late");
}

TEST_P(IoSocketStream, TimesOutAWriteWhenThePeerTakesNothing) {
    EXPECT_EQ(run_to_end(world, write_all(client(), std::string(64 << 20, 'x'), Milliseconds(300))), trouble(IoTrouble::timed_out));
}

Task<void> write_and_note(Stream& stream, std::string bytes, std::string& note) {
    note = co_await write_all(stream, std::move(bytes), Seconds(20));
}

TEST_P(IoSocketStream, WritesMuchToAReaderThatTakesItsTime) {
    std::string bytes(16 << 20, ' ');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>('a' + i % 23);
    std::string note = "not yet";
    world.spawn(write_and_note(client(), bytes, note));
    run_to_end(world, world.sleep(Milliseconds(20)));
    EXPECT_EQ(note, "not yet") << "more than the kernel keeps";
    std::size_t total = 0;
    while (total < bytes.size()) {
        const std::string some = run_to_end(world, read_some(server(), Seconds(20)));
        ASSERT_FALSE(some.empty() || some[0] == '!');
        ASSERT_EQ(some, std::string_view(bytes).substr(total, some.size()));
        total += some.size();
    }
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(note, "");
}

Task<void> read_and_note(Stream& stream, std::string& note) {
    note = co_await read_some(stream, Seconds(20));
}

TEST_P(IoSocketStream, EndsAReadThatIsCancelled) {
    std::string note;
    world.spawn(read_and_note(server(), note));
    run_to_end(world, world.sleep(Milliseconds(1)));
    server().cancel();
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(note, trouble(IoTrouble::cancelled));
    EXPECT_EQ(run_to_end(world, write_all(client(), "again", Seconds(5))), "");
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), "again");
}

TEST_P(IoSocketStream, EndsAReadThatIsClosed) {
    std::string note;
    world.spawn(read_and_note(server(), note));
    run_to_end(world, world.sleep(Milliseconds(1)));
    server().close();
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(note, trouble(IoTrouble::closed));
    EXPECT_EQ(run_to_end(world, write_all(server(), "x", Seconds(5))), trouble(IoTrouble::closed));
    EXPECT_EQ(run_to_end(world, read_some(server(), Seconds(5))), trouble(IoTrouble::closed));
}

TEST_P(IoSocketStream, KeepsReadingWhileAWriteTimesOut) {
    std::string read_note = "waiting";
    world.spawn(read_and_note(client(), read_note));
    EXPECT_EQ(run_to_end(world, write_all(client(), std::string(64 << 20, 'x'), Milliseconds(300))), trouble(IoTrouble::timed_out));
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(read_note, "waiting");
    EXPECT_EQ(run_to_end(world, write_all(server(), "hello", Seconds(5))), "");
    run_to_end(world, world.sleep(Milliseconds(20)));
    EXPECT_EQ(read_note, "hello");
}

Task<void> own_and_note(StreamPtr stream, std::string& note) {
    note = co_await read_some(*stream, Seconds(20));
}

TEST_P(IoSocketStream, DestroysACoroutineThatStillReads) {
    std::string note = "waiting";
    world.spawn(own_and_note(std::move(ends->server), note));
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(note, "waiting");
}

TEST(IoSocketStreamListener, TellsWhenThePeerResets) {
    RealWorld world;
    const ListenerPtr listener = *world.listen(*parse_endpoint("127.0.0.1:0"));
    const int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const SocketAddress address = socket_address(listener->local());
    ASSERT_EQ(connect(raw, address.get(), address.size), 0);
    StreamPtr server;
    run_to_end(world, accept_into(*listener, server));
    const linger at_once{1, 0};
    setsockopt(raw, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(raw);
    EXPECT_EQ(run_to_end(world, read_some(*server, Seconds(5))), trouble(IoTrouble::closed));
    EXPECT_EQ(run_to_end(world, write_all(*server, "x", Seconds(5))), trouble(IoTrouble::closed));
}

TEST(IoSocketStreamListener, RefusesAnAddressInUseAndTakesAStaleLocalSocket) {
    std::string pattern = std::filesystem::temp_directory_path() / "posthorn-XXXXXX";
    const std::string folder = mkdtemp(pattern.data());
    RealWorld world;
    const ListenerPtr tcp = *world.listen(*parse_endpoint("127.0.0.1:0"));
    const auto twice = world.listen(tcp->local());
    ASSERT_FALSE(twice);
    EXPECT_NE(twice.error().message.find(to_text(tcp->local())), std::string::npos);
    const Endpoint path = *parse_endpoint("unix:" + folder + "/s");
    {
        const int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const SocketAddress address = socket_address(path);
        ASSERT_EQ(bind(stale, address.get(), address.size), 0);
        close(stale);
    }
    ListenerPtr local = *world.listen(path);
    EXPECT_FALSE(world.listen(path)) << "a live one is left alone";
    EXPECT_TRUE(std::filesystem::exists(path.path));
    local.reset();
    EXPECT_FALSE(std::filesystem::exists(path.path));
    std::filesystem::remove_all(folder);
}

int option(int descriptor, int level, int name) {
    int value = -1;
    socklen_t size = sizeof(value);
    getsockopt(descriptor, level, name, &value, &size);
    return value;
}

// The descriptors of TCP connections that this process has open.
std::vector<int> tcp_connections() {
    std::vector<int> found;
    for (int descriptor = 3; descriptor < 256; ++descriptor) {
        SocketAddress address;
        if (option(descriptor, SOL_SOCKET, SO_DOMAIN) == AF_INET && getpeername(descriptor, address.get(), &address.size) == 0)
            found.push_back(descriptor);
    }
    return found;
}

TEST(IoSocketStreamListener, OpensConnectionsWithoutDelayAndWithoutHeirs) {
    RealWorld world;
    const ListenerPtr listener = *world.listen(*parse_endpoint("127.0.0.1:0"));
    const Ends ends = run_to_end(world, connect_both(world, *listener));
    const std::vector<int> connections = tcp_connections();
    EXPECT_EQ(connections.size(), 2U);
    for (const int descriptor : connections) {
        EXPECT_NE(option(descriptor, IPPROTO_TCP, TCP_NODELAY), 0);
        EXPECT_EQ(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
        EXPECT_EQ(fcntl(descriptor, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    }
}

TEST(IoSocketStreamListener, TakesAnInheritedSocketAndNoOther) {
    RealWorld world;
    const int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_FALSE(world.listen_on(raw));
    EXPECT_FALSE(world.listen_on(9999));
    const SocketAddress any = socket_address(*parse_endpoint("127.0.0.1:0"));
    ASSERT_EQ(bind(raw, any.get(), any.size), 0);
    ASSERT_EQ(listen(raw, 5), 0);
    const ListenerPtr listener = *world.listen_on(raw);
    EXPECT_NE(listener->local().port, 0);
    const Ends ends = run_to_end(world, connect_both(world, *listener));
    EXPECT_NE(ends.server, nullptr);
}

Task<std::optional<IoTrouble>> connect_trouble(World& world, Endpoint to, Milliseconds timeout) {
    const IoResult<StreamPtr> stream = co_await world.connect(to, std::nullopt, timeout);
    if (stream) co_return std::nullopt;
    co_return stream.error().trouble;
}

TEST(IoSocketStreamListener, TellsWhyThereIsNoConnection) {
    RealWorld world;
    Endpoint nobody;
    {
        const ListenerPtr gone = *world.listen(*parse_endpoint("127.0.0.1:0"));
        nobody = gone->local();
    }
    EXPECT_EQ(run_to_end(world, connect_trouble(world, nobody, Seconds(5))), IoTrouble::refused);
    EXPECT_EQ(run_to_end(world, connect_trouble(world, *parse_endpoint("unix:/nowhere/socket"), Seconds(5))), IoTrouble::refused);
    // A backlog that is full answers nothing.
    const int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const SocketAddress any = socket_address(*parse_endpoint("127.0.0.1:0"));
    ASSERT_EQ(bind(raw, any.get(), any.size), 0);
    ASSERT_EQ(listen(raw, 0), 0);
    const Endpoint full = local_endpoint(raw);
    std::vector<int> fillers;
    for (int i = 0; i < 4; ++i) fillers.push_back(*connecting_socket(full, std::nullopt));
    EXPECT_EQ(run_to_end(world, connect_trouble(world, full, Milliseconds(300))), IoTrouble::timed_out);
    for (const int filler : fillers) close(filler);
    close(raw);
}

Task<std::optional<IpAddress>> connect_from(World& world, Listener& listener, IpAddress from) {
    const IoResult<StreamPtr> client = co_await world.connect(listener.local(), from, Seconds(5));
    if (!client) co_return std::nullopt;
    const IoResult<StreamPtr> server = co_await listener.accept();
    if (!server) co_return std::nullopt;
    co_return (*server)->peer().address;
}

TEST(IoSocketStreamListener, ConnectsFromTheAddressThatIsAskedFor) {
    RealWorld world;
    const ListenerPtr listener = *world.listen(*parse_endpoint("127.0.0.1:0"));
    const IpAddress from = *IpAddress::parse("127.0.0.77");
    EXPECT_EQ(run_to_end(world, connect_from(world, *listener, from)), from);
}

Task<std::optional<IoTrouble>> accept_trouble(Listener& listener) {
    const IoResult<StreamPtr> stream = co_await listener.accept();
    if (stream) co_return std::nullopt;
    co_return stream.error().trouble;
}

TEST(IoSocketStreamListener, SaysWhenThereAreNoDescriptorsAndTakesTheClientLater) {
    RealWorld world;
    const ListenerPtr listener = *world.listen(*parse_endpoint("127.0.0.1:0"));
    const int client = *connecting_socket(listener->local(), std::nullopt);
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const int spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const rlimit tight{static_cast<rlim_t>(spare), before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
    std::vector<int> fill;
    for (int descriptor = dup(client); descriptor >= 0; descriptor = dup(client)) fill.push_back(descriptor);
    const auto trouble = run_to_end(world, accept_trouble(*listener));
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(trouble, IoTrouble::exhausted);
    EXPECT_EQ(run_to_end(world, accept_trouble(*listener)), std::nullopt);
    for (const int descriptor : fill) close(descriptor);
    close(spare);
    close(client);
}

Task<void> accept_and_note(Listener& listener, std::optional<IoTrouble>& note) {
    note = co_await accept_trouble(listener);
}

TEST(IoSocketStreamListener, EndsAcceptWhenItIsClosed) {
    RealWorld world;
    const ListenerPtr listener = *world.listen(*parse_endpoint("127.0.0.1:0"));
    std::optional<IoTrouble> note;
    world.spawn(accept_and_note(*listener, note));
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_FALSE(note);
    listener->close();
    run_to_end(world, world.sleep(Milliseconds(1)));
    EXPECT_EQ(note, IoTrouble::closed);
}

}  // namespace
}  // namespace ph::io

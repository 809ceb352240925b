// io/unbound_resolver_test.cc: names through libunbound, asked of a real unbound on loopback.
// Against a real unbound on loopback that knows a few names and asks nobody.
#include "io/unbound_resolver.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "io/net.h"
#include "io/real_loop.h"
#include "io/run_to_end.h"

namespace ph::io {
namespace {

constexpr const char* unbound = "/usr/sbin/unbound";

constexpr const char* zones = R"(
  local-zone: "example.org." static
  local-data: "example.org. MX 20 backup.example.org."
  local-data: "example.org. MX 10 MX.Example.ORG."
  local-data: "example.org. MX 0 first.example.org."
  local-data: 'example.org. TXT "v=spf1 -all"'
  local-data: "mx.example.org. A 192.0.2.1"
  local-data: "mx.example.org. AAAA 2001:db8::1"
  local-data: "v4.example.org. A 192.0.2.2"
  local-data: "null.example.org. MX 0 ."
  local-data: 'odd.example.org. MX 0 b\.ad.example.org.'
  local-zone: "refused.example." always_refuse
  local-zone: "2.0.192.in-addr.arpa." static
  local-data-ptr: "192.0.2.1 MX.example.org"
)";

constexpr const char* served_zones = R"(
auth-zone:
  name: "alias.example."
  zonefile: "alias.zone"
  for-downstream: yes
  for-upstream: no
  fallback-enabled: no
)";
constexpr const char* alias_zone = R"($ORIGIN alias.example.
@ 300 IN SOA ns hostmaster 1 300 300 300 300
@ 300 IN NS ns
ns 300 IN A 192.0.2.53
www 300 IN CNAME other
other 300 IN CNAME Mx
mx 300 IN A 192.0.2.1
)";

int free_port() {
    const int raw = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const SocketAddress any = socket_address(*parse_endpoint("127.0.0.1:0"));
    EXPECT_EQ(bind(raw, any.get(), any.size), 0);
    const int port = local_endpoint(raw).port;
    close(raw);
    return port;
}

// A server process with its folder.
class Unbound {
  public:
    Unbound() {
        std::string pattern = std::filesystem::temp_directory_path() / "posthorn-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        port = free_port();
        std::ofstream(folder_ + "/alias.zone") << alias_zone;
        std::ofstream(folder_ + "/unbound.conf")
            << "server:\n  interface: 127.0.0.1\n  port: " << port << "\n  username: \"\"\n  chroot: \"\"\n  directory: \"" << folder_
            << "\"\n  pidfile: \"\"\n  use-syslog: no\n  logfile: \"" << folder_
            << "/log\"\n  do-daemonize: no\n  num-threads: 1\n  module-config: \"iterator\"\n  do-not-query-localhost: no\n"
            << "  access-control: 127.0.0.0/8 allow\n"
            << zones << "\nremote-control:\n  control-enable: no\n"
            << "forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@" << free_port() << '\n'
            << served_zones;
        pid_ = fork();
        if (pid_ == 0) {
            execl(unbound, unbound, "-d", "-c", (folder_ + "/unbound.conf").c_str(), nullptr);
            _exit(127);
        }
    }
    ~Unbound() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        std::filesystem::remove_all(folder_);
    }
    Unbound(const Unbound&) = delete;
    Unbound& operator=(const Unbound&) = delete;
    bool running() { return waitpid(pid_, nullptr, WNOHANG) == 0; }
    std::string log() const {
        std::ifstream file(folder_ + "/log");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    int port = 0;

  private:
    std::string folder_;
    pid_t pid_ = -1;
};

// Answers every question with SERVFAIL.
class FailingServer {
  public:
    FailingServer() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const SocketAddress any = socket_address(*parse_endpoint("127.0.0.1:0"));
        EXPECT_EQ(bind(socket_, any.get(), any.size), 0);
        port = local_endpoint(socket_).port;
        thread_ = std::thread([this] { serve(); });
    }
    ~FailingServer() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
    }
    FailingServer(const FailingServer&) = delete;
    FailingServer& operator=(const FailingServer&) = delete;
    int port = 0;

  private:
    void serve() const {
        while (true) {
            std::array<char, 1500> packet{};
            SocketAddress from;
            const ssize_t size = recvfrom(socket_, packet.data(), packet.size(), 0, from.get(), &from.size);
            if (size < 12) return;
            packet[2] = static_cast<char>(packet[2] | '\x80');        // QR
            packet[3] = static_cast<char>((packet[3] & '\xf0') | 2);  // SERVFAIL
            sendto(socket_, packet.data(), static_cast<std::size_t>(size), 0, from.get(), from.size);
        }
    }
    int socket_;
    std::thread thread_;
};

class IoUnboundResolver : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (std::filesystem::exists(unbound)) server = std::make_unique<Unbound>();
    }
    static void TearDownTestSuite() { server.reset(); }
    void SetUp() override {
        if (!server) GTEST_SKIP() << "SKIPPED: " << unbound << " is not installed, so the resolver was not tried";
        use(params());
        // Ready when it answers.
        while (ask_mx("example.org").status != DnsStatus::found) {
            ASSERT_TRUE(server->running()) << server->log();
            use(params());
        }
    }
    static DnsParams params() {
        DnsParams params;
        params.servers = {"127.0.0.1:" + std::to_string(server->port)};
        params.timeout = Seconds(5);
        return params;
    }
    void use(const DnsParams& with) {
        world = std::make_unique<RealWorld>();
        const auto used = world->use_dns(with);
        ASSERT_TRUE(used) << used.error().message;
    }
    DnsAnswer<MxRecord> ask_mx(const std::string& name) { return run_to_end(*world, world->resolver().mx(name)); }
    DnsAnswer<IpAddress> ask_addresses(const std::string& name) { return run_to_end(*world, world->resolver().addresses(name)); }
    std::string address_text(const std::string& name) {
        std::string out;
        for (const IpAddress& address : ask_addresses(name).records) out += to_text(address) + ' ';
        return out;
    }

    static inline std::unique_ptr<Unbound> server;
    std::unique_ptr<RealWorld> world;
};

TEST_F(IoUnboundResolver, GivesMailHostsByPreference) {
    const auto answer = ask_mx("Example.ORG.");
    ASSERT_EQ(answer.status, DnsStatus::found) << answer.detail << server->log();
    EXPECT_EQ(answer.security, Security::unchecked);
    EXPECT_EQ(answer.canonical_name, "example.org");
    ASSERT_EQ(answer.records.size(), 3U);
    EXPECT_EQ(answer.records[0].host, "first.example.org");
    EXPECT_EQ(answer.records[1].host, "mx.example.org");
    EXPECT_EQ(answer.records[1].preference, 10);
    EXPECT_EQ(answer.records[2].host, "backup.example.org");
}

TEST_F(IoUnboundResolver, GivesTheNullMx) {
    const auto answer = ask_mx("null.example.org");
    ASSERT_EQ(answer.records.size(), 1U);
    EXPECT_EQ(answer.records[0].host, "");
}

TEST_F(IoUnboundResolver, KeepsNothingApartFromNotKnown) {
    EXPECT_EQ(ask_mx("nowhere.example.org").status, DnsStatus::no_name);
    EXPECT_EQ(ask_mx("v4.example.org").status, DnsStatus::no_data);
    EXPECT_EQ(ask_addresses("null.example.org").status, DnsStatus::no_data);
    EXPECT_EQ(ask_addresses("nowhere.example.org").status, DnsStatus::no_name);
    EXPECT_EQ(ask_mx("x.refused.example").status, DnsStatus::temporary);
}

TEST_F(IoUnboundResolver, TakesAServersTroubleAsTemporary) {
    const FailingServer failing;
    DnsParams only = params();
    only.servers = {"127.0.0.1@" + std::to_string(failing.port)};
    use(only);
    const auto answer = ask_mx("example.org");
    EXPECT_EQ(answer.status, DnsStatus::temporary);
    EXPECT_EQ(answer.detail, "SERVFAIL from " + only.servers[0]);
    EXPECT_EQ(ask_addresses("example.org").status, DnsStatus::temporary);
}

TEST_F(IoUnboundResolver, OffersIpv6FirstUnlessItIsSwitchedOff) {
    EXPECT_EQ(address_text("mx.example.org"), "2001:db8::1 192.0.2.1 ");
    EXPECT_EQ(address_text("v4.example.org"), "192.0.2.2 ");
    DnsParams v4 = params();
    v4.ipv6 = false;
    use(v4);
    EXPECT_EQ(address_text("mx.example.org"), "192.0.2.1 ");
    EXPECT_EQ(address_text("localhost"), "127.0.0.1 ");
}

TEST_F(IoUnboundResolver, FollowsAliases) {
    const auto answer = ask_addresses("www.alias.example");
    ASSERT_EQ(answer.status, DnsStatus::found) << answer.detail;
    EXPECT_EQ(answer.canonical_name, "mx.alias.example");
}

TEST_F(IoUnboundResolver, GivesTextsAndNamesOfAddresses) {
    const auto txt = run_to_end(*world, world->resolver().txt("example.org"));
    EXPECT_EQ(txt.records, std::vector<std::string>{"v=spf1 -all"});
    const auto ptr = run_to_end(*world, world->resolver().ptr(*IpAddress::parse("192.0.2.1")));
    EXPECT_EQ(ptr.records, std::vector<std::string>{"mx.example.org"});
    EXPECT_EQ(run_to_end(*world, world->resolver().ptr(*IpAddress::parse("192.0.2.9"))).status, DnsStatus::no_name);
}

TEST_F(IoUnboundResolver, DropsRecordsThatNameNoHost) {
    const auto answer = ask_mx("odd.example.org");
    EXPECT_EQ(answer.status, DnsStatus::temporary);
    EXPECT_EQ(answer.detail, "malformed record data");
}

TEST_F(IoUnboundResolver, KnowsLiteralsAndLocalhostByItself) {
    EXPECT_EQ(address_text("192.0.2.77"), "192.0.2.77 ");
    EXPECT_EQ(address_text("[192.0.2.77]"), "192.0.2.77 ");
    EXPECT_EQ(address_text("[IPv6:2001:db8::7]"), "2001:db8::7 ");
    EXPECT_EQ(address_text("localhost"), "::1 127.0.0.1 ");
    EXPECT_EQ(address_text("a.LOCALHOST."), "::1 127.0.0.1 ");
    EXPECT_EQ(ask_mx("not a name").status, DnsStatus::no_name);
    EXPECT_EQ(ask_addresses("a..b").status, DnsStatus::no_name);
}

TEST_F(IoUnboundResolver, GivesUpWhenNobodyAnswers) {
    DnsParams nobody = params();
    nobody.servers = {"127.0.0.1@" + std::to_string(free_port())};
    nobody.timeout = Seconds(1);
    use(nobody);
    const auto answer = ask_mx("example.org");
    EXPECT_EQ(answer.status, DnsStatus::temporary);
    EXPECT_FALSE(answer.detail.empty());
}

TEST_F(IoUnboundResolver, TimesOutOnAServerThatSaysNothing) {
    const int mute = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const SocketAddress any = socket_address(*parse_endpoint("127.0.0.1:0"));
    ASSERT_EQ(bind(mute, any.get(), any.size), 0);
    DnsParams silent = params();
    silent.servers = {"127.0.0.1@" + std::to_string(local_endpoint(mute).port)};
    silent.timeout = Seconds(1);
    use(silent);
    const Milliseconds before = world->ticks();
    const auto answer = ask_addresses("example.org");
    EXPECT_EQ(answer.status, DnsStatus::temporary);
    EXPECT_EQ(answer.detail, "timeout: no answer from " + silent.servers[0]);
    EXPECT_LT(world->ticks() - before, Seconds(2)) << "one time for both questions";
    close(mute);
}

Task<void> ask_and_count(Resolver& resolver, std::string name, int& found, int& ended) {
    const auto answer = co_await resolver.addresses(std::move(name));
    found += answer.status == DnsStatus::no_name ? 1 : 0;
    ++ended;
}

TEST_F(IoUnboundResolver, AnswersManyQuestionsAtOnce) {
    int found = 0;
    int ended = 0;
    for (int i = 0; i < 1000; ++i) world->spawn(ask_and_count(world->resolver(), "n" + std::to_string(i) + ".example.org", found, ended));
    while (ended < 1000) run_to_end(*world, world->sleep(Milliseconds(5)));
    EXPECT_EQ(found, 1000);
}

TEST_F(IoUnboundResolver, EndsWithQuestionsOnTheirWay) {
    int found = 0;
    int ended = 0;
    for (int i = 0; i < 50; ++i) world->spawn(ask_and_count(world->resolver(), "m" + std::to_string(i) + ".example.org", found, ended));
    run_to_end(*world, world->sleep(Milliseconds(0)));
    world.reset();
}

TEST(IoUnboundResolverParams, RefusesWhatItCannotUse) {
    for (const char* good : {"recursive", "192.0.2.53", "192.0.2.53:53", "127.0.0.1@5353", "::1", "::1@53", "[2001:db8::1]:53"}) {
        EXPECT_EQ(check_dns_server(good), "") << good;
    }
    for (const char* bad : {"", "dns.example", "127.0.0.1@", "127.0.0.1@x", "127.0.0.1:99999", "unix:/x", "@53"})
        EXPECT_NE(check_dns_server(bad), "") << bad;
    RealLoop loop;
    DnsParams params;
    params.servers = {"dns.example"};
    EXPECT_FALSE(UnboundResolver::create(loop, params));
    params.servers = {"127.0.0.1@1"};
    params.trust_anchor_file = "/nowhere/root.key";
    const auto no_anchor = UnboundResolver::create(loop, params);
    ASSERT_FALSE(no_anchor);
    EXPECT_NE(no_anchor.error().message.find("/nowhere/root.key"), std::string::npos);
    params.trust_anchor_file.clear();
    params.hosts_file = "/nowhere/hosts";
    EXPECT_FALSE(UnboundResolver::create(loop, params));
    params.hosts_file.clear();
    EXPECT_TRUE(UnboundResolver::create(loop, params));
}

TEST(IoUnboundResolverParams, ReadsAHostsFileBeforeDns) {
    std::string file = std::filesystem::temp_directory_path() / "posthorn-XXXXXX";
    const int descriptor = mkstemp(file.data());
    ASSERT_GE(descriptor, 0);
    std::ofstream(file) << "192.0.2.99 mail.test.example\n";
    {
        RealWorld world;
        DnsParams params;
        params.servers = {"127.0.0.1@" + std::to_string(free_port())};
        params.timeout = Seconds(1);
        params.hosts_file = file;
        params.ipv6 = false;
        ASSERT_TRUE(world.use_dns(params));
        const auto answer = run_to_end(world, world.resolver().addresses("mail.test.example"));
        ASSERT_EQ(answer.records.size(), 1U);
        EXPECT_EQ(to_text(answer.records[0]), "192.0.2.99");
    }
    close(descriptor);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace ph::io

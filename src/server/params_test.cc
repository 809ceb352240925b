// server/params_test.cc: what may stand in server.*_listen.
#include "server/params.h"

#include <gtest/gtest.h>

#include "server/config.h"
#include "server/snapshot.h"

namespace ph::server {
namespace {

std::vector<Fault> read(Config& config, const std::string& text) {
    return std::apply([&](auto... section) { return config::read_config(text, "posthorn.toml", section...); }, sections(config));
}

TEST(Params, ListenAtTakesAddressesWithPortsAndLocalSockets) {
    for (const char* good : {"192.0.2.1:25", "0.0.0.0:25", "[2001:db8::1]:25", "[::]:587", "unix:/run/posthorn/smtp"}) {
        EXPECT_EQ(check_listen(good), "") << good;
    }
    for (const char* bad :
         {"", "25", "192.0.2.1", "192.0.2.1:", "192.0.2.1:70000", "2001:db8::1:25", "mx.example.org:25", "unix:", "unix:run/smtp"}) {
        EXPECT_NE(check_listen(bad), "") << bad;
    }
}

TEST(Params, AnEndpointThatCannotBeReadIsAFaultWithItsPlace) {
    Config config;
    const auto faults = read(config, "[server]\nsmtp_listen = [\"25\"]\n");
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(to_text(faults[0]).find("posthorn.toml:2"), std::string::npos) << to_text(faults[0]);
}

TEST(Params, DoorsAreThoseThatWereRead) {
    Config config;
    EXPECT_TRUE(read(config, "[server]\nsmtp_listen = [\"192.0.2.1:25\", \"unix:/run/smtp\"]\nlmtp_listen = [\"[::1]:24\"]\n").empty());
    const Doors doors = doors_of(config.server);
    ASSERT_EQ(doors.smtp.size(), 2U);
    EXPECT_EQ(doors.smtp[1].path, "/run/smtp");
    EXPECT_TRUE(doors.submission.empty());
    ASSERT_EQ(doors.lmtp.size(), 1U);
    EXPECT_EQ(doors.lmtp[0].port, 24);
}

TEST(Params, ANameThatIsNoDomainIsNoHostName) {
    ServerParams params;
    params.hostname = "MX.Example.ORG";
    EXPECT_EQ(own_hostname(params), "mx.example.org");
    params.hostname = "not a name";
    EXPECT_EQ(own_hostname(params), "");
}

}  // namespace
}  // namespace ph::server

// server/own_endpoints_test.cc: own_endpoints.
#include "server/own_endpoints.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace ph::server {
namespace {

io::Endpoint at(const std::string& text) {
    return *io::parse_endpoint(text);
}

TEST(OwnEndpoints, AnAddressListenedAtIsItself) {
    const std::vector<io::Endpoint> listening = {at("192.0.2.1:25"), at("[2001:db8::1]:2525")};
    EXPECT_EQ(own_endpoints(listening), listening);
}

TEST(OwnEndpoints, LocalSocketsAreNotReachedFromElsewhere) {
    EXPECT_TRUE(own_endpoints({at("unix:/run/smtp")}).empty());
}

// Every system has loopback.
TEST(OwnEndpoints, AllAddressesBecomeThoseOfTheInterfacesOfTheirKind) {
    const auto own = own_endpoints({at("0.0.0.0:2525")});
    EXPECT_NE(std::ranges::find(own, at("127.0.0.1:2525")), own.end());
    EXPECT_TRUE(std::ranges::all_of(own, [](const io::Endpoint& one) { return !one.address.v6 && one.port == 2525; }));
    const auto own_v6 = own_endpoints({at("[::]:25")});
    EXPECT_TRUE(std::ranges::all_of(own_v6, [](const io::Endpoint& one) { return one.address.v6; }));
}

}  // namespace
}  // namespace ph::server

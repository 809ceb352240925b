// directory/networks_test.cc: networks are read strictly, and the first that holds an address wins.
#include "directory/networks.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::directory {
namespace {

using testing::HasSubstr;

std::optional<std::uint32_t> find(const NetworkMap& map, std::string_view address) {
    return map.find(*io::IpAddress::parse(address));
}

TEST(Networks, ReadsBothFamilies) {
    EXPECT_EQ(parse_network("192.0.2.0/24")->prefix, 24);
    EXPECT_EQ(parse_network("192.0.2.1")->prefix, 32);
    EXPECT_EQ(parse_network("0.0.0.0/0")->prefix, 0);
    EXPECT_EQ(parse_network("2001:db8::/32")->prefix, 32);
    EXPECT_EQ(parse_network("[2001:db8::]/32")->prefix, 32);
    EXPECT_EQ(parse_network("::1")->prefix, 128);
}

TEST(Networks, RefusesWhatIsNone) {
    for (const std::string bad :
         {"", "/", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/024", "192.0.2/24", "2001:db8::/129", "example.org", "192.0.2.0/-1"}) {
        EXPECT_FALSE(parse_network(bad)) << bad;
    }
}

TEST(Networks, TellsBitsBehindThePrefixWithBothRemedies) {
    const auto network = parse_network("192.0.2.1/24");
    ASSERT_FALSE(network);
    EXPECT_THAT(network.error().message, HasSubstr("write 192.0.2.0/24 for the network, or 192.0.2.1 for the host"));
}

TEST(Networks, FindsTheFirstThatHoldsTheAddress) {
    NetworkMap map;
    for (const char* text : {"192.0.2.1", "192.0.2.0/24", "192.0.0.0/16", "2001:db8::/32", "10.0.0.0/8", "10.1.0.0/16"}) {
        ASSERT_TRUE(map.add(*parse_network(text))) << text;
    }
    EXPECT_EQ(find(map, "192.0.2.1"), 0U);
    EXPECT_EQ(find(map, "192.0.2.2"), 1U);
    EXPECT_EQ(find(map, "192.0.3.1"), 2U);
    EXPECT_EQ(find(map, "2001:db8:1::1"), 3U);
    EXPECT_EQ(find(map, "10.1.2.3"), 4U) << "the longer prefix stands later";
    EXPECT_FALSE(find(map, "198.51.100.1"));
    EXPECT_FALSE(find(map, "2001:db9::1"));
    EXPECT_EQ(find(map, "::ffff:192.0.2.1"), 0U) << "a mapped address is IPv4";
}

TEST(Networks, DoesNotTakeOneTwice) {
    NetworkMap map;
    EXPECT_TRUE(map.add(*parse_network("192.0.2.0/24")));
    EXPECT_FALSE(map.add(*parse_network("192.0.2.0/24")));
    EXPECT_TRUE(map.add(*parse_network("192.0.2.0/25")));
    EXPECT_EQ(map.size(), 2U);
}

TEST(Networks, ZeroOfBothFamiliesAreTwoNetworks) {
    NetworkMap map;
    EXPECT_TRUE(map.add(*parse_network("0.0.0.0/0")));
    EXPECT_FALSE(find(map, "2001:db8::1"));
    EXPECT_TRUE(map.add(*parse_network("::/0")));
    EXPECT_EQ(find(map, "2001:db8::1"), 1U);
    EXPECT_EQ(find(map, "192.0.2.1"), 0U);
}

}  // namespace
}  // namespace ph::directory

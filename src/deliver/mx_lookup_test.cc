// deliver/mx_lookup_test.cc: RFC 5321 5.1 with a scripted resolver: which places, in which order, and why there are none.
#include "deliver/mx_lookup.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/test_world.h"

namespace ph::deliver {
namespace {

using testing::ElementsAre;

struct MxLookupOrder : testing::Test {
    std::vector<std::string> find(const std::string& destination, std::uint16_t port = 0) {
        MxLookup lookup(world, own, limits);
        result = world.wait_for(lookup.find(destination, port));
        std::vector<std::string> places;
        for (const Hop& hop : result.hops) places.push_back(hop.host + ' ' + io::to_text(hop.endpoint));
        EXPECT_EQ(result.hops.empty(), result.none.has_value());
        return places;
    }
    void expect_none(const std::string& destination, status::EnhancedCode status, std::uint32_t situation, const std::string& text) {
        EXPECT_TRUE(find(destination).empty()) << destination;
        ASSERT_TRUE(result.none);
        EXPECT_EQ(result.none->status, status) << destination;
        EXPECT_EQ(result.none->situation, situation) << destination;
        EXPECT_THAT(result.none->text, testing::HasSubstr(text));
    }

    io::TestWorld world;
    OwnPlaces own;
    MxLimits limits;
    Hops result;
};

TEST_F(MxLookupOrder, OrdersHostsByPreference) {
    world.names().set_mx("example.org", {{20, "b.example.org"}, {10, "a.example.org"}});
    world.names().set_address("a.example.org", {"192.0.2.1"});
    world.names().set_address("b.example.org", {"192.0.2.2"});
    EXPECT_THAT(find("example.org"), ElementsAre("a.example.org 192.0.2.1:25", "b.example.org 192.0.2.2:25"));
    EXPECT_THAT(find("example.org.", 2525), ElementsAre("a.example.org 192.0.2.1:2525", "b.example.org 192.0.2.2:2525"));
}

TEST_F(MxLookupOrder, SpreadsTheLoadAmongEquals) {
    world.names().set_mx("example.org", {{10, "a.example.org"}, {10, "b.example.org"}});
    world.names().set_address("a.example.org", {"192.0.2.1"});
    world.names().set_address("b.example.org", {"192.0.2.2"});
    std::set<std::string> first;
    for (int i = 0; i < 40; ++i) first.insert(find("example.org").front());
    EXPECT_EQ(first.size(), 2U);
}

TEST_F(MxLookupOrder, LetsTheFamiliesOfAHostTakeTurns) {
    world.names().set_mx("example.org", {{10, "a.example.org"}});
    world.names().set_address("a.example.org", {"2001:db8::1", "2001:db8::2", "192.0.2.1"});
    EXPECT_THAT(find("example.org"), ElementsAre("a.example.org [2001:db8::1]:25", "a.example.org 192.0.2.1:25", "a.example.org [2001:db8::2]:25"));
}

TEST_F(MxLookupOrder, TakesTheDomainItselfWithoutMx) {
    world.names().set_address("example.org", {"192.0.2.9"});
    EXPECT_THAT(find("example.org"), ElementsAre("example.org 192.0.2.9:25"));
}

TEST_F(MxLookupOrder, FollowsAnAlias) {
    world.names().set_alias("www.example.org", "example.org");
    world.names().set_mx("example.org", {{10, "a.example.org"}});
    world.names().set_address("a.example.org", {"192.0.2.1"});
    EXPECT_THAT(find("www.example.org"), ElementsAre("a.example.org 192.0.2.1:25"));
}

TEST_F(MxLookupOrder, AsksForADomainInUtf8ByItsALabels) {
    world.names().set_mx("xn--fsqu00a.example", {{10, "a.example.org"}});
    world.names().set_address("a.example.org", {"192.0.2.1"});
    EXPECT_THAT(find("例子.example"), ElementsAre("a.example.org 192.0.2.1:25"));
    expect_none("a..b", {5, 1, 2}, 108, "name=a..b");
}

TEST_F(MxLookupOrder, AsksNoMxForNamedHostsAndLiterals) {
    world.names().set_mx("relay.example.org", {{10, "elsewhere.example.org"}});
    world.names().set_address("relay.example.org", {"192.0.2.3"});
    EXPECT_THAT(find("[relay.example.org]", 587), ElementsAre("relay.example.org 192.0.2.3:587"));
    EXPECT_THAT(find("[192.0.2.7]"), ElementsAre("192.0.2.7 192.0.2.7:25"));
    EXPECT_THAT(find("[IPv6:2001:db8::7]"), ElementsAre("2001:db8::7 [2001:db8::7]:25"));
    EXPECT_THAT(find("unix:/run/lmtp"), ElementsAre("localhost unix:/run/lmtp"));
    EXPECT_THAT(world.names().questions, ElementsAre("a relay.example.org"));
}

TEST_F(MxLookupOrder, SaysWhyThereIsNowhereToGo) {
    world.names().set_mx("null.example", {{0, ""}});
    world.names().set_failure("down.example", io::DnsStatus::temporary, "SERVFAIL");
    world.names().set_failure("bogus.example", io::DnsStatus::bogus);
    world.names().set_mx("lame.example", {{10, "gone.example"}, {20, "gone2.example"}});
    world.names().set_txt("empty.example", {"x"});
    world.names().set_mx("hostdown.example", {{10, "gone.example"}, {20, "down.example"}});
    expect_none("nowhere.example", {5, 1, 2}, 108, "name=nowhere.example type=MX: Host not found");
    expect_none("null.example", {5, 1, 10}, 110, "Domain null.example does not accept mail (nullMX)");
    expect_none("down.example", {4, 4, 3}, 107, "Host not found, try again (SERVFAIL)");
    expect_none("bogus.example", {4, 4, 3}, 107, "DNSSEC");
    expect_none("lame.example", {4, 4, 4}, 109, "gone.example, gone2.example");
    expect_none("empty.example", {4, 4, 4}, 109, "no MX, A or AAAA");
    expect_none("hostdown.example", {4, 4, 3}, 107, "name=down.example");
    expect_none("[down.example]", {4, 4, 3}, 107, "try again");
}

TEST_F(MxLookupOrder, GoesOnWithTheHostsThatHaveAnAddress) {
    world.names().set_mx("example.org", {{10, "gone.example"}, {20, "down.example"}, {30, "c.example.org"}});
    world.names().set_failure("down.example", io::DnsStatus::temporary);
    world.names().set_address("c.example.org", {"192.0.2.3"});
    EXPECT_THAT(find("example.org"), ElementsAre("c.example.org 192.0.2.3:25"));
}

TEST_F(MxLookupOrder, CutsOffWhatIsNoBetterThanWe) {
    own.hostnames = {"us.example.org"};
    own.endpoints = {*io::parse_endpoint("192.0.2.8:25")};
    world.names().set_mx("byname.example", {{5, "a.example.org"}, {10, "US.example.org"}, {10, "b.example.org"}, {20, "b.example.org"}});
    world.names().set_mx("byaddress.example", {{5, "a.example.org"}, {10, "alias.example.org"}, {10, "b.example.org"}, {20, "b.example.org"}});
    world.names().set_mx("best.example", {{5, "alias.example.org"}, {10, "a.example.org"}});
    world.names().set_mx("bestname.example", {{5, "us.example.org"}});
    world.names().set_address("implicit.example", {"192.0.2.8"});
    for (const char* name : {"us.example.org", "alias.example.org"}) world.names().set_address(name, {"192.0.2.8"});
    world.names().set_address("a.example.org", {"192.0.2.1"});
    world.names().set_address("b.example.org", {"192.0.2.2"});
    EXPECT_THAT(find("byname.example"), ElementsAre("a.example.org 192.0.2.1:25"));
    EXPECT_THAT(find("byaddress.example"), ElementsAre("a.example.org 192.0.2.1:25"));
    for (const char* domain : {"best.example", "bestname.example", "implicit.example"}) {
        expect_none(domain, {5, 4, 6}, 111, std::string("mail for ") + domain + " loops back to myself");
    }
    // Another port is another service, and a host in brackets is the administrator's word.
    EXPECT_THAT(find("implicit.example", 2525), ElementsAre("implicit.example 192.0.2.8:2525"));
    EXPECT_THAT(find("[alias.example.org]"), ElementsAre("alias.example.org 192.0.2.8:25"));
}

TEST_F(MxLookupOrder, HoldsToItsLimits) {
    std::vector<io::MxRecord> records;
    for (std::uint16_t i = 0; i < 30; ++i) {
        const std::string host = "mx" + std::to_string(i) + ".example.org";
        records.push_back({i, host});
        world.names().set_address(host, {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"});
    }
    world.names().set_mx("example.org", records);
    EXPECT_EQ(find("example.org").size(), 20U);
    EXPECT_EQ(world.names().questions.size(), 6U);
}

}  // namespace
}  // namespace ph::deliver

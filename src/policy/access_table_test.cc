// policy/access_table_test.cc: what is looked up in access tables, and what their values mean.
#include "policy/access_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::policy {
namespace {

using testing::HasSubstr;

AccessTable table(const std::string& entries) {
    std::vector<Fault> faults;
    auto made = AccessTable::open("inline:" + entries, {}, faults);
    EXPECT_TRUE(faults.empty()) << to_text(faults.front());
    return *std::move(made);
}

TEST(AccessTable, KnowsItsActions) {
    EXPECT_EQ(parse_action("reject")->ruling, Ruling::reject);
    EXPECT_EQ(parse_action("REJECT  go away ")->text, "go away");
    EXPECT_EQ(parse_action("554 go away")->ruling, Ruling::reject);
    EXPECT_EQ(parse_action("defer later")->ruling, Ruling::defer);
    EXPECT_EQ(parse_action("450 later")->ruling, Ruling::defer);
    EXPECT_EQ(parse_action("OK")->ruling, Ruling::permit);
    EXPECT_EQ(parse_action("permit")->ruling, Ruling::permit);
    EXPECT_EQ(parse_action("DUNNO")->ruling, Ruling::none);
    for (const char* bad : {"", "HOLD", "250 ok", "5544", "REDIRECT a@example.org", "reject caf\xC3\xA9", "reject a\x01z"})
        EXPECT_FALSE(parse_action(bad)) << bad;
    EXPECT_FALSE(parse_action("reject " + std::string(201, 'x')));
}

TEST(AccessTable, LooksUpAClientByItsAddressAndItsNetworks) {
    const AccessTable access = table("192.0.2.7 permit; 192.0.2 reject; 198 defer; 2001:db8:1 reject");
    EXPECT_EQ(access.for_client("192.0.2.7").ruling, Ruling::permit);
    EXPECT_EQ(access.for_client("192.0.2.70").ruling, Ruling::reject);
    EXPECT_EQ(access.for_client("198.51.100.1").ruling, Ruling::defer);
    EXPECT_EQ(access.for_client("2001:db8:1::25").ruling, Ruling::reject);
    EXPECT_EQ(access.for_client("203.0.113.1").ruling, Ruling::none);
    EXPECT_EQ(access.for_client("").ruling, Ruling::none);
}

TEST(AccessTable, ADomainStandsForAllBelowIt) {
    const AccessTable access = table("example.org reject; good.example.org dunno; .example.net defer");
    EXPECT_EQ(access.for_name("example.org").ruling, Ruling::reject);
    EXPECT_EQ(access.for_name("Mail.Example.org").ruling, Ruling::reject);
    EXPECT_EQ(access.for_name("mx.good.example.org").ruling, Ruling::none) << "dunno ends the search";
    EXPECT_EQ(access.for_name("mx.example.net").ruling, Ruling::defer);
    EXPECT_EQ(access.for_name("example.net").ruling, Ruling::none);
    EXPECT_EQ(access.for_name("notexample.org").ruling, Ruling::none);
}

TEST(AccessTable, LooksUpAnAddressByItselfItsDomainAndItsName) {
    const AccessTable access = table("bob@example.org permit; example.org reject; root@ defer; <> reject no bounces");
    EXPECT_EQ(access.for_mailbox({"Bob", "example.org"}).ruling, Ruling::permit);
    EXPECT_EQ(access.for_mailbox({"carol", "sub.example.org"}).ruling, Ruling::reject);
    EXPECT_EQ(access.for_mailbox({"root", "elsewhere.example"}).ruling, Ruling::defer);
    EXPECT_EQ(access.for_mailbox({}).text, "no bounces");
    EXPECT_EQ(access.for_mailbox({"x", "elsewhere.example"}).ruling, Ruling::none);
}

TEST(AccessTable, TellsWhatIsNoAction) {
    std::vector<Fault> faults;
    AccessTable::open("inline:a HOLD", {"posthorn.toml", 3, 1}, faults);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_THAT(to_text(faults[0]), HasSubstr("posthorn.toml:3:1: 'HOLD' is no action; write reject, defer, permit or dunno"));
    EXPECT_FALSE(AccessTable::open("", {}, faults));
}

}  // namespace
}  // namespace ph::policy

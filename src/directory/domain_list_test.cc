// directory/domain_list_test.cc: lists of domains, written out and in tables.
#include "directory/domain_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DomainList, KnowsNamesAndWhatIsBelowADot) {
    const TestFolder folder;
    std::vector<Fault> faults;
    const DomainList list =
        DomainList::make({"Example.org", ".example.net", folder.write("domains", "table.example\n.below.example ok\n")}, "local.domains", {}, faults);
    EXPECT_TRUE(faults.empty());
    for (const char* in : {"example.org", "a.example.net", "a.b.example.net", "table.example", "x.below.example"})
        EXPECT_TRUE(list.contains(in)) << in;
    for (const char* out : {"", "org", "sub.example.org", "example.net", "below.example", "xexample.org"}) EXPECT_FALSE(list.contains(out)) << out;
    EXPECT_EQ(list.first(), "example.org");
}

TEST(DomainList, TellsWhatIsNoDomain) {
    const TestFolder folder;
    std::vector<Fault> faults;
    DomainList::make({"not a domain", folder.write("domains", "good.example\nbad_domain!\n")}, "relay.domains", {"posthorn.toml", 5, 3}, faults);
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_THAT(to_text(faults[0]), HasSubstr("posthorn.toml:5:3: 'not a domain' in relay.domains: write a domain"));
    EXPECT_THAT(to_text(faults[1]), HasSubstr("domains:2: 'bad_domain!' is no domain"));
}

TEST(DomainList, VisitsParentsFromNearToFar) {
    std::vector<std::string> parents;
    EXPECT_FALSE(any_parent("a.b.example.org", [&](std::string_view parent) {
        parents.emplace_back(parent);
        return false;
    }));
    EXPECT_THAT(parents, ElementsAre("b.example.org", "example.org", "org"));
}

}  // namespace
}  // namespace ph::directory

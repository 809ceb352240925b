// directory/table_test.cc: the three kinds of table as Postfix users write them, and what is told about mistakes.
#include "directory/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Read {
    Table table;
    std::vector<std::string> faults;
};

Read read(TableType type, std::string_view text, const TableForm& form = {}) {
    std::vector<Fault> faults;
    Read read{Table::parse(type, text, "table", form, faults), {}};
    for (const Fault& fault : faults) read.faults.push_back(to_text(fault));
    return read;
}

std::string find(const Table& table, std::string_view key) {
    std::string space;
    const auto value = table.find(key, space);
    return value ? std::string(*value) : "(none)";
}

TEST(Table, FindsKeysWhateverTheirCase) {
    const Read made = read(TableType::hash, "# comment\nBob@Example.org  bob,\n  carol\nx\ty z  \n\"a b\"@example.org  spaced\n");
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_EQ(find(made.table, "bob@example.ORG"), "bob, carol");
    EXPECT_EQ(find(made.table, "X"), "y z");
    EXPECT_EQ(find(made.table, "\"a b\"@example.org"), "spaced");
    EXPECT_EQ(find(made.table, "carol"), "(none)");
    EXPECT_EQ(made.table.size(), 3U);
}

TEST(Table, TellsAKeyWithoutValue) {
    EXPECT_THAT(read(TableType::hash, "a 1\nb\n").faults, ElementsAre(HasSubstr("table:2: 'b' has no value; write the key, a blank and the value")));
    TableForm list;
    list.value_optional = true;
    const Read made = read(TableType::hash, "a\nb ok\n", list);
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_EQ(find(made.table, "a"), "");
}

TEST(Table, TellsAKeyThatStandsTwiceWithBothLines) {
    EXPECT_THAT(read(TableType::hash, "a 1\n# x\nb 2\nA 3\n").faults, ElementsAre(HasSubstr("table:4: 'a' stands in line 1 with another value")));
    EXPECT_THAT(read(TableType::hash, "a 1\nA 1\n").faults, IsEmpty()) << "the same said twice is no mistake";
}

TEST(Table, TellsWhatTheCheckOfValuesSays) {
    TableForm form;
    form.check = [](std::string_view key, std::string_view value) { return value == "ok" ? "" : std::string(key) + " must be ok"; };
    const Read made = read(TableType::hash, "a ok\nb no\n", form);
    EXPECT_THAT(made.faults, ElementsAre("table:2: b must be ok"));
    EXPECT_EQ(find(made.table, "b"), "(none)");
}

TEST(Table, TellsAKeyThatHasNoEnd) {
    EXPECT_THAT(read(TableType::hash, std::string(max_key + 1, 'x') + " a\n").faults, ElementsAre(HasSubstr("table:1: the key is longer")));
}

TEST(Table, FirstNetworkWins) {
    const Read made = read(TableType::cidr, "192.0.2.7 permit\n192.0.2.0/24 reject go away\n2001:db8::/32 permit\n0.0.0.0/0 defer\n");
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_EQ(find(made.table, "192.0.2.7"), "permit");
    EXPECT_EQ(find(made.table, "192.0.2.8"), "reject go away");
    EXPECT_EQ(find(made.table, "2001:db8::1"), "permit");
    EXPECT_EQ(find(made.table, "198.51.100.1"), "defer");
    EXPECT_EQ(find(made.table, "2001:db9::1"), "(none)");
    EXPECT_EQ(find(made.table, "example.org"), "(none)");
}

TEST(Table, TellsMistakesInNetworks) {
    EXPECT_THAT(
        read(TableType::cidr, "192.0.2.1/24 reject\nexample.org reject\n!10.0.0.0/8 ok\n10.0.0.0/8\n10.0.0.0/8 ok\n10.0.0.0/8 reject\n").faults,
        ElementsAre(HasSubstr("table:1: '192.0.2.1/24' has bits behind its prefix"), HasSubstr("table:2: 'example.org' is no network"),
                    HasSubstr("table:3: negation and if/endif are not known here"), HasSubstr("table:4: '10.0.0.0/8' has no value"),
                    HasSubstr("table:6: '10.0.0.0/8' stands above with another value")));
}

TEST(Table, FirstPatternWinsAndPutsGroupsIn) {
    const Read made =
        read(TableType::regexp, "/^(.+)\\+spam@example\\.org$/ reject\n/^(.+)@(.+)\\.old\\.example$/ $1@${2}.example\n|/x/|  slash\n/./ costs $$5\n");
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_EQ(find(made.table, "bob+spam@example.org"), "reject");
    EXPECT_EQ(find(made.table, "Bob@mail.OLD.example"), "Bob@mail.example");
    EXPECT_EQ(find(made.table, "a/x/b"), "slash");
    EXPECT_EQ(find(made.table, "z"), "costs $5");
}

TEST(Table, PatternsKnowTheFlagsOfPostfix) {
    const Read made = read(TableType::regexp, "/^BOB$/i exact\n/^bob$/ folded\n");
    EXPECT_EQ(find(made.table, "BOB"), "exact");
    EXPECT_EQ(find(made.table, "Bob"), "folded");
}

TEST(Table, TellsMistakesInPatterns) {
    EXPECT_THAT(read(TableType::regexp, "/(?<!a)b/ x\n/a\nabc x\n/a/q x\n/(a)/ $2\n/a/ $x\n/(a)/ ${1\n!/a/ x\n/a(/ x\n/a/\n").faults,
                ElementsAre(HasSubstr("table:1: RE2 does not take this pattern"), HasSubstr("table:2: the pattern has no end; close it with /"),
                            HasSubstr("table:3: a pattern is written /pattern/flags value"), HasSubstr("table:4: 'q' is no flag"),
                            HasSubstr("table:5: $2 stands for a group that the pattern does not have"), HasSubstr("table:6: a value has $1"),
                            HasSubstr("table:7: a value has $1"), HasSubstr("table:8: a pattern is written"), HasSubstr("table:9: RE2 does not take"),
                            HasSubstr("table:10: '/a/' has no value")));
}

TEST(Table, APatternThatExplodesElsewhereDoesNotHere) {
    const Read made = read(TableType::regexp, "/^(a+)+$/ x\n");
    EXPECT_EQ(find(made.table, std::string(1000, 'a') + "b"), "(none)");
    EXPECT_EQ(find(made.table, std::string(max_key + 1, 'a')), "(none)") << "keys have a limit";
}

struct Opened {
    std::optional<Table> table;
    std::vector<std::string> faults;
};

Opened open(const std::string& source) {
    std::vector<Fault> faults;
    Opened opened{Table::open(source, {}, {"posthorn.toml", 3, 5}, faults), {}};
    for (const Fault& fault : faults) opened.faults.push_back(to_text(fault));
    return opened;
}

TEST(Table, OpensByTypeAndPath) {
    const TestFolder folder;
    const std::string hash = folder.write("hash", "a 1\n");
    for (const std::string& source : {hash, "hash:" + hash, "texthash:" + hash}) EXPECT_EQ(find(*open(source).table, "a"), "1") << source;
    EXPECT_EQ(find(*open("cidr:" + folder.write("cidr", "10.0.0.0/8 x\n")).table, "10.1.1.1"), "x");
    EXPECT_EQ(find(*open("pcre:" + folder.write("pcre", "/a/ x\n")).table, "bab"), "x");
}

TEST(Table, ReadsInlineTables) {
    const Opened opened = open("inline: example.org smtp:[mx.example.net]; .example.org  discard:\n b c");
    EXPECT_THAT(opened.faults, IsEmpty());
    EXPECT_EQ(find(*opened.table, "example.org"), "smtp:[mx.example.net]");
    EXPECT_EQ(find(*opened.table, ".example.org"), "discard:");
    EXPECT_EQ(find(*opened.table, "b"), "c");
    EXPECT_THAT(open("inline:a").faults, ElementsAre(HasSubstr("posthorn.toml:3:5: 'a' has no value")));
}

TEST(Table, TellsWhereAnUnknownTypeOrAMissingFileIsNamed) {
    EXPECT_THAT(open("lmdb:/etc/postfix/virtual").faults,
                ElementsAre(HasSubstr("posthorn.toml:3:5: 'lmdb:/etc/postfix/virtual' is no table; write")));
    EXPECT_THAT(open("/nonexistent/table").faults, ElementsAre(HasSubstr("posthorn.toml:3:5: there is no file /nonexistent/table")));
    EXPECT_THAT(open("hash:relative").faults, ElementsAre(HasSubstr("is no table")));
}

TEST(Table, KnowsASourceByItsHead) {
    for (const char* good : {"/etc/x", "hash:/x", "cidr:/x", "regexp:/x", "inline:a b"}) EXPECT_TRUE(is_table_source(good)) << good;
    for (const char* bad : {"", "example.org", ".example.org", "lmdb:/x"}) EXPECT_FALSE(is_table_source(bad)) << bad;
}

}  // namespace
}  // namespace ph::directory

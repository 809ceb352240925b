// directory/alias_file_test.cc: aliases(5), lists, and what is refused with its line.
#include "directory/alias_file.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Read {
    AliasFile aliases;
    std::vector<std::string> faults;
};

Read read(std::string_view text, const std::map<std::string, std::string>& lists = {}) {
    AliasContext context;
    context.is_pipe = [](std::string_view name) { return name == "tickets"; };
    context.read_list = [&](const std::string& path, const SourceLocation& where) -> Result<std::string> {
        const auto found = lists.find(path);
        if (found == lists.end()) return fail(FaultKind::missing, "there is no file " + path, where);
        return found->second;
    };
    std::vector<Fault> faults;
    Read read{AliasFile::parse(text, "aliases", context, faults), {}};
    for (const Fault& fault : faults) read.faults.push_back(to_text(fault));
    return read;
}

std::vector<std::string> members(const AliasFile& aliases, std::string_view name) {
    std::vector<std::string> all;
    aliases.for_each_member(name, [&](const Member& member) {
        std::string text = member.plain ? "plain " : "";
        switch (member.kind) {
            case MemberKind::local:
                text += member.address.local_part;
                break;
            case MemberKind::pipe:
                text += "pipe " + member.argument;
                break;
            default:
                text += to_text(member.address);
                break;
        }
        all.push_back(text);
        return true;
    });
    return all;
}

TEST(AliasFile, ReadsNamesAndValues) {
    const Read made = read(
        "# aliases\nPostmaster: root\nroot: bob, carol@Example.org,\n  \"dan smith\", \\eve, <frank@example.org>\n\"odd: name\": bob\nlist : bob\n");
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_THAT(members(made.aliases, "postmaster"), ElementsAre("root"));
    EXPECT_THAT(members(made.aliases, "root"), ElementsAre("bob", "carol@example.org", "dan smith", "plain eve", "frank@example.org"));
    EXPECT_THAT(members(made.aliases, "odd: name"), ElementsAre("bob"));
    EXPECT_THAT(members(made.aliases, "list"), ElementsAre("bob"));
    EXPECT_THAT(members(made.aliases, "nobody"), IsEmpty());
}

TEST(AliasFile, NamesCommandsOfTheTableOnly) {
    const Read made = read("a: |tickets\nb: \"|tickets\"\nc: \"|/usr/bin/vacation bob\"\nd: |/bin/sh\n");
    EXPECT_THAT(members(made.aliases, "a"), ElementsAre("pipe tickets"));
    EXPECT_THAT(members(made.aliases, "b"), ElementsAre("pipe tickets"));
    EXPECT_FALSE(made.aliases.has("c"));
    EXPECT_THAT(made.faults, ElementsAre(HasSubstr("aliases:3: there is no command '/usr/bin/vacation bob' in pipe.commands; add a line there"),
                                         HasSubstr("aliases:4: there is no command '/bin/sh'")));
}

TEST(AliasFile, RefusesFiles) {
    EXPECT_THAT(read("a: /var/mail/a\nb: \"/var/mail/b\"\n").faults,
                ElementsAre(HasSubstr("aliases:1: delivery into the file '/var/mail/a' is not done; name a mailbox"), HasSubstr("aliases:2:")));
}

TEST(AliasFile, TellsMistakesWithTheirLines) {
    EXPECT_THAT(read("no colon here\n: bob\na:\nbob@example.org: carol\nc: d\nc: e\nf: bob carol\ng: @example.org\nh: bob,,carol\n").faults,
                ElementsAre(HasSubstr("aliases:1: an alias is written name: value"), HasSubstr("aliases:2:"),
                            HasSubstr("aliases:3: the alias leads nowhere"), HasSubstr("aliases:4: aliases are local names; move 'bob@example.org'"),
                            HasSubstr("aliases:6: the alias 'c' stands above"), HasSubstr("aliases:7: 'bob carol' is no address"),
                            HasSubstr("aliases:8: @domain alone"), HasSubstr("aliases:9: a value is missing")));
}

TEST(AliasFile, PutsIncludedListsInTheirPlace) {
    const Read made = read("staff: anna, :include:/lists/staff, zoe\nall: \":include:/lists/all\"\n",
                           {{"/lists/staff", "# staff\nbob, carol\n\n  dan@example.org\n"}, {"/lists/all", ":include:/lists/staff\nguest\n"}});
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_THAT(members(made.aliases, "staff"), ElementsAre("anna", "bob", "carol", "dan@example.org", "zoe"));
    EXPECT_THAT(members(made.aliases, "all"), ElementsAre("bob", "carol", "dan@example.org", "guest"));
}

TEST(AliasFile, TellsMistakesWithinLists) {
    const Read made = read("a: :include:/lists/a\nb: :include:/lists/gone\nc: :include:relative\nd: :include:/lists/d\n",
                           {{"/lists/a", "bob\n|tickets\n"}, {"/lists/d", ":include:/lists/d\n"}});
    EXPECT_THAT(made.faults,
                ElementsAre(HasSubstr("/lists/a:2: an included list may not name commands"), HasSubstr("aliases:2: there is no file /lists/gone"),
                            HasSubstr("aliases:3: :include: is followed by the absolute path"),
                            HasSubstr("/lists/d:1: the list '/lists/d' includes itself")));
}

TEST(AliasFile, ListsAreIncludedToALimitedDepth) {
    std::map<std::string, std::string> lists;
    for (int i = 0; i < 12; ++i) lists["/l" + std::to_string(i)] = ":include:/l" + std::to_string(i + 1) + "\n";
    EXPECT_THAT(read("a: :include:/l0\n", lists).faults, ElementsAre(HasSubstr("/l7:1: lists are included at most 8 deep")));
}

TEST(AliasFile, StopsWhenItsReaderHasEnough) {
    const Read made = read("a: b, c, d\n");
    int seen = 0;
    EXPECT_FALSE(made.aliases.for_each_member("a", [&](const Member&) { return ++seen < 2; }));
    EXPECT_EQ(seen, 2);
}

TEST(AliasFile, OpensAFileWithItsLists) {
    const TestFolder folder;
    const std::string list = folder.write("list", "bob\n");
    std::vector<Fault> faults;
    const auto aliases = AliasFile::open(folder.write("aliases", "a: :include:" + list + "\n"), {}, {}, faults);
    ASSERT_TRUE(aliases);
    EXPECT_TRUE(faults.empty());
    EXPECT_THAT(members(*aliases, "a"), ElementsAre("bob"));
    EXPECT_FALSE(AliasFile::open(folder.path() + "/gone", {}, {"posthorn.toml", 2, 1}, faults));
    EXPECT_THAT(to_text(faults.at(0)), HasSubstr("posthorn.toml:2:1: there is no file"));
}

}  // namespace
}  // namespace ph::directory

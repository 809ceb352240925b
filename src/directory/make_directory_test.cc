// directory/make_directory_test.cc: the directory as the server sees it, and every complaint about a configuration that cannot work.
#include "directory/make_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "io/test_world.h"

namespace ph::directory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DirectoryParams simple() {
    DirectoryParams params;
    params.local_users = "any";
    params.local_maildir = "/m/{user}/";
    params.local_aliases = "";
    return params;
}

Surroundings around() {
    Surroundings around;
    around.hostname = "mx.example.org";
    around.own_addresses.emplace();
    around.where = [](std::string_view name) { return SourceLocation{"posthorn.toml:" + std::string(name), 0, 0}; };
    return around;
}

std::vector<std::string> faults_of(const DirectoryParams& params) {
    std::vector<std::string> texts;
    const auto maps = read_maps(params, around());
    if (maps) return texts;
    for (const Fault& fault : maps.error()) texts.push_back(to_text(fault));
    return texts;
}

TEST(MakeDirectory, WorksWithTheDefaults) {
    DirectoryParams params;
    params.local_aliases = "";
    Surroundings here = around();
    const auto directory = make_directory(params, here);
    ASSERT_TRUE(directory) << to_text(directory.error().front());
    EXPECT_TRUE((*directory)->is_local_domain("MX.example.org"));
    EXPECT_TRUE((*directory)->is_local_domain("localhost"));
    EXPECT_TRUE((*directory)->is_local_domain(""));
    EXPECT_FALSE((*directory)->is_local_domain("example.org"));
    EXPECT_EQ((*directory)->pipe_command("tickets"), nullptr);
}

TEST(MakeDirectory, AnswersOnTheLoopFromMemory) {
    io::TestWorld world;
    Surroundings here = around();
    here.world = &world;
    const auto directory = make_directory(simple(), here);
    ASSERT_TRUE(directory);
    const Resolution resolution = world.wait_for((*directory)->resolve({"bob", "mx.example.org"}));
    EXPECT_EQ(resolution.existence, Existence::deliverable);
    const auto user = world.wait_for((*directory)->user({"bob", "mx.example.org"}));
    ASSERT_TRUE(user);
    EXPECT_EQ(user->maildir, "/m/bob/");
}

TEST(MakeDirectory, AsksTheSystemOffTheLoop) {
    io::TestWorld world;
    DirectoryParams params;
    params.local_aliases = "";
    Surroundings here = around();
    here.world = &world;
    const auto directory = make_directory(params, here);
    ASSERT_TRUE(directory);
    const Resolution resolution = world.wait_for((*directory)->resolve({"root", "mx.example.org"}));
    EXPECT_EQ(resolution.existence, Existence::deliverable);
    EXPECT_EQ(world.wait_for((*directory)->resolve({"no-such-user-here", "localhost"})).existence, Existence::unknown_local);
    const auto user = world.wait_for((*directory)->user({"root", "mx.example.org"}));
    ASSERT_TRUE(user);
    EXPECT_EQ(user->uid, 0U);
}

TEST(MakeDirectory, HandsOutTheCommandBehindARoute) {
    const TestFolder folder;
    DirectoryParams params = simple();
    params.pipe_commands = folder.write("commands", "tickets /bin/cat {recipient}\n");
    params.local_transport = "pipe:tickets";
    const auto directory = make_directory(params, around());
    ASSERT_TRUE(directory);
    ASSERT_NE((*directory)->pipe_command("tickets"), nullptr);
    EXPECT_EQ((*directory)->pipe_command("tickets")->words.front(), "/bin/cat");
}

TEST(MakeDirectory, TellsADomainInTwoPlaces) {
    const TestFolder folder;
    DirectoryParams params = simple();
    params.local_domains = {"example.org", folder.write("domains", "a.example\nb.example ok\n")};
    params.relay_domains = {"Example.org", ".a.example", "B.example"};
    EXPECT_THAT(faults_of(params),
                testing::UnorderedElementsAre(
                    HasSubstr("posthorn.toml:relay.domains: 'example.org' is in local.domains and in relay.domains; a domain has one place"),
                    HasSubstr("'b.example' is in local.domains and in relay.domains")));
}

TEST(MakeDirectory, TellsMissingFilesAllAtOnce) {
    DirectoryParams params = simple();
    params.local_aliases = "/nonexistent/aliases";
    params.virtual_aliases = "/nonexistent/virtual";
    params.route_transports = "cidr:relative";
    params.pipe_commands = "/nonexistent/commands";
    params.local_owner = "no-such-user-here";
    const std::vector<std::string> faults = faults_of(params);
    EXPECT_THAT(faults, Contains(HasSubstr("posthorn.toml:local.aliases: there is no file /nonexistent/aliases")));
    EXPECT_THAT(faults, Contains(HasSubstr("posthorn.toml:virtual.aliases: there is no file /nonexistent/virtual")));
    EXPECT_THAT(faults, Contains(HasSubstr("posthorn.toml:route.transports: 'cidr:relative' is no table")));
    EXPECT_THAT(faults, Contains(HasSubstr("posthorn.toml:pipe.commands: there is no file /nonexistent/commands")));
    EXPECT_THAT(faults, Contains(HasSubstr("posthorn.toml:local.owner: there is no user 'no-such-user-here'")));
}

TEST(MakeDirectory, NamesTheParameterWhereNobodyKnowsItsLine) {
    DirectoryParams params = simple();
    params.local_aliases = "/nonexistent/aliases";
    Surroundings here = around();
    here.where = nullptr;
    const auto directory = make_directory(params, here);
    ASSERT_FALSE(directory);
    EXPECT_THAT(to_text(directory.error().front()), HasSubstr("local.aliases: there is no file /nonexistent/aliases"));
}

TEST(MakeDirectory, TellsMistakesInTablesWithTheirLines) {
    const TestFolder folder;
    DirectoryParams params = simple();
    params.virtual_mailbox_domains = {"v.example"};
    params.virtual_aliases = folder.write("virtual", "a@example.org b@example.org\nc@example.org |tickets\n");
    params.virtual_mailboxes = folder.write("mailboxes", "a@v.example v/a\n");
    params.route_transports = folder.write("transports", "a.example smtp:\nb.example pipe:gone\nc.example smtp:[c.example]\n");
    EXPECT_THAT(
        faults_of(params),
        ElementsAre(HasSubstr("virtual:2: virtual aliases lead to addresses only"), HasSubstr("mailboxes:1: 'v/a' is no absolute path"),
                    HasSubstr("transports:1: 'smtp:' is no transport; write smtp:domain"), HasSubstr("transports:2: there is no command 'gone'")));
}

TEST(MakeDirectory, TellsDomainsWhoseAddressesCannotExist) {
    DirectoryParams params = simple();
    params.virtual_mailbox_domains = {"v.example"};
    params.virtual_alias_domains = {"a.example"};
    params.relay_recipients = "inline:x@r.example ok";
    EXPECT_THAT(faults_of(params),
                ElementsAre(HasSubstr("set virtual.mailboxes"), HasSubstr("set virtual.aliases"), HasSubstr("relay.domains is empty")));
}

TEST(MakeDirectory, TellsAPostmasterWhoDoesNotExist) {
    const TestFolder folder;
    DirectoryParams params = simple();
    params.local_users = folder.write("users", "bob /m/bob\n");
    EXPECT_THAT(faults_of(params), ElementsAre(HasSubstr("posthorn.toml:local.postmaster: mail for postmaster would be refused")));
    params.local_postmaster = "bob";
    EXPECT_THAT(faults_of(params), IsEmpty());
    params.local_postmaster = "admin@elsewhere.example";
    EXPECT_THAT(faults_of(params), IsEmpty());
    params.local_postmaster = "";
    params.local_aliases = folder.write("aliases", "postmaster: bob\n");
    EXPECT_THAT(faults_of(params), IsEmpty());
}

TEST(MakeDirectory, AddressesWithoutADomainBelongToTheFirstLocalOne) {
    DirectoryParams params = simple();
    params.local_domains = {".sub.example", "Example.org", "example.net"};
    EXPECT_EQ(read_maps(params, around())->home_domain, "example.org");
    params.local_domains.push_back("mx.example.org");
    EXPECT_EQ(read_maps(params, around())->home_domain, "mx.example.org");
}

}  // namespace
}  // namespace ph::directory

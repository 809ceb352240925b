// directory/expander_test.cc: where addresses lead: domains, users, aliases of both kinds, lists with owners, circles, transports.
#include "directory/expander.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "directory/make_directory.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// A small site: example.org is local with the users root, bob and carol.
class Site {
  public:
    Site() {
        params.local_domains = {"example.org", "example.net"};
        params.local_users = folder.write("users", "root /m/root\nbob /m/bob:1000:100:1M\ncarol /m/carol\n");
        params.local_aliases = "";
        around.hostname = "mx.example.org";
        around.own_addresses = {*io::IpAddress::parse("192.0.2.1"), *io::IpAddress::parse("2001:db8::1")};
    }
    void aliases(std::string_view text) { params.local_aliases = folder.write("aliases", text); }
    void virtual_aliases(std::string_view text) { params.virtual_aliases = folder.write("virtual", text); }

    const Maps& maps() {
        if (!maps_) {
            auto read = read_maps(params, around);
            EXPECT_TRUE(read) << (read ? "" : to_text(read.error().front()));
            maps_ = read ? std::make_unique<Maps>(*std::move(read)) : std::make_unique<Maps>();
        }
        return *maps_;
    }
    Resolution resolve(const std::string& local_part, const std::string& domain = "example.org") {
        return Expander(maps()).resolve({local_part, domain});
    }
    // "address route[ owner]" of each target.
    std::vector<std::string> targets(const std::string& local_part, const std::string& domain = "example.org") {
        std::vector<std::string> all;
        for (const Target& target : resolve(local_part, domain).targets) {
            all.push_back(to_text(target.address) + ' ' + to_text(target.route) + (target.owner.is_null() ? "" : ' ' + to_text(target.owner)));
        }
        return all;
    }
    std::optional<LocalUser> user(const std::string& local_part, const std::string& domain = "example.org") {
        return Expander(maps()).user({local_part, domain});
    }

    TestFolder folder;
    DirectoryParams params;
    Surroundings around;

  private:
    std::unique_ptr<Maps> maps_;
};

TEST(Expander, AUserOfALocalDomainGoesToHisMaildir) {
    Site site;
    const Resolution resolution = site.resolve("Bob");
    EXPECT_EQ(resolution.existence, Existence::deliverable);
    ASSERT_EQ(resolution.targets.size(), 1U);
    EXPECT_FALSE(resolution.targets[0].expanded);
    EXPECT_THAT(site.targets("Bob"), ElementsAre("Bob@example.org maildir:"));
    EXPECT_EQ(site.user("BOB")->maildir, "/m/bob/");
    EXPECT_EQ(site.user("bob")->quota_bytes, 1ULL << 20U);
    EXPECT_FALSE(site.user("dan"));
    EXPECT_FALSE(site.user("bob", "elsewhere.example"));
}

TEST(Expander, AnUnknownNameIsToldWithItsAddress) {
    Site site;
    const Resolution resolution = site.resolve("dan");
    EXPECT_EQ(resolution.existence, Existence::unknown_local);
    EXPECT_EQ(resolution.text, "dan@example.org");
    EXPECT_THAT(resolution.targets, IsEmpty());
}

TEST(Expander, OwnAddressLiteralsAndNoDomainAreLocal) {
    Site site;
    EXPECT_THAT(site.targets("bob", "[192.0.2.1]"), ElementsAre("bob@[192.0.2.1] maildir:"));
    EXPECT_THAT(site.targets("bob", "[IPv6:2001:db8::1]"), ElementsAre("bob@[ipv6:2001:db8::1] maildir:"));
    EXPECT_THAT(site.targets("Postmaster", ""), ElementsAre("root@example.org maildir:"));
    EXPECT_EQ(site.resolve("bob", "[192.0.2.2]").existence, Existence::not_ours);
}

TEST(Expander, OtherDomainsGoToTheirMxOrTheRelayHost) {
    Site site;
    EXPECT_EQ(site.resolve("x", "Elsewhere.example").existence, Existence::not_ours);
    EXPECT_THAT(site.targets("x", "Elsewhere.example"), ElementsAre("x@elsewhere.example smtp:elsewhere.example"));
    Site behind;
    behind.params.route_relay_host = "[relay.example.net]:587";
    EXPECT_THAT(behind.targets("x", "elsewhere.example"), ElementsAre("x@elsewhere.example smtp:[relay.example.net]:587"));
}

TEST(Expander, SourceRoutesWithinALocalPartAreOnlyNames) {
    Site site;
    for (const std::string name : {"victim%elsewhere.example", "elsewhere.example!victim", "victim@elsewhere.example"}) {
        EXPECT_EQ(site.resolve(name).existence, Existence::unknown_local) << name;
    }
}

TEST(Expander, AnExtensionIsTriedFirstAndThenLeftOut) {
    Site site;
    site.aliases("bob+lists: carol\n");
    EXPECT_THAT(site.targets("bob+news"), ElementsAre("bob+news@example.org maildir:"));
    EXPECT_EQ(site.user("bob+news")->name, "bob");
    EXPECT_THAT(site.targets("bob+lists"), ElementsAre("carol@example.org maildir:"));
    Site without;
    without.params.local_recipient_delimiter = "";
    EXPECT_EQ(without.resolve("bob+news").existence, Existence::unknown_local);
}

TEST(Expander, NamesWithAMeaningAreNotSplit) {
    EXPECT_EQ(split_name("owner-list", "-").base, "owner-list");
    EXPECT_EQ(split_name("list-request", "-").base, "list-request");
    EXPECT_EQ(split_name("bob-x-y", "-+").base, "bob");
    EXPECT_EQ(split_name("bob-x-y", "-+").extension, "-x-y");
    EXPECT_EQ(split_name("+bob", "+").extension, "");
    EXPECT_EQ(split_name("", "+").base, "");
}

TEST(Expander, AnAliasLeadsToAllItsMembers) {
    Site site;
    site.aliases("team: bob, carol, guest@elsewhere.example\nnested: team, root\n");
    EXPECT_THAT(site.targets("Team"),
                ElementsAre("bob@example.org maildir:", "carol@example.org maildir:", "guest@elsewhere.example smtp:elsewhere.example"));
    EXPECT_THAT(site.targets("team", "example.net"),
                ElementsAre("bob@example.net maildir:", "carol@example.net maildir:", "guest@elsewhere.example smtp:elsewhere.example"))
        << "local names belong to the domain that was asked for";
    EXPECT_EQ(site.targets("nested").size(), 4U);
    EXPECT_TRUE(site.resolve("team").targets[0].expanded);
    EXPECT_EQ(site.resolve("team").existence, Existence::deliverable);
}

TEST(Expander, AnAliasThatNamesItselfMeansTheMailbox) {
    Site site;
    site.aliases("bob: bob, archive@elsewhere.example\ncarol: \\carol, bob\n");
    EXPECT_THAT(site.targets("bob"), ElementsAre("bob@example.org maildir:", "archive@elsewhere.example smtp:elsewhere.example"));
    EXPECT_FALSE(site.resolve("bob").targets[0].expanded);
    EXPECT_EQ(site.targets("carol").size(), 3U);
}

TEST(Expander, AMemberReachedTwiceGetsItOnce) {
    Site site;
    site.aliases("a: b, c, bob\nb: bob, carol\nc: carol, \\bob\n");
    EXPECT_THAT(site.targets("a"), UnorderedElementsAre("bob@example.org maildir:", "carol@example.org maildir:"));
}

TEST(Expander, ACircleIsToldWithAPlaceInIt) {
    Site site;
    site.aliases("a: b\nb: c, bob\nc: A\n");
    const Resolution resolution = site.resolve("a");
    EXPECT_EQ(resolution.existence, Existence::loop);
    EXPECT_THAT(resolution.text, HasSubstr("in a circle through A@example.org"));
    EXPECT_THAT(resolution.targets, IsEmpty());
}

TEST(Expander, AliasesHaveALimitedDepth) {
    Site site;
    std::string text;
    for (int i = 0; i < 60; ++i) text += "a" + std::to_string(i) + ": a" + std::to_string(i + 1) + "\n";
    site.aliases(text + "a60: bob\n");
    EXPECT_EQ(site.resolve("a0").existence, Existence::loop);
    EXPECT_THAT(site.resolve("a0").text, HasSubstr("50 levels"));
    EXPECT_THAT(site.targets("a30"), ElementsAre("bob@example.org maildir:"));
}

TEST(Expander, ListsHaveALimitedSize) {
    Site site;
    std::string text;
    for (std::size_t i = 0; i <= max_targets; ++i) text += "u" + std::to_string(i) + "@elsewhere.example\n";
    const std::string list = site.folder.write("list", text);
    site.aliases("all: :include:" + list + "\n");
    EXPECT_EQ(site.resolve("all").existence, Existence::loop);
    EXPECT_THAT(site.resolve("all").text, HasSubstr("10000"));
}

TEST(Expander, BouncesOfAListGoToItsOwner) {
    Site site;
    site.aliases("list: bob, guest@elsewhere.example\nowner-list: carol\nall: list, root\n");
    EXPECT_THAT(site.targets("list"), ElementsAre("bob@example.org maildir: owner-list@example.org",
                                                  "guest@elsewhere.example smtp:elsewhere.example owner-list@example.org"));
    EXPECT_THAT(site.targets("all"),
                ElementsAre("bob@example.org maildir: owner-list@example.org",
                            "guest@elsewhere.example smtp:elsewhere.example owner-list@example.org", "root@example.org maildir:"));
}

TEST(Expander, AMemberThatDoesNotExistBouncesWithoutSpoilingTheList) {
    Site site;
    site.aliases("list: bob, gone\nonly: gone\n");
    EXPECT_THAT(site.targets("list"), ElementsAre("bob@example.org maildir:", "gone@example.org error:5.1.1 unknown user: gone@example.org"));
    EXPECT_EQ(site.resolve("list").existence, Existence::deliverable);
    EXPECT_EQ(site.resolve("only").existence, Existence::unknown_local);
    for (const Target& target : site.resolve("list").targets) EXPECT_EQ(parse_route(to_text(target.route)), target.route);
}

TEST(Expander, AliasesNameCommands) {
    Site site;
    site.params.pipe_commands = site.folder.write("commands", "tickets /bin/cat {recipient}\n");
    site.aliases("help: |tickets\n");
    EXPECT_THAT(site.targets("help"), ElementsAre("help@example.org pipe:tickets"));
}

TEST(Expander, PostmasterIsAlwaysTaken) {
    Site site;
    EXPECT_THAT(site.targets("POSTMASTER"), ElementsAre("root@example.org maildir:"));
    Site more;
    more.params.local_postmaster = "carol";
    more.params.virtual_mailbox_domains = {"v.example"};
    more.params.virtual_mailboxes = more.folder.write("mailboxes", "a@v.example /v/a\n");
    more.params.relay_domains = {"r.example"};
    more.params.relay_recipients = more.folder.write("relay", "a@r.example\n");
    EXPECT_THAT(more.targets("postmaster", "v.example"), ElementsAre("carol@example.org maildir:"));
    EXPECT_THAT(more.targets("postmaster", "r.example"), ElementsAre("postmaster@r.example smtp:r.example"));
    Site own;
    own.aliases("postmaster: bob\n");
    EXPECT_THAT(own.targets("postmaster"), ElementsAre("bob@example.org maildir:"));
}

TEST(Expander, CatchAllTakesUnknownNamesOfLocalDomains) {
    Site site;
    site.params.local_catch_all = "bob";
    EXPECT_THAT(site.targets("whoever"), ElementsAre("bob@example.org maildir:"));
    EXPECT_THAT(site.targets("carol"), ElementsAre("carol@example.org maildir:"));
    Site gone;
    gone.params.local_catch_all = "nobody-here";
    EXPECT_EQ(gone.resolve("whoever").existence, Existence::loop) << "a catch-all that does not exist leads to itself";
}

TEST(Expander, VirtualAliasesComeFirst) {
    Site site;
    site.params.virtual_alias_domains = {"v.example"};
    site.virtual_aliases(
        "info@v.example bob, x@elsewhere.example carol\n@v.example catchall@example.org\nbob@example.org away@elsewhere.example\ncatchall carol\n");
    site.aliases("bob: root\n");
    EXPECT_THAT(site.targets("info", "v.example"), ElementsAre("away@elsewhere.example smtp:elsewhere.example",
                                                               "x@elsewhere.example smtp:elsewhere.example", "carol@example.org maildir:"));
    EXPECT_THAT(site.targets("any.one", "v.example"), ElementsAre("carol@example.org maildir:")) << "a bare name is of a local domain";
    EXPECT_EQ(site.resolve("info", "v.example").existence, Existence::deliverable);
}

TEST(Expander, AVirtualAliasDomainHasOnlyItsAliases) {
    Site site;
    site.params.virtual_alias_domains = {"v.example"};
    site.virtual_aliases("info@v.example bob\n");
    EXPECT_EQ(site.resolve("bob", "v.example").existence, Existence::unknown_alias);
    EXPECT_EQ(site.resolve("bob", "v.example").text, "bob@v.example");
}

TEST(Expander, AVirtualAliasKeepsTheExtension) {
    Site site;
    site.virtual_aliases("info@example.org bob\nexact+x@example.org carol\n");
    EXPECT_THAT(site.targets("info+news"), ElementsAre("bob+news@example.org maildir:"));
    EXPECT_THAT(site.targets("exact+x"), ElementsAre("carol@example.org maildir:"));
}

TEST(Expander, AVirtualAliasThatNamesItselfIsMeantAsItStands) {
    Site site;
    site.virtual_aliases("bob@example.org bob@example.org, copy@elsewhere.example\n@example.net @example.org\n");
    EXPECT_THAT(site.targets("bob"), ElementsAre("bob@example.org maildir:", "copy@elsewhere.example smtp:elsewhere.example"));
    EXPECT_THAT(site.targets("carol", "example.net"), ElementsAre("carol@example.org maildir:")) << "a whole domain by another name";
}

TEST(Expander, AVirtualCircleIsTold) {
    Site site;
    site.virtual_aliases("a@example.org b@example.org\nb@example.org a@example.org\n");
    EXPECT_EQ(site.resolve("a").existence, Existence::loop);
}

TEST(Expander, VirtualMailboxes) {
    Site site;
    site.params.virtual_mailbox_domains = {"v.example"};
    site.params.virtual_mailbox_base = "/var/vmail";
    site.params.virtual_mailboxes =
        site.folder.write("mailboxes", "anna@v.example v.example/anna/:5000:5000:2M\n@w.example /w/{user}\nzoe@v.example /z\n");
    EXPECT_THAT(site.targets("Anna+x", "v.example"), ElementsAre("Anna+x@v.example maildir:"));
    const auto user = site.user("Anna+x", "v.example");
    ASSERT_TRUE(user);
    EXPECT_EQ(user->maildir, "/var/vmail/v.example/anna/");
    EXPECT_EQ(user->uid, 5000U);
    EXPECT_EQ(user->quota_bytes, 2ULL << 20U);
    EXPECT_EQ(site.user("zoe", "v.example")->uid, geteuid());
    EXPECT_EQ(site.resolve("dan", "v.example").existence, Existence::unknown_virtual);
}

TEST(Expander, RelayedDomainsGoToTheirMxAndNotToTheRelayHost) {
    Site site;
    site.params.relay_domains = {"r.example", ".below.example"};
    site.params.route_relay_host = "[relay.example.net]";
    site.params.route_transports = "inline:sub.below.example smtp:[192.0.2.9]:2525";
    EXPECT_EQ(site.resolve("x", "r.example").existence, Existence::deliverable);
    EXPECT_THAT(site.targets("x", "r.example"), ElementsAre("x@r.example smtp:r.example"));
    EXPECT_THAT(site.targets("x", "sub.below.example"), ElementsAre("x@sub.below.example smtp:[192.0.2.9]:2525"));
    EXPECT_EQ(site.resolve("x", "below.example").existence, Existence::not_ours);
}

TEST(Expander, RelayRecipientsSayWhoExists) {
    Site site;
    site.params.relay_domains = {"r.example", "all.example"};
    site.params.relay_recipients = site.folder.write("recipients", "a@r.example\n@all.example\n");
    EXPECT_EQ(site.resolve("A+x", "r.example").existence, Existence::deliverable);
    EXPECT_EQ(site.resolve("b", "r.example").existence, Existence::unknown_relay);
    EXPECT_EQ(site.resolve("b", "all.example").existence, Existence::deliverable);
}

TEST(Expander, TransportsByAddressDomainParentAndStar) {
    Site site;
    site.params.route_transports =
        site.folder.write("transports",
                          "vip@elsewhere.example discard:\nelsewhere.example smtp:[mx.elsewhere.example]:26\n.elsewhere.example "
                          "error:5.1.2 no mail below\nbob@example.org lmtp:unix:/run/lmtp\n* smtp:gateway.example.net\n");
    EXPECT_THAT(site.targets("vip+x", "elsewhere.example"), ElementsAre("vip+x@elsewhere.example discard:"));
    EXPECT_THAT(site.targets("x", "elsewhere.example"), ElementsAre("x@elsewhere.example smtp:[mx.elsewhere.example]:26"));
    EXPECT_THAT(site.targets("x", "a.b.elsewhere.example"), ElementsAre("x@a.b.elsewhere.example error:5.1.2 no mail below"));
    EXPECT_THAT(site.targets("x", "other.example"), ElementsAre("x@other.example smtp:gateway.example.net"));
    EXPECT_THAT(site.targets("bob"), ElementsAre("bob@example.org lmtp:unix:/run/lmtp"));
    EXPECT_THAT(site.targets("carol"), ElementsAre("carol@example.org maildir:")) << "* does not take mail away from mailboxes";
}

TEST(Expander, TransportsByPattern) {
    Site site;
    site.params.route_transports = "regexp:" + site.folder.write("transports", "/@(.*)\\.old\\.example$/ smtp:[$1.new.example]\n/@bad\\.(.*)$/ $1\n");
    EXPECT_THAT(site.targets("x", "a.old.example"), ElementsAre("x@a.old.example smtp:[a.new.example]"));
    EXPECT_EQ(site.resolve("x", "bad.example").existence, Existence::misconfigured);
    EXPECT_THAT(site.resolve("x", "bad.example").text, HasSubstr("'example' is no transport"));
}

TEST(Expander, MailboxesBehindLmtpStillHaveToExist) {
    Site site;
    site.params.local_transport = "lmtp:unix:/run/dovecot/lmtp";
    EXPECT_THAT(site.targets("bob"), ElementsAre("bob@example.org lmtp:unix:/run/dovecot/lmtp"));
    EXPECT_EQ(site.resolve("dan").existence, Existence::unknown_local);
}

TEST(Expander, WhoHasMovedIsToldWhereTo) {
    Site site;
    site.params.local_relocated = site.folder.write("relocated", "bob bob@new.example\n@example.net the new domain new.example\n");
    EXPECT_EQ(site.resolve("Bob").existence, Existence::moved);
    EXPECT_EQ(site.resolve("Bob").text, "bob@new.example");
    EXPECT_EQ(site.resolve("carol", "example.net").text, "the new domain new.example");
    EXPECT_EQ(site.resolve("carol").existence, Existence::deliverable);
}

TEST(Expander, AnUnknownUserIsNotAUserWhoCouldNotBeAsked) {
    class DownUsers : public Users {
      public:
        std::optional<LocalUser> find(const std::string&, std::string_view, std::string& trouble) const override {
            trouble = "users of the system: Connection timed out";
            return std::nullopt;
        }
        bool may_block() const override { return true; }
    };
    Maps maps;
    maps.local_domains.add("example.org");
    maps.users = std::make_unique<DownUsers>();
    const Resolution resolution = Expander(maps).resolve({"bob", "example.org"});
    EXPECT_EQ(resolution.existence, Existence::table_down);
    EXPECT_THAT(resolution.text, HasSubstr("timed out"));
}

}  // namespace
}  // namespace ph::directory

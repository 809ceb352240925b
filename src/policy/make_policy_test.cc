// policy/make_policy_test.cc: every check through the whole policy: what passes, what is refused with which reply, in which mode.
#include "policy/make_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "directory/make_directory.h"
#include "io/test_world.h"

namespace ph::policy {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

class FixedQuota : public QuotaCheck {
  public:
    io::Task<std::optional<TimePoint>> full_since(directory::LocalUser user, std::uint64_t) override {
        asked_for = user.name;
        co_return since;
    }
    std::optional<TimePoint> since;
    std::string asked_for;
};

// A server for example.org with the users bob (with a quota) and carol, and a client from outside.
class House {
  public:
    House() {
        places.local_domains = {"example.org", "localhost"};
        places.local_users = folder.write("users", "root /m/root\nbob /m/bob:1M\ncarol /m/carol\n");
        places.local_aliases = folder.write("aliases", "team: bob, carol\nround: about\nabout: round\n");
        places.relay_domains = {"relayed.example"};
        client.address = "203.0.113.9";
        envelope.reverse_path = {"alice", "client.example"};
    }

    Policy& policy() {
        if (policy_) return *policy_;
        directory::Surroundings around;
        around.hostname = "mx.example.org";
        around.own_addresses.emplace();
        around.world = &world;
        auto made = directory::make_directory(places, around);
        EXPECT_TRUE(made) << (made ? "" : to_text(made.error().front()));
        Neighbours neighbours;
        neighbours.directory = *made;
        neighbours.world = &world;
        neighbours.quota = &quota;
        neighbours.log = &log;
        auto policy = make_policy(params, neighbours);
        EXPECT_TRUE(policy) << (policy ? "" : to_text(policy.error().front()));
        policy_ = *std::move(policy);
        return *policy_;
    }

    Verdict ask(Stage stage, const mail::Mailbox& to = {}) {
        mail::Recipient recipient;
        recipient.address = to;
        Facts facts;
        facts.stage = stage;
        facts.client = &client;
        facts.hostname = "mx.example.org";
        facts.helo = helo;
        facts.envelope = &envelope;
        facts.recipient = stage == Stage::rcpt ? &recipient : nullptr;
        facts.recipients = &accepted;
        facts.content = &content;
        facts.trusted = policy().trusts(client.address);
        return world.wait_for(policy().ask(facts));
    }
    // "554 text" of the refusal, "" if it passes.
    std::string reply(Stage stage, const mail::Mailbox& to = {}) {
        const Verdict verdict = ask(stage, to);
        return verdict.refusal ? to_text(verdict.refusal->code) + ' ' + status::to_text(*verdict.refusal->enhanced) + ' ' + verdict.refusal->text
                               : "";
    }
    std::string rcpt(const std::string& local_part, const std::string& domain = "example.org") { return reply(Stage::rcpt, {local_part, domain}); }
    void accept(const std::string& local_part, const std::string& domain = "example.org") {
        accepted.emplace_back();
        accepted.back().address = {local_part, domain};
    }

    io::TestWorld world;
    TestFolder folder;
    directory::DirectoryParams places;
    PolicyParams params;
    FixedQuota quota;
    std::string logged;
    obs::Log log{obs::Level::info, obs::Format::text, [this] { return world.now(); }, [this](std::string_view lines) { logged += lines; }};
    smtp::Client client;
    std::string helo = "client.example";
    mail::Envelope envelope;
    std::vector<mail::Recipient> accepted;
    smtp::ContentFacts content;

  private:
    std::unique_ptr<Policy> policy_;
};

TEST(MakePolicy, AStrangerReachesWhoLivesHere) {
    House house;
    for (const Stage stage : {Stage::connect, Stage::helo, Stage::mail, Stage::data, Stage::end_of_data}) EXPECT_EQ(house.reply(stage), "");
    const Verdict verdict = house.ask(Stage::rcpt, {"team", "example.org"});
    EXPECT_FALSE(verdict.refusal);
    EXPECT_EQ(verdict.targets.size(), 2U);
    EXPECT_EQ(house.rcpt("anybody", "relayed.example"), "");
    EXPECT_EQ(house.rcpt("Postmaster", ""), "");
}

TEST(MakePolicy, AStrangerMayNotRelay) {
    House house;
    EXPECT_EQ(house.rcpt("x", "elsewhere.example"), "554 5.7.1 <x@elsewhere.example>: Relay access denied");
    EXPECT_EQ(house.rcpt("x", "[198.51.100.1]"), "554 5.7.1 <x@[198.51.100.1]>: Relay access denied");
    EXPECT_THAT(house.rcpt("x%elsewhere.example"), HasSubstr("550 5.1.1 ")) << "a percent sign is part of a name";
}

TEST(MakePolicy, WhoIsTrustedMayRelay) {
    House house;
    house.params.trusted_networks = {"192.0.2.0/24", "2001:db8::/32"};
    for (const char* address : {"192.0.2.77", "2001:db8::5", ""}) {
        house.client.address = address;
        const Verdict verdict = house.ask(Stage::rcpt, {"x", "elsewhere.example"});
        EXPECT_FALSE(verdict.refusal) << address;
        ASSERT_EQ(verdict.targets.size(), 1U);
        EXPECT_EQ(directory::to_text(verdict.targets[0].route), "smtp:elsewhere.example");
    }
    EXPECT_FALSE(house.policy().trusts("127.0.0.1"));
    EXPECT_FALSE(house.policy().trusts("not an address"));
}

TEST(MakePolicy, LoopbackIsTrustedByDefault) {
    House house;
    EXPECT_TRUE(house.policy().trusts("127.0.0.1"));
    EXPECT_TRUE(house.policy().trusts("::1"));
    EXPECT_FALSE(house.policy().trusts("192.0.2.1"));
}

TEST(MakePolicy, WhoDoesNotExistIsToldByTheKindOfDomain) {
    House house;
    house.places.virtual_mailbox_domains = {"v.example"};
    house.places.virtual_mailboxes = "inline:anna@v.example /v/anna";
    house.places.virtual_alias_domains = {"a.example"};
    house.places.virtual_aliases = "inline:info@a.example bob";
    house.places.relay_recipients = "inline:known@relayed.example ok";
    house.places.local_relocated = "inline:dan dan@new.example";
    EXPECT_EQ(house.rcpt("nobody"), "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown in local recipient table");
    EXPECT_EQ(house.rcpt("nobody", "v.example"), "550 5.1.1 <nobody@v.example>: Recipient address rejected: User unknown in virtual mailbox table");
    EXPECT_EQ(house.rcpt("nobody", "a.example"), "550 5.1.1 <nobody@a.example>: Recipient address rejected: User unknown in virtual alias table");
    EXPECT_EQ(house.rcpt("nobody", "relayed.example"),
              "550 5.1.1 <nobody@relayed.example>: Recipient address rejected: User unknown in relay recipient table");
    EXPECT_EQ(house.rcpt("dan"), "551 5.1.6 <dan@example.org>: Recipient address rejected: User has moved to dan@new.example");
    EXPECT_THAT(house.rcpt("round"), HasSubstr("450 4.2.4 <round@example.org>: Alias expansion error: aliases lead in a circle"));
}

TEST(MakePolicy, AnErrorRouteIsToldAtOnce) {
    House house;
    house.places.route_transports =
        "inline:gone.relayed.example error:5.1.2 this domain was given up; off.relayed.example error:4.3.2 closed for now";
    house.places.relay_domains = {".relayed.example"};
    EXPECT_EQ(house.rcpt("x", "gone.relayed.example"),
              "550 5.1.1 <x@gone.relayed.example>: Recipient address rejected: undeliverable address: 5.1.2 this domain was given up");
    EXPECT_THAT(house.rcpt("x", "off.relayed.example"), HasSubstr("450 4.1.1 "));
}

TEST(MakePolicy, ABrokenTableIsOurFault) {
    House house;
    house.places.route_transports = "regexp:" + house.folder.write("transports", "/^(.*)@relayed.example$/ $1\n");
    EXPECT_EQ(house.rcpt("x", "relayed.example"), "451 4.3.5 Server configuration error");
    House access;
    access.params.sender_access = "regexp:" + access.folder.write("senders", "/^(.*)@/ $1\n");
    EXPECT_EQ(access.reply(Stage::mail), "451 4.3.5 Server configuration error");
}

TEST(MakePolicy, AddressesNeedAFullDomain) {
    House house;
    house.envelope.reverse_path = {"root", "localhost"};
    EXPECT_EQ(house.reply(Stage::mail), "504 5.5.2 <root@localhost>: Sender address rejected: need fully-qualified address");
    EXPECT_EQ(house.rcpt("bob", "mailhost"), "504 5.5.2 <bob@mailhost>: Recipient address rejected: need fully-qualified address");
    EXPECT_EQ(house.rcpt("bob", "localhost"), "") << "a domain of ours needs no dot";
    house.client.address = "127.0.0.1";
    EXPECT_EQ(house.reply(Stage::mail), "") << "our own programs send so";
    house.client.address = "203.0.113.9";
    house.envelope.reverse_path = {};
    EXPECT_EQ(house.reply(Stage::mail), "") << "the null sender has no domain";
    house.envelope.reverse_path = {"x", "[ipv6:2001:db8::1]"};
    EXPECT_EQ(house.reply(Stage::mail), "");
}

TEST(MakePolicy, ABounceHasOneRecipient) {
    House house;
    house.envelope.reverse_path = {};
    EXPECT_EQ(house.rcpt("bob"), "");
    house.accept("bob");
    EXPECT_EQ(house.rcpt("carol"), "550 5.5.3 <carol@example.org>: Recipient address rejected: Multi-recipient bounce");
    house.client.address = "127.0.0.1";
    EXPECT_EQ(house.rcpt("carol"), "");
}

TEST(MakePolicy, AccessTablesRefuseAtTheirStages) {
    House house;
    house.params.client_access = "cidr:" + house.folder.write("clients", "203.0.113.0/24 reject your network sends spam\n");
    house.params.helo_access = "inline:bad.example defer";
    house.params.sender_access = "inline:spam.example reject; <> defer no bounces today";
    house.params.recipient_access = "inline:carol@example.org reject she left";
    EXPECT_EQ(house.reply(Stage::connect), "554 5.7.1 <[203.0.113.9]>: Client rejected: Access denied; your network sends spam");
    house.client.address = "198.51.100.1";
    EXPECT_EQ(house.reply(Stage::connect), "");
    house.helo = "mx.bad.example";
    EXPECT_EQ(house.reply(Stage::helo), "450 4.7.1 <mx.bad.example>: Helo name rejected: Access denied");
    house.envelope.reverse_path = {"x", "spam.example"};
    EXPECT_EQ(house.reply(Stage::mail), "554 5.7.1 <x@spam.example>: Sender rejected: Access denied");
    house.envelope.reverse_path = {};
    EXPECT_EQ(house.reply(Stage::mail), "450 4.7.1 <>: Sender rejected: Access denied; no bounces today");
    EXPECT_EQ(house.rcpt("carol"), "554 5.7.1 <carol@example.org>: Recipient address rejected: Access denied; she left");
    EXPECT_EQ(house.rcpt("bob"), "");
}

TEST(MakePolicy, PermitEndsTheTablesButNeverOpensTheRelay) {
    House house;
    house.params.client_access = "inline:203.0.113.9 permit";
    house.params.helo_access = "inline:client.example reject";
    house.params.sender_access = "inline:client.example reject";
    house.params.recipient_access = "inline:bob@example.org reject";
    house.params.default_action = "reject";
    EXPECT_EQ(house.reply(Stage::helo), "");
    EXPECT_EQ(house.reply(Stage::mail), "");
    EXPECT_EQ(house.rcpt("bob"), "");
    EXPECT_THAT(house.rcpt("x", "elsewhere.example"), HasSubstr("Relay access denied"));
    EXPECT_THAT(house.rcpt("nobody"), HasSubstr("User unknown"));
}

TEST(MakePolicy, APermittedSenderIsNotAskedByTheTablesOfRecipients) {
    House house;
    house.params.sender_access = "inline:alice@client.example ok";
    house.params.recipient_access = "inline:bob@example.org reject";
    EXPECT_EQ(house.rcpt("bob"), "");
    house.envelope.reverse_path = {"mallory", "client.example"};
    EXPECT_THAT(house.rcpt("bob"), HasSubstr("554 5.7.1"));
}

TEST(MakePolicy, TheEndOfTheRulesDecidesForTheRest) {
    House house;
    house.params.default_action = "reject";
    house.params.recipient_access = "inline:carol@example.org permit";
    EXPECT_EQ(house.rcpt("bob"), "554 5.7.1 <bob@example.org>: rejected: Access denied by rule");
    EXPECT_EQ(house.rcpt("carol"), "");
    EXPECT_EQ(house.rcpt("postmaster"), "") << "postmaster can always be reached";
    house.client.address = "127.0.0.1";
    EXPECT_EQ(house.rcpt("bob"), "");
    House later;
    later.params.default_action = "defer";
    EXPECT_EQ(later.rcpt("bob"), "450 4.3.2 <bob@example.org>: Try again later");
}

TEST(MakePolicy, AFullMailboxIsPutOffAndThenRefused) {
    House house;
    house.quota.since = house.world.now();
    EXPECT_EQ(house.rcpt("bob+news"), "452 4.2.2 <bob+news@example.org>: Mailbox full");
    EXPECT_EQ(house.quota.asked_for, "bob");
    EXPECT_EQ(house.rcpt("carol"), "") << "she has no quota";
    EXPECT_EQ(house.rcpt("team"), "") << "a list is not refused for one of its members";
    house.world.step_clock(std::chrono::duration_cast<Milliseconds>(house.params.quota_grace) + Milliseconds(1));
    EXPECT_EQ(house.rcpt("bob"), "552 5.2.2 <bob@example.org>: Mailbox full");
    house.quota.since.reset();
    EXPECT_EQ(house.rcpt("bob"), "");
}

TEST(MakePolicy, AMessageThatWasDeliveredToItsRecipientIsALoop) {
    House house;
    house.accept("Bob");
    house.content.delivered_to = {"carol@example.org"};
    EXPECT_EQ(house.reply(Stage::end_of_data), "");
    house.content.delivered_to.emplace_back("bob@example.org");
    EXPECT_EQ(house.reply(Stage::end_of_data), "554 5.4.6 Error: too many hops; the message keeps passing mx.example.org");
    house.accept("team");
    EXPECT_EQ(house.reply(Stage::end_of_data), "") << "for the other recipient it is no loop";
    house.accepted.clear();
    house.accept("x", "elsewhere.example");
    house.content.delivered_to = {"x@elsewhere.example"};
    EXPECT_EQ(house.reply(Stage::end_of_data), "") << "loops of others are theirs";
}

TEST(MakePolicy, AWarningIsOnlyWritten) {
    House house;
    house.params.sender_fqdn = "warn";
    house.envelope.reverse_path = {"root", "localhost"};
    EXPECT_EQ(house.reply(Stage::mail), "");
    house.log.flush();
    EXPECT_THAT(house.logged, HasSubstr("policy.would_refuse check=sender_fqdn stage=mail client=203.0.113.9 cause=sender.address-not-fqdn"));
    House off;
    off.params.sender_fqdn = "off";
    off.envelope.reverse_path = {"root", "localhost"};
    EXPECT_EQ(off.reply(Stage::mail), "");
    off.log.flush();
    EXPECT_THAT(off.logged, IsEmpty());
}

TEST(MakePolicy, TellsAllMistakesOfItsTables) {
    PolicyParams params;
    params.client_access = "/nonexistent/clients";
    params.sender_access = "inline:a HOLD";
    params.trusted_networks = {"192.0.2.1/24"};
    Neighbours neighbours;
    neighbours.where = [](std::string_view name) { return SourceLocation{std::string(name), 0, 0}; };
    const auto policy = make_policy(params, neighbours);
    ASSERT_FALSE(policy);
    ASSERT_EQ(policy.error().size(), 3U);
    EXPECT_THAT(to_text(policy.error()[0]), HasSubstr("policy.client_access: there is no file /nonexistent/clients"));
    EXPECT_THAT(to_text(policy.error()[1]), HasSubstr("policy.sender_access: 'HOLD' is no action"));
    EXPECT_THAT(to_text(policy.error()[2]), HasSubstr("policy.trusted_networks: '192.0.2.1/24' has bits behind its prefix"));
}

TEST(MakePolicy, TheConfigurationMayNotTrustTheWorld) {
    PolicyParams params;
    const auto faults =
        config::read_config("[policy]\ntrusted_networks = [\"0.0.0.0/0\"]\n", "posthorn.toml", config::Section{params, policy_params});
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_THAT(to_text(faults[0]), HasSubstr("posthorn.toml:2:20: '0.0.0.0/0' in policy.trusted_networks: this trusts the whole world"));
}

}  // namespace
}  // namespace ph::policy

// explain/catalogue_loader_test.cc: a good file becomes a cause with all it says; every kind of mistake is told with file, line and a
// remedy, and the cause it stands in is not loaded.
#include "explain/catalogue_loader.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::explain {
namespace {

using status::AlternativeKind;
using status::Tier;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Line 1 to 3; the tests put their tables behind it.
constexpr std::string_view head = "reason = \"mailbox_full\"\ncodes = [\"552\", \"4xx\"]\nexamples = [\"552 5.2.2 full\"]\n";
constexpr std::string_view rule = "[[match]]\nid = \"over\"\ntext = [\"over quota\"]\n";
constexpr std::string_view texts =
    "[en]\ntitle = \"T\"\ncause = \"C\"\nsender = \"S\"\n"
    "[zh]\ntitle = \"标\"\ncause = \"因\"\nsender = \"做\"\n";

std::string file_of(std::string_view top, std::string_view tables) {
    return std::string(top) + std::string(tables) + std::string(texts);
}

std::vector<std::string> faults_of(const std::string& text, const std::string& path = "recipient/full.toml") {
    CatalogueLoader loader;
    loader.add_file(path, "/etc/" + path, text);
    std::vector<std::string> faults;
    for (const Fault& fault : loader.faults()) faults.push_back(to_text(fault));
    const auto part = loader.part();
    EXPECT_EQ(part.causes.size() + part.providers.size(), faults.empty() ? 1U : 0U) << "what has a mistake must not be loaded";
    return faults;
}

TEST(CatalogueLoader, LoadsEverythingAFileSays) {
    CatalogueLoader loader;
    loader.add_file("recipient/full.toml", "full.toml", R"(
reason = "mailbox_full"
codes = ["552", "4xx"]
enhanced = ["5.2.2", "4.2.2"]
rfc = ["3463 3.3"]
situations = [76, 124]
examples = ["552 5.2.2 full"]
side = "sender"
permanence = "permanent"
retry = "never"
retry_after = 300
confidence = "low"
[[match]]
id = "over"
text = ["over quota", "blacklist* by us"]
pattern = ["mailbox .*full"]
url = ["no=1"]
not = ["not full"]
code = ["552", "4xx"]
enhanced = ["X.2.2"]
provider = ["google"]
host = ["example.com"]
command = ["RCPT"]
priority = -3
[[match]]
id = "list"
host = ["spamhaus.org"]
[[match]]
id = "weak"
text = ["full"]
weak = true
[[reply]]
name = "mailbox-full"
line = "452 4.2.2 {address}: Mailbox full"
situation = 76
[en]
title = "T"
cause = "C {address|the recipient} {list|a list}"
receiver_admin = "R"
[zh]
title = "标"
cause = "因"
receiver_admin = "做"
)");
    EXPECT_THAT(loader.faults(), IsEmpty());
    const auto causes = loader.part().causes;
    ASSERT_EQ(causes.size(), 1U);
    const status::Cause& cause = causes[0];
    EXPECT_EQ(cause.id, "recipient.full");
    EXPECT_EQ(cause.reason->id, "mailbox_full");
    EXPECT_THAT(cause.codes, ElementsAre("552", "4xx"));
    EXPECT_EQ(cause.enhanced.size(), 2U);
    EXPECT_THAT(cause.situations, ElementsAre(76, 124));
    EXPECT_EQ(cause.side, status::Side::sender);
    EXPECT_EQ(cause.permanence, status::Permanence::permanent);
    EXPECT_EQ(cause.retry, status::Retry::never);
    EXPECT_EQ(cause.retry_after, 300U);
    EXPECT_EQ(cause.confidence, status::Confidence::low);
    EXPECT_EQ(cause.text(status::TextPart::title).zh, "标");
    EXPECT_EQ(cause.text(status::TextPart::receiver_admin).en, "R");
    EXPECT_EQ(cause.text(status::TextPart::sender).en, "");

    ASSERT_EQ(cause.rules.size(), 3U);
    const status::Rule& over = cause.rules[0];
    EXPECT_EQ(over.id, "over");
    EXPECT_EQ(over.tier, Tier::host_text);
    EXPECT_EQ(over.priority, -3);
    ASSERT_EQ(over.alternatives.size(), 4U);
    EXPECT_EQ(over.alternatives[0].kind, AlternativeKind::phrase);
    EXPECT_EQ(over.alternatives[1].kind, AlternativeKind::pattern);
    EXPECT_EQ(over.alternatives[2].kind, AlternativeKind::pattern);
    EXPECT_EQ(over.alternatives[3].kind, AlternativeKind::url);
    EXPECT_THAT(over.not_text, ElementsAre("not full"));
    EXPECT_EQ(over.codes[1].low, 400);
    EXPECT_EQ(over.codes[1].high, 499);
    EXPECT_EQ(over.enhanced[0].code_class, 0);
    EXPECT_THAT(over.providers, ElementsAre("google"));
    EXPECT_THAT(over.hosts, ElementsAre(".example.com\n"));
    EXPECT_THAT(over.commands, ElementsAre("RCPT"));
    EXPECT_EQ(cause.rules[1].alternatives[0].kind, AlternativeKind::host) << "a host without words is what the rule looks for";
    EXPECT_THAT(cause.rules[1].hosts, IsEmpty());
    EXPECT_EQ(cause.rules[2].tier, Tier::word);

    ASSERT_EQ(cause.replies.size(), 1U);
    EXPECT_EQ(cause.replies[0].name, "mailbox-full");
    EXPECT_EQ(cause.replies[0].line, "452 4.2.2 {address}: Mailbox full");
    EXPECT_EQ(cause.replies[0].situation, 76);
}

TEST(CatalogueLoader, TakesFromTheReasonWhatTheFileLeavesOut) {
    CatalogueLoader loader;
    loader.add_file("recipient.full.toml", "full.toml", file_of(head, rule));
    const auto part = loader.part();
    ASSERT_EQ(part.causes.size(), 1U);
    const status::Cause& cause = part.causes[0];
    EXPECT_EQ(cause.id, "recipient.full") << "a name with a dot does as well as a directory";
    EXPECT_EQ(cause.side, cause.reason->side);
    EXPECT_EQ(cause.permanence, cause.reason->permanence);
    EXPECT_EQ(cause.retry, cause.reason->retry);
    EXPECT_EQ(cause.retry_after, 0U);
    EXPECT_EQ(cause.confidence, status::Confidence::by_tier);
}

struct Mistake {
    const char* name;
    std::string text;
    const char* told;
};

class CatalogueLoaderMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CatalogueLoaderMistake, IsToldWithItsPlaceAndARemedy) {
    const auto faults = faults_of(GetParam().text);
    EXPECT_THAT(faults, testing::Contains(HasSubstr(GetParam().told)));
    for (const std::string& fault : faults) EXPECT_THAT(fault, testing::ContainsRegex("^/etc/recipient/full.toml:[0-9]+:[0-9]+: ")) << "no line";
}

const auto top = [](std::string_view more) { return file_of(std::string(head) + std::string(more) + "\n", rule); };
const auto match = [](std::string_view more) { return file_of(head, "[[match]]\nid = \"r\"\n" + std::string(more) + "\n"); };
const auto reply = [](std::string_view line) {
    return file_of(head, std::string(rule) + "[[reply]]\nname = \"n\"\nline = \"" + std::string(line) + "\"\n");
};
const auto en = [](std::string_view cause) {
    return std::string(head) + std::string(rule) + "[en]\ntitle = \"T\"\ncause = \"" + std::string(cause) +
           "\"\nsender = \"S\"\n[zh]\ntitle = \"标\"\ncause = \"因\"\nsender = \"做\"\n";
};

INSTANTIATE_TEST_SUITE_P(
    Rows, CatalogueLoaderMistake,
    testing::Values(
        Mistake{"NotToml", "reason = \n", ":1:"}, Mistake{"UnknownField", top("reasn = 1"), ":4:9: unknown field 'reasn'; known here: reason, codes"},
        Mistake{"NoReason", file_of("examples = [\"x\"]\n", rule), "'reason' is missing; add reason ="},
        Mistake{"WrongReason", file_of("reason = \"full\"\nexamples = [\"x\"]\n", rule),
                ":1:10: 'full' is not a reason of the taxonomy; 'posthorn catalogue reasons' lists them"},
        Mistake{"NoExamples", file_of("reason = \"mailbox_full\"\n", rule), "'examples' needs at least one entry"},
        Mistake{"WrongCode", file_of("reason = \"mailbox_full\"\nexamples = [\"x\"]\ncodes = [\"55\"]\n", rule), ":3:9: '55' is not a reply code"},
        Mistake{"WrongEnhanced", top("enhanced = [\"X.2.2\"]"), ":4:12: 'X.2.2' is not an enhanced status code"},
        Mistake{"WrongSide", top("side = \"me\""), ":4:8: 'me' is not a value of 'side'"},
        Mistake{"WrongRetry", top("retry = \"often\""), "'often' is not a value of 'retry'"},
        Mistake{"WrongPermanence", top("permanence = \"unknown\""), "'unknown' is not a value of 'permanence'"},
        Mistake{"WrongConfidence", top("confidence = \"sure\""), "'sure' is not a value of 'confidence'"},
        Mistake{"RetryAfterZero", top("retry_after = 0"), "'retry_after' must be a whole number from 1 to 2592000"},
        Mistake{"WrongSituation", top("situations = [0]"), ":4:15: 'situations' must hold whole numbers"},
        Mistake{"NoRule", file_of(head, ""), "no [[match]] rule"},
        Mistake{"MatchIsNoList", file_of(head, "[match]\nid = \"a\"\n"), "'match' must be a list"},
        Mistake{"RuleWithoutId", file_of(head, "[[match]]\ntext = [\"full\"]\n"), ":4:1: 'id' is missing"},
        Mistake{"RuleIdWithCapitals", file_of(head, "[[match]]\nid = \"Full\"\ntext = [\"full\"]\n"),
                ":5:6: a rule id has small letters, digits and '-' only"},
        Mistake{"TwoRulesOfOneId", file_of(head, std::string(rule) + std::string(rule)), ":7:1: two rules are called 'over'"},
        Mistake{"RuleSaysNothing", match(""), "rule 'r' says nothing: give it text"},
        Mistake{"RuleWithUnknownField", match("txt = [\"full\"]"), ":6:7: unknown field 'txt'"},
        Mistake{"CapitalsInText", match("text = [\"Full\"]"), ":6:8: 'Full': write it in lower case"},
        Mistake{"ShortText", match("text = [\"ab\"]"), ":6:8: 'ab': a phrase needs at least three characters in a row"},
        Mistake{"TextIsNoList", match("text = \"full\""), ":6:8: 'text' must be a list in brackets"},
        Mistake{"BadPattern", match("pattern = [\"(full\"]"), ":6:11: '(full': not an RE2 expression"},
        Mistake{"PatternWithoutLiteral", match("pattern = [\"full|.*\"]"), "put such a run into every alternative"},
        Mistake{"ShortUrl", match("url = [\"q=\"]"), "a URL needs at least three characters"},
        Mistake{"HostWithoutDot", match("host = [\"localhost\"]"), "a host name needs a dot"},
        Mistake{"HostConditionWithoutDot", match("text = [\"full\"]\nhost = [\"\"]"), ":7:8: '': a host name needs a dot"},
        Mistake{"WrongRuleCode", match("code = [\"5x\"]"), ":6:8: '5x' is not of the form \"550\" or \"4xx\""},
        Mistake{"WrongRuleEnhanced", match("enhanced = [\"5.7\"]"), ":6:12: '5.7' is not of the form \"5.7.1\" or \"X.7.1\""},
        Mistake{"WrongCommand", match("text = [\"full\"]\ncommand = [\"RCPT TO\"]"), ":7:11: 'RCPT TO' is not a command; known: CONNECT"},
        Mistake{"CapitalsInNot", match("text = [\"full\"]\nnot = [\"Not\"]"), ":7:7: 'Not': write it in lower case"},
        Mistake{"EmptyNot", match("text = [\"full\"]\nnot = [\"\"]"), ":7:7: '': a phrase of 'not' has words"},
        Mistake{"GapInNot", match("text = [\"full\"]\nnot = [\"is * not\"]"), "a '*' only at its ends"},
        Mistake{"WrongPriority", match("text = [\"full\"]\npriority = 10"), "'priority' must be a whole number from -9 to 9"},
        Mistake{"WeakIsNoTruth", match("text = [\"full\"]\nweak = 1"), "'weak' must be true or false"},
        Mistake{"ReplyWithoutEnhanced", reply("550 no"), ":9:8: a reply line is a code, an enhanced code and words"},
        Mistake{"ReplyWithoutCode", reply("no 5.1.1"), "a reply line is a code"},
        Mistake{"ReplyWithADash", reply("550-5.1.1 no"), "a reply line is a code"},
        Mistake{"ReplyWithTwoClasses", reply("550 4.1.1 no"), "must begin with the first digit of the reply code (RFC 2034 4)"},
        Mistake{"ReplyNotAscii", reply("550 5.1.1 用户"), "a reply line is one line of ASCII"}, Mistake{"EmptyReply", reply(""), "'line' is empty"},
        Mistake{"ReplyWithABadName", file_of(head, std::string(rule) + "[[reply]]\nname = \"A b\"\nline = \"550 5.1.1 no\"\n"),
                ":8:8: a reply's name has small letters"},
        Mistake{"NoEnglish", std::string(head) + std::string(rule) + "[zh]\ntitle = \"标\"\ncause = \"因\"\nsender = \"做\"\n",
                "no [en] texts; every cause speaks English and Chinese"},
        Mistake{"TextInOneLanguage", file_of(head, rule) + "receiver_admin = \"做\"\n",
                "'receiver_admin' is there in one language only; add it to [en]"},
        Mistake{"NoAdvice", std::string(head) + std::string(rule) + "[en]\ntitle = \"T\"\ncause = \"C\"\n[zh]\ntitle = \"标\"\ncause = \"因\"\n",
                "nobody is told what to do"},
        Mistake{
            "NoTitle",
            std::string(head) + std::string(rule) + "[en]\ncause = \"C\"\nsender = \"S\"\n[zh]\ntitle = \"标\"\ncause = \"因\"\nsender = \"做\"\n",
            ":7:1: 'title' is missing"},
        Mistake{"UnknownTextField", file_of(head, rule) + "titel = \"标\"\n", "unknown field 'titel'"},
        Mistake{"PlaceWithoutFallback", en("{address} is full"), ":9:9: {address} needs a fallback: {address|"},
        Mistake{"PlaceWithEmptyFallback", en("{address|} is full"), "needs a fallback"},
        Mistake{"UnknownPlace", en("{adress|the recipient}"), "is unknown; known: address domain ip"},
        Mistake{"OpenBrace", en("{address|the recipient"), "'{' without '}'"}),
    [](const auto& row) { return row.param.name; });

TEST(CatalogueLoader, WantsTheFileNamedAfterTheCause) {
    for (const std::string path : {"full.toml", "recipient/Full.toml", "recipient/sub/full.toml", "recipient/.toml", "x", ""}) {
        EXPECT_THAT(faults_of(file_of(head, rule), path), testing::Contains(HasSubstr("is no cause id; name the file family/name.toml"))) << path;
    }
}

TEST(CatalogueLoader, TellsAllMistakesOfAFileAndGoesOnWithTheNext) {
    CatalogueLoader loader;
    loader.add_file("a/bad.toml", "bad.toml", "reason = \"no\"\ncolour = 1\n");
    loader.add_file("a/good.toml", "good.toml", file_of(head, rule));
    EXPECT_GE(loader.faults().size(), 5U);
    const auto part = loader.part();
    ASSERT_EQ(part.causes.size(), 1U);
    EXPECT_EQ(part.causes[0].id, "a.good");
}

TEST(CatalogueLoader, LoadsProviders) {
    CatalogueLoader loader;
    loader.add_file("providers.toml", "providers.toml",
                    "[spamhaus]\nkind = \"list\"\nen = \"Spamhaus\"\nzh = \"Spamhaus\"\nhosts = [\"spamhaus.org\"]\nurls = "
                    "[\"spamhaus.org/q\"]\nwords = [\"spamhaus\"]\naliases = [\"sbl\"]\n");
    EXPECT_THAT(loader.faults(), IsEmpty());
    const auto part = loader.part();
    ASSERT_EQ(part.providers.size(), 1U);
    EXPECT_EQ(part.providers[0].id, "spamhaus");
    EXPECT_EQ(part.providers[0].kind, status::ProviderKind::list);
    EXPECT_THAT(part.providers[0].hosts, ElementsAre(".spamhaus.org\n"));
    EXPECT_THAT(part.providers[0].aliases, ElementsAre("sbl"));
}

TEST(CatalogueLoader, TellsTheMistakesOfProviders) {
    const auto told = [](std::string_view entry) {
        return faults_of("[a]\nkind = \"list\"\nen = \"A\"\nzh = \"A\"\n" + std::string(entry), "providers.toml");
    };
    EXPECT_THAT(told(""), IsEmpty());
    EXPECT_THAT(told("colour = 1\n"), ElementsAre(HasSubstr("providers.toml:5:10: unknown field 'colour'")));
    EXPECT_THAT(told("words = [\"ab\"]\n"), ElementsAre(HasSubstr(":5:9: 'ab': give from three"))) << "the index would stop the process";
    EXPECT_THAT(told("hosts = [\"\"]\n"), ElementsAre(HasSubstr(":5:9:")));
    EXPECT_THAT(told("urls = [\"Example.com\"]\n"), ElementsAre(HasSubstr("lower case")));
    EXPECT_THAT(faults_of("[a]\nkind = \"friend\"\nen = \"A\"\nzh = \"A\"\n", "providers.toml"),
                ElementsAre(HasSubstr(":2:8: kind is one of mailbox, filter, list")));
    EXPECT_THAT(faults_of("a = 1\n", "providers.toml"), ElementsAre(HasSubstr(":1:5: a provider is a table: [a]")));
    EXPECT_THAT(faults_of("[a]\nkind = \"list\"\nzh = \"A\"\n", "providers.toml"), ElementsAre(HasSubstr("'en' is missing")));
}

TEST(CatalogueLoader, KeepsItsPartAsLongAsTheArena) {
    std::shared_ptr<const status::CatalogueArena> arena;
    status::CataloguePart part;
    {
        CatalogueLoader loader;
        loader.add_file("a/b.toml", "b.toml", file_of(head, rule));
        part = loader.part();
        arena = loader.arena();
    }
    EXPECT_EQ(part.causes[0].rules[0].alternatives[0].text, "over quota");
}

}  // namespace
}  // namespace ph::explain

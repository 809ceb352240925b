// explain/matcher_test.cc: which rule decides: tiers, priority, known text, conditions, exceptions, providers and what the caller knows.
#include "explain/matcher.h"

#include <string>

#include <gtest/gtest.h>

#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

// What a caller knows beside the words.
struct Known {
    int code = 0;
    const char* enhanced = "";
    Command command = Command::unknown;
    std::string_view provider = {};
    std::string_view host = {};
};

class MatcherTest : public testing::Test {
  protected:
    // "cause/rule" of what decides for these words; "" if nothing does.
    std::string decided(std::string_view words, const Known& known = {}) {
        if (!matcher_) matcher_.emplace(catalogue_.get());
        normal_.clear();
        append_normalized(words, 0, words.size(), normal_);
        match_ = matcher_->find(
            normal_, {status::ReplyCode::from(known.code), status::EnhancedCode::parse(known.enhanced), known.command, known.provider, known.host});
        return match_.cause == nullptr ? "" : std::string(match_.cause->id) + '/' + std::string(match_.rule->id);
    }

    std::string matched_words() const { return normal_.text.substr(match_.begin, match_.end - match_.begin); }

    // A cause of one rule.
    void cause(const std::string& id, std::string_view rule) { catalogue_.cause(id, "[[match]]\nid = \"r\"\n" + std::string(rule) + "\n"); }

    static constexpr std::string_view two_providers =
        "[google]\nkind = \"mailbox\"\nen = \"Google\"\nzh = \"谷歌\"\nhosts = [\"google.com\"]\nwords = [\"gsmtp\"]\naliases = [\"gmail\"]\n"
        "[spamhaus]\nkind = \"list\"\nen = \"Spamhaus\"\nzh = \"Spamhaus\"\nhosts = [\"spamhaus.org\"]\n"
        "[zmail]\nkind = \"mailbox\"\nen = \"Z\"\nzh = \"Z\"\nurls = [\"zmail.example/\"]\n";

    TestCatalogue catalogue_;
    std::optional<Matcher> matcher_;
    NormalText normal_;
    Match match_;
};

TEST_F(MatcherTest, FindsAPhraseAtWordBoundariesOnly) {
    cause("a.a", "text = [\"user unknown\", \"full\"]");
    EXPECT_EQ(decided("Sorry, User unknown."), "a.a/r");
    EXPECT_EQ(matched_words(), "user unknown");
    EXPECT_EQ(decided("fully superuser unknowns"), "");
    EXPECT_EQ(decided("carefully, (full)"), "a.a/r") << "a first place that is no word must not hide the second";
    EXPECT_EQ(decided("邮箱full了"), "a.a/r");
    EXPECT_EQ(decided(""), "");
}

TEST_F(MatcherTest, LetsAWordGoOnWhereAStarStands) {
    cause("a.a", "text = [\"blacklist*\", \"*unlisted\"]");
    EXPECT_EQ(decided("is blacklisted"), "a.a/r");
    EXPECT_EQ(decided("unblacklisted"), "");
    EXPECT_EQ(decided("reunlisted"), "a.a/r");
    EXPECT_EQ(decided("unlistedly"), "");
}

TEST_F(MatcherTest, TakesAnyWordsInAGapAndKeepsTheOrder) {
    cause("a.a", "text = [\"exceeded * storage * limit\"]");
    EXPECT_EQ(decided("it exceeded the storage of its limit now"), "a.a/r");
    EXPECT_EQ(matched_words(), "exceeded the storage of its limit");
    EXPECT_EQ(decided("exceeded storage limit"), "a.a/r") << "or none";
    EXPECT_EQ(decided("storage exceeded limit"), "");
    EXPECT_EQ(decided("exceeded the limit of storage"), "");
}

TEST_F(MatcherTest, FindsAPatternAndWhereItStands) {
    cause("a.a", "pattern = [\"(quota|storage) (is )?over\"]");
    EXPECT_EQ(decided("the quota is over now"), "a.a/r");
    EXPECT_EQ(matched_words(), "quota is over");
    EXPECT_EQ(decided("the quota was over"), "");
}

TEST_F(MatcherTest, FindsUrlsAndHosts) {
    cause("a.url", "url = [\"no=1000726\"]");
    cause("a.host", "host = [\"spamhaus.org\"]");
    EXPECT_EQ(decided("see https://service.example.com/?no=1000726&x"), "a.url/r");
    EXPECT_EQ(matched_words(), "") << "the words do not show it";
    EXPECT_EQ(decided("no=1000726"), "") << "words are no URL";
    EXPECT_EQ(decided("listed at zen.spamhaus.org"), "a.host/r");
    EXPECT_EQ(decided("listed at spamhaus.org"), "a.host/r");
    EXPECT_EQ(decided("see https://www.spamhaus.org/q"), "a.host/r");
    EXPECT_EQ(decided("listed at notspamhaus.org"), "");
    EXPECT_EQ(decided("listed at spamhaus.org.example.com"), "");
    EXPECT_EQ(decided("spamhaus"), "");
}

TEST_F(MatcherTest, LetsTheFirstTierDecide) {
    catalogue_.providers(two_providers);
    cause("t.f-basic", "code = [\"550\"]");
    cause("t.e-general", "enhanced = [\"X.7.1\"]");
    cause("t.d-word", "text = [\"a very long and general word of spam\"]\nweak = true");
    cause("t.c-code", "enhanced = [\"5.1.1\"]");
    cause("t.b-text", "text = [\"unknown\"]");
    cause("t.a-host", "text = [\"user\"]\nprovider = [\"google\"]");
    const std::string all = "user unknown, a very long and general word of spam";
    EXPECT_EQ(decided(all + " gsmtp", {.code = 550, .enhanced = "5.1.1"}), "t.a-host/r");
    EXPECT_EQ(decided(all, {.code = 550, .enhanced = "5.1.1"}), "t.b-text/r");
    EXPECT_EQ(decided("a very long and general word of spam", {.code = 550, .enhanced = "5.1.1"}), "t.c-code/r");
    EXPECT_EQ(decided("a very long and general word of spam", {.code = 550, .enhanced = "5.7.1"}), "t.d-word/r");
    EXPECT_EQ(decided("nothing known", {.code = 550, .enhanced = "5.7.1"}), "t.e-general/r");
    EXPECT_EQ(decided("nothing known", {.code = 550}), "t.f-basic/r");
    EXPECT_EQ(decided("nothing known", {.code = 554}), "unstated.none/code");
    EXPECT_EQ(decided("nothing known"), "");
}

TEST_F(MatcherTest, LetsPriorityDecideWithinATierOnly) {
    cause("p.a-long", "text = [\"user unknown here\"]");
    cause("p.b-high", "text = [\"user\"]\npriority = 1");
    cause("p.c-low", "text = [\"user unknown here today\"]\npriority = -1");
    cause("p.d-code", "enhanced = [\"5.1.1\"]\npriority = 9");
    EXPECT_EQ(decided("user unknown here today", {.enhanced = "5.1.1"}), "p.b-high/r");
}

TEST_F(MatcherTest, LetsTheLongerTextDecideThenTheSmallerId) {
    cause("s.a-short", "text = [\"unknown\"]");
    cause("s.b-long", "text = [\"user unknown\"]");
    cause("s.c-same", "text = [\"such user unk*\"]");
    cause("s.d-same", "text = [\"user unknown \"]");
    EXPECT_EQ(decided("user unknown"), "s.b-long/r");
    cause("s.e-one", "text = [\"same words\"]");
    cause("s.f-two", "text = [\"same words\"]");
    matcher_.reset();
    EXPECT_EQ(decided("same words"), "s.e-one/r");
}

TEST_F(MatcherTest, CountsAConditionAsTenCharacters) {
    cause("c.long", "text = [\"mailbox unknown\"]");
    cause("c.conditions", "text = [\"unknown\"]\ncode = [\"550\"]");
    EXPECT_EQ(decided("mailbox unknown", {.code = 550}), "c.conditions/r");
    EXPECT_EQ(decided("mailbox unknown", {.code = 551}), "c.long/r");
}

TEST_F(MatcherTest, WantsAllConditionsAndAnyOfAList) {
    cause("c.c", "text = [\"sorry\"]\ncode = [\"550\", \"4xx\"]\nenhanced = [\"X.1.1\", \"5.1.2\"]\ncommand = [\"RCPT\", \"DATA\"]");
    EXPECT_EQ(decided("sorry", {.code = 550, .enhanced = "5.1.1", .command = Command::rcpt}), "c.c/r");
    EXPECT_EQ(decided("sorry", {.code = 421, .enhanced = "4.1.1", .command = Command::data}), "c.c/r");
    EXPECT_EQ(decided("sorry", {.code = 551, .enhanced = "5.1.1", .command = Command::rcpt}), "unstated.none/code");
    EXPECT_EQ(decided("sorry", {.code = 550, .enhanced = "4.1.2", .command = Command::rcpt}), "unstated.none/code");
    EXPECT_EQ(decided("sorry", {.code = 550, .command = Command::rcpt}), "unstated.none/code");
    EXPECT_EQ(decided("sorry", {.code = 550, .enhanced = "5.1.1"}), "unstated.none/code");
}

TEST_F(MatcherTest, LeavesWhatARuleExcludes) {
    cause("n.n", "text = [\"delivered\"]\nnot = [\"not\", \"un-*\", \"郵箱\"]");
    EXPECT_EQ(decided("it was delivered"), "n.n/r");
    EXPECT_EQ(decided("it was not delivered"), "");
    EXPECT_EQ(decided("another was delivered"), "n.n/r") << "a word, not a part of one";
    EXPECT_EQ(decided("delivered, un-readable"), "");
    EXPECT_EQ(decided("delivered 邮箱"), "") << "exceptions are folded as texts are";
}

TEST_F(MatcherTest, HoldsAHostConditionByTheReplyOrThePeer) {
    cause("h.h", "text = [\"blocked\"]\nhost = [\"example.com\"]");
    EXPECT_EQ(decided("blocked"), "");
    EXPECT_EQ(decided("blocked by mx.example.com"), "h.h/r");
    EXPECT_EQ(decided("blocked", {.host = "MX.Example.COM"}), "h.h/r");
    EXPECT_EQ(decided("blocked", {.host = "example.com"}), "h.h/r");
    EXPECT_EQ(decided("blocked", {.host = "badexample.com"}), "");
    EXPECT_EQ(decided("blocked"), "") << "what the caller knew once is forgotten";
}

TEST_F(MatcherTest, KnowsProvidersByHostUrlAndWords) {
    catalogue_.providers(two_providers);
    const auto provider = [&](std::string_view words, const Known& known = {}) {
        (void)decided(words, known);
        return matcher_->provider() == nullptr ? "" : std::string(matcher_->provider()->id);
    };
    EXPECT_EQ(provider("said mx.google.com"), "google");
    EXPECT_EQ(provider("no gsmtp"), "google");
    EXPECT_EQ(provider("see https://zmail.example/x"), "zmail");
    EXPECT_EQ(provider("no gsmtp, see https://zmail.example/x"), "google") << "the first of the list";
    EXPECT_EQ(provider("no gsmtp", {.provider = "zmail"}), "zmail") << "the caller knows best";
    EXPECT_EQ(provider("no", {.provider = "gmail"}), "google") << "an alias does";
    EXPECT_EQ(provider("no", {.provider = "nobody"}), "");
    EXPECT_EQ(provider("no", {.host = "mx.google.com"}), "google") << "the peer's name tells";
    EXPECT_EQ(provider("no"), "") << "what was seen once is forgotten";
}

TEST_F(MatcherTest, TellsABlockListFromAProvider) {
    catalogue_.providers(two_providers);
    (void)decided("listed at zen.spamhaus.org by mx.google.com");
    ASSERT_NE(matcher_->block_list(), nullptr);
    EXPECT_EQ(matcher_->block_list()->id, "spamhaus");
    EXPECT_EQ(matcher_->provider()->id, "google");
    (void)decided("listed");
    EXPECT_EQ(matcher_->block_list(), nullptr);
}

TEST_F(MatcherTest, HoldsAProviderConditionByHintOrSignature) {
    catalogue_.providers(two_providers);
    cause("p.p", "text = [\"blocked\"]\nprovider = [\"google\"]");
    cause("p.list", "text = [\"listed\"]\nprovider = [\"spamhaus\"]");
    EXPECT_EQ(decided("blocked"), "");
    EXPECT_EQ(decided("blocked gsmtp"), "p.p/r");
    EXPECT_EQ(decided("blocked", {.provider = "gmail"}), "p.p/r");
    EXPECT_EQ(decided("blocked gsmtp", {.provider = "zmail"}), "p.p/r") << "the reply still carries Google's words";
    EXPECT_EQ(decided("listed at zen.spamhaus.org"), "p.list/r");
}

// The matcher remembers what it decided; a decision must not leak into one that differs in a single circumstance.
TEST_F(MatcherTest, DecidesTheSameWhateverCameBefore) {
    catalogue_.providers(two_providers);
    cause("m.code", "text = [\"sorry\"]\ncode = [\"550\"]");
    cause("m.command", "text = [\"sorry\"]\ncommand = [\"RCPT\"]\ncode = [\"551\"]");
    cause("m.provider", "text = [\"sorry\"]\nprovider = [\"google\"]");
    const std::vector<std::pair<std::string, Known>> questions = {
        {"sorry", {}},
        {"sorry", {.code = 550}},
        {"sorry", {.code = 551}},
        {"sorry", {.code = 551, .command = Command::rcpt}},
        {"sorry", {.provider = "google"}},
        {"sorry", {.host = "mx.google.com"}},
        {"sorry mx.google.com", {}},
        {"sorry mx.example.com", {}},
        {std::string(3000, 'x') + " sorry", {.code = 550}},
    };
    std::vector<std::string> fresh;
    for (const auto& [words, known] : questions) {
        matcher_.reset();
        fresh.push_back(decided(words, known));
    }
    EXPECT_EQ(fresh, (std::vector<std::string>{"", "m.code/r", "unstated.none/code", "m.command/r", "m.provider/r", "m.provider/r", "m.provider/r",
                                               "", "m.code/r"}));
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < questions.size(); ++i) EXPECT_EQ(decided(questions[i].first, questions[i].second), fresh[i]) << i;
    }
}

TEST_F(MatcherTest, ListsItsRulesInTheirOrder) {
    cause("o.code", "enhanced = [\"5.1.1\"]");
    cause("o.text", "text = [\"user\", \"user unknown\"]");
    const Matcher matcher(catalogue_.get());
    std::vector<std::string> order;
    for (const Matcher::Entry& entry : matcher.entries())
        order.push_back(std::string(entry.cause->id) + ' ' + std::string(entry.alternative != nullptr ? entry.alternative->written : ""));
    EXPECT_EQ(order, (std::vector<std::string>{"o.text user unknown", "o.text user", "o.code ", "unstated.none "}));
}

}  // namespace
}  // namespace ph::explain

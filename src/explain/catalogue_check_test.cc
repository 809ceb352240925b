// explain/catalogue_check_test.cc: the check finds every way in which a catalogue does not do what it says, and no other.
#include "explain/catalogue_check.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "cause: message"; unstated.none of the test catalogue has an example nobody else may take.
std::vector<std::string> complaints_of(TestCatalogue& catalogue, status::CataloguePart part = {}) {
    std::vector<std::string> told;
    for (const Complaint& complaint : check_catalogue(catalogue.get(), part)) told.push_back(complaint.cause + ": " + complaint.message);
    return told;
}

std::string rule_of(std::string_view id, std::string_view what) {
    return "[[match]]\nid = \"" + std::string(id) + "\"\n" + std::string(what) + "\n";
}
std::string head_of(std::string_view example) {
    return "reason = \"user_unknown\"\nexamples = [\"" + std::string(example) + "\"]\n";
}

TEST(CatalogueCheck, IsContentWithACatalogueThatKeepsItsWord) {
    TestCatalogue catalogue;
    catalogue.providers("[google]\nkind = \"mailbox\"\nen = \"G\"\nzh = \"G\"\nwords = [\"gsmtp\"]\n");
    catalogue.cause("a.unknown", rule_of("en", "text = [\"user unknown\", \"no * user\"]") + rule_of("esc", "enhanced = [\"X.1.1\"]"),
                    head_of("550 5.1.1 User unknown"));
    catalogue.cause(
        "a.google",
        rule_of("en", "text = [\"try later\"]\nprovider = [\"google\"]\nhost = [\"example.com\"]\ncode = [\"4xx\"]\ncommand = [\"RCPT\"]"),
        head_of("host mx.example.com said: 450 try later gsmtp (in reply to RCPT TO command)"));
    catalogue.cause("a.code", rule_of("basic", "code = [\"552\"]"), head_of("552 nothing known"));
    EXPECT_THAT(complaints_of(catalogue), IsEmpty());
}

TEST(CatalogueCheck, FindsAnExampleThatAnotherCauseTakes) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"unknown\"]"), head_of("550 user unknown here"));
    catalogue.cause("a.two", rule_of("long", "text = [\"user unknown here\"]"), head_of("550 user unknown here"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre("a.one: the example \"550 user unknown here\" is taken by rule a.two/long; make the words of "
                                                      "this cause more specific, or give the other rule a 'not'"));
}

TEST(CatalogueCheck, FindsAnExampleThatNoRuleTakes) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"unknown\"]"), head_of("no code and no word"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre(HasSubstr("a.one: the example \"no code and no word\" is taken by no rule")));
}

TEST(CatalogueCheck, FindsAPhraseThatNeverFires) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"unknown\", \"mailbox is full now\"]"), head_of("550 unknown"));
    catalogue.cause("a.two", rule_of("en", "text = [\"full\"]\npriority = 1"), head_of("550 full"));
    EXPECT_THAT(complaints_of(catalogue),
                ElementsAre("a.one: the phrase \"mailbox is full now\" of rule 'en' never fires: rule a.two/en takes it first"));
}

TEST(CatalogueCheck, FindsAPhraseThatItsOwnRuleExcludes) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"unknown\", \"was not found\"]\nnot = [\"not\"]"), head_of("550 unknown"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre(HasSubstr("\"was not found\" of rule 'en' never fires: its own conditions exclude it")));
}

TEST(CatalogueCheck, FindsACodeThatAnotherRuleHas) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("esc", "enhanced = [\"5.1.1\"]"), head_of("550 5.1.1 x"));
    catalogue.cause("a.two", rule_of("esc", "enhanced = [\"5.1.1\"]") + rule_of("en", "text = [\"full\"]"), head_of("550 full"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre("a.two: rule 'esc' never fires: rule a.one/esc has the same code"));
}

TEST(CatalogueCheck, FindsAnOwnReplyThatMeansSomethingElse) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"user unknown\"]") + "[[reply]]\nname = \"r\"\nline = \"550 5.1.1 {address}: Mailbox full\"\n",
                    head_of("550 user unknown"));
    catalogue.cause("a.two", rule_of("en", "text = [\"mailbox full\"]"), head_of("550 mailbox full"));
    EXPECT_THAT(complaints_of(catalogue),
                ElementsAre(HasSubstr("a.one: our reply \"550 5.1.1 <user@example.com>: Mailbox full\" is taken by rule a.two/en")));
}

TEST(CatalogueCheck, FindsTwoRepliesOfOneName) {
    TestCatalogue catalogue;
    const std::string reply = "[[reply]]\nname = \"same\"\nline = \"550 5.1.1 User unknown\"\n";
    catalogue.cause("a.one", rule_of("en", "text = [\"user unknown\"]") + reply + reply, head_of("550 user unknown"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre("a.one: a reply named 'same' exists already"));
}

TEST(CatalogueCheck, FindsAPlaceThatNoServerFillsIn) {
    TestCatalogue catalogue;
    catalogue.cause("a.one", rule_of("en", "text = [\"user unknown\"]") + "[[reply]]\nname = \"r\"\nline = \"550 5.1.1 {adress} User unknown\"\n",
                    head_of("550 user unknown"));
    EXPECT_THAT(complaints_of(catalogue), ElementsAre(HasSubstr("has a place in braces that no server fills in")));
}

TEST(CatalogueCheck, FindsAProviderThatIsNotThere) {
    TestCatalogue catalogue;
    catalogue.providers("[google]\nkind = \"mailbox\"\nen = \"G\"\nzh = \"G\"\naliases = [\"gmail\"]\n");
    catalogue.cause("a.one",
                    rule_of("en", "text = [\"unknown\"]") + rule_of("p", "text = [\"full\"]\nprovider = [\"nobody\"]") +
                        rule_of("q", "text = [\"over\"]\nprovider = [\"gmail\"]"),
                    head_of("550 unknown"));
    EXPECT_THAT(complaints_of(catalogue),
                testing::IsSupersetOf({HasSubstr("rule 'p' names the provider 'nobody'"), HasSubstr("rule 'q' names the provider 'gmail'")}))
        << "an alias is for people; rules name the id";
}

TEST(CatalogueCheck, ChecksOnlyThePartWhereOneIsGiven) {
    TestCatalogue catalogue;
    catalogue.cause("a.bad", rule_of("en", "text = [\"unknown\"]"), head_of("no code and no word"));
    CatalogueLoader loader;
    loader.add_file("a.good.toml", "a.good.toml", head_of("550 full") + rule_of("en", "text = [\"full\"]") + std::string(sample_texts));
    catalogue.get().add(loader.part(), loader.arena());
    EXPECT_THAT(complaints_of(catalogue, loader.part()), IsEmpty());
    EXPECT_EQ(complaints_of(catalogue).size(), 1U);
}

TEST(CatalogueCheck, PutsSampleValuesIntoAReply) {
    EXPECT_EQ(sample_reply("550 5.1.1 {address}: no, {address}"), "550 5.1.1 <user@example.com>: no, <user@example.com>");
    EXPECT_EQ(sample_reply("450 4.7.1 wait {seconds} s, see {url}"), "450 4.7.1 wait 300 s, see https://bl.example.net/192.0.2.1");
    for (const std::string_view name : {"address", "ip", "host", "user", "list", "url", "seconds", "size", "limit", "command", "filter", "text"}) {
        EXPECT_EQ(sample_reply("x {" + std::string(name) + "}").find('{'), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace ph::explain

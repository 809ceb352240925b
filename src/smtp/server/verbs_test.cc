// smtp/server/verbs_test.cc: every verb in every phase, and docs/smtp-states.md, which is written from the same table.
#include "smtp/server/verbs.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "smtp/server/test_client.h"

namespace ph::smtp {
namespace {

// Brings a session into a phase.
void reach(TestClient& client, Phase phase) {
    const bool lmtp = client.session().dialect() == Dialect::lmtp;
    client.start();
    if (phase >= Phase::greeted) client.send(lmtp ? "LHLO client.example\r\n" : "EHLO client.example\r\n");
    if (phase >= Phase::mail) client.send("MAIL FROM:<a@client.example>\r\n");
    if (phase >= Phase::rcpt) client.send("RCPT TO:<user@example.net>\r\n");
    if (phase >= Phase::bdat) client.send("BDAT 2\r\n\r\n");
    client.take_said();
}

std::string command_with(const Verb& verb) {
    if (verb.word == "MAIL") return "MAIL FROM:<b@client.example>\r\n";
    if (verb.word == "RCPT") return "RCPT TO:<other@example.net>\r\n";
    if (verb.word == "BDAT") return "BDAT 4\r\nQUIT";
    if (verb.word == "VRFY") return "VRFY user\r\n";
    if (verb.word.ends_with("LO")) return std::string(verb.word) + " again.example\r\n";
    return std::string(verb.word) + "\r\n";
}

TEST(ServerVerbs, EveryVerbInEveryPhaseAnswersByTheTable) {
    for (const Dialect dialect : {Dialect::smtp, Dialect::submission, Dialect::lmtp}) {
        for (std::size_t p = 0; p < phases; ++p) {
            for (const Verb& verb : verbs()) {
                if (!verb.spoken_in(dialect)) continue;
                const auto phase = static_cast<Phase>(p);
                SCOPED_TRACE(std::string(verb.word) + " in " + std::string(to_text(phase)));
                TestClient client(dialect);
                reach(client, phase);
                client.send(command_with(verb));
                const std::string said = client.take_said();
                if (const status::OwnReply* refused = verb.refusal(phase)) {
                    EXPECT_EQ(said, std::string(refused->line) + "\r\n");
                } else if ((verb.word == "DATA" || verb.word == "BDAT") && phase == Phase::mail) {
                    EXPECT_TRUE(said.starts_with("503 5.5.1 Error: need RCPT")) << said;
                } else {
                    EXPECT_TRUE(said[0] == '2' || said[0] == '3') << said;
                }
                EXPECT_EQ(client.closed, verb.word == "QUIT");
            }
        }
    }
}

TEST(ServerVerbs, OtherWordsAreUnknownInEveryPhase) {
    for (std::size_t p = 0; p < phases; ++p) {
        TestClient client;
        reach(client, static_cast<Phase>(p));
        client.send("LHLO client.example\r\n");
        EXPECT_TRUE(client.take_said().starts_with("500 5.5.1"));
    }
}

std::string states_document() {
    std::string text =
        "# Which verb in which phase\n\n"
        "Written from the table of verbs (src/smtp/server/verbs.cc); its test compares. `ok` means that the verb is executed, a name is the reply\n"
        "that refuses it there. After a refusal in the greeting (554) every verb but QUIT gets 503 with the same words.\n\n"
        "| phase | the session |\n|---|---|\n"
        "| fresh | was greeted by us, HELO is to come |\n"
        "| greeted | HELO, EHLO or LHLO was accepted, or a transaction is over |\n"
        "| mail | has a reverse-path |\n"
        "| rcpt | has an accepted recipient |\n"
        "| bdat | has the first chunk but not the last |\n\n"
        "| verb | where |";
    for (std::size_t p = 0; p < phases; ++p) text += ' ' + std::string(to_text(static_cast<Phase>(p))) + " |";
    text += " defined in |\n|---|---|";
    for (std::size_t p = 0; p < phases; ++p) text += "---|";
    text += "---|\n";
    for (const Verb& verb : verbs()) {
        text += "| " + std::string(verb.word) + " | ";
        text += verb.spoken == Spoken::everywhere ? "all" : verb.spoken == Spoken::lmtp ? "LMTP" : "SMTP, submission";
        text += " |";
        for (const status::OwnReply* refused : verb.refusals) text += ' ' + std::string(refused == nullptr ? "ok" : refused->name) + " |";
        text += ' ' + std::string(verb.rfc) + " |\n";
    }
    return text + "\nIn phase mail, DATA and BDAT ask for a recipient first: need-rcpt, or no-valid-recipients if every RCPT was refused.\n";
}

// PH_WRITE_DOCS=1 writes the document instead.
TEST(ServerVerbs, TheDocumentOfStatesIsTheTable) {
    const std::string path = std::string(PH_SOURCE_DIR) + "/docs/smtp-states.md";
    if (std::getenv("PH_WRITE_DOCS") != nullptr) std::ofstream(path) << states_document();
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(text, states_document()) << "write it again with PH_WRITE_DOCS=1";
}

}  // namespace
}  // namespace ph::smtp

// smtp/server/dialogue_test.cc: the files of tests/dialogues (their README.md has the format), against the session in memory: as they stand, cut
// at every octet, and with the connection lost at every step.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "catalogue/builtin.h"
#include "smtp/server/test_client.h"

namespace ph::smtp {
namespace {

namespace fs = std::filesystem;

const status::OwnReply* own_reply(std::string_view name) {
    for (const status::Cause& cause : catalogue::builtin().causes) {
        for (const status::OwnReply& own : cause.replies) {
            if (own.name == name) return &own;
        }
    }
    return nullptr;
}

Reply reply_named(std::string_view name) {
    if (name == "pass") return reply_ok();
    const status::OwnReply* own = own_reply(name);
    if (own == nullptr) throw std::invalid_argument("no reply is named " + std::string(name));
    return refuse(*own, {{"address", "user@example.net"},
                         {"ip", "192.0.2.1"},
                         {"host", "mx.example.net"},
                         {"text", "see the log"},
                         {"filter", "filter"},
                         {"seconds", "300"},
                         {"limit", "100"},
                         {"size", "200"},
                         {"list", "bl.example.net"},
                         {"url", "https://bl.example.net/"},
                         {"user", "user"}});
}

// Whether `line` is that declared line with something in its places.
bool is_made_of(std::string_view line, std::string_view declared) {
    while (true) {
        const std::size_t open = declared.find('{');
        if (open == std::string_view::npos) return line == declared;
        if (!line.starts_with(declared.substr(0, open))) return false;
        line.remove_prefix(open);
        declared.remove_prefix(declared.find('}') + 1);
        const std::size_t next = line.find(declared.substr(0, declared.find('{')));
        if (declared.empty()) return true;
        if (next == std::string_view::npos) return false;
        line.remove_prefix(next);
    }
}

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            out += text[at];
            continue;
        }
        const char c = text.at(++at);
        if (c == '{') {  // \{a*3000}
            const std::size_t close = text.find('}', at);
            out.append(std::stoul(std::string(text.substr(at + 3, close - at - 3))), text[at + 1]);
            at = close;
        } else if (c == 'x') {
            out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
            at += 2;
        } else {
            const std::map<char, char> names = {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}, {'\\', '\\'}};
            out += names.at(c);
        }
    }
    return out;
}

struct DialogueLine {
    std::string kind;  // "C:", "C>", "S:", "S~", "config", "dialect", "whole", "memory"
    std::string rest;
    std::size_t number = 0;
};

std::vector<DialogueLine> read_dialogue(const fs::path& path) {
    std::ifstream file(path);
    std::vector<DialogueLine> lines;
    std::string text;
    for (std::size_t number = 1; std::getline(file, text); ++number) {
        if (text.empty() || text[0] == '#') continue;
        const std::size_t blank = text.find(' ');
        DialogueLine line{text.substr(0, blank), blank == std::string::npos ? "" : text.substr(blank + 1), number};
        if (line.kind != "C:" && line.kind != "C>") line.rest = trim(line.rest);
        lines.push_back(std::move(line));
    }
    return lines;
}

enum class Cut { whole, octets };

class Dialogue {
  public:
    Dialogue(const fs::path& path, Cut cut) : path_(path), lines_(read_dialogue(path)), cut_(cut) {}

    bool must_stay_whole() const {
        return std::any_of(lines_.begin(), lines_.end(), [](const DialogueLine& line) { return line.kind == "whole"; });
    }
    // `lose_at`: only that nothing breaks counts, not what the server says.
    std::size_t run(std::size_t lose_at = SIZE_MAX) {
        checks_ = lose_at == SIZE_MAX;
        set_up();
        client_->lose_at(lose_at);
        bool started = false;
        for (const DialogueLine& line : lines_) {
            if (!started && (line.kind[0] == 'S' || line.kind[0] == 'C')) {
                started = true;
                client_->start();
            }
            SCOPED_TRACE(path_.filename().string() + ":" + std::to_string(line.number));
            perform(line);
        }
        flush();
        if (checks_) {
            EXPECT_EQ(client_->said, "") << "the server said more";
        }
        client_->hang_up();
        EXPECT_TRUE(client_->closed);
        return client_->actions;
    }

  private:
    void set_up() {
        ServerParams params;
        Dialect dialect = Dialect::smtp;
        std::string config;
        for (const DialogueLine& line : lines_) {
            if (line.kind == "config") config += line.rest + '\n';
            if (line.kind == "dialect")
                dialect = line.rest == "lmtp" ? Dialect::lmtp : line.rest == "submission" ? Dialect::submission : Dialect::smtp;
        }
        for (const Fault& fault : config::read_config(config, path_.string(), config::Section{params, server_params}))
            ADD_FAILURE() << to_text(fault);
        client_ = std::make_unique<TestClient>(dialect, params);
        policy_.clear();
        client_->answer = [this](Stage stage, std::string_view argument) {
            for (const auto& key : {std::pair(stage, std::string(argument)), std::pair(stage, std::string())}) {
                if (const auto found = policy_.find(key); found != policy_.end()) return reply_named(found->second);
            }
            return reply_ok();
        };
    }

    void perform(const DialogueLine& line) {
        if (line.kind == "C:") {
            to_send_ += line.rest + "\r\n";
        } else if (line.kind == "C>") {
            to_send_ += unescape(line.rest);
        } else if (line.kind == "S:" || line.kind == "S~") {
            flush();
            if (!checks_) return;
            if (line.kind == "S:") {
                expect(line.rest);
            } else {
                EXPECT_NE(last_.find(line.rest), std::string::npos) << last_;
            }
        } else if (line.kind == "memory") {
            memory(line.rest);
        } else {
            EXPECT_TRUE(line.kind == "config" || line.kind == "dialect" || line.kind == "whole") << line.kind;
        }
    }

    void flush() {
        const std::string bytes = std::exchange(to_send_, {});
        if (!bytes.empty()) cut_ == Cut::whole ? client_->send(bytes) : client_->send_octets(bytes);
    }

    std::string next_reply() {
        std::string& said = client_->said;
        for (std::size_t at = 0;;) {
            const std::size_t end = said.find("\r\n", at);
            if (end == std::string::npos) return {};
            const bool last = said.size() > at + 3 && said[at + 3] != '-';
            if (last) {
                std::string reply = said.substr(0, end);
                said.erase(0, end + 2);
                return reply;
            }
            at = end + 2;
        }
    }

    void expect(std::string wanted) {
        if (wanted == "close") {
            EXPECT_EQ(client_->said, "");
            EXPECT_TRUE(client_->closed);
            return;
        }
        std::string name;
        if (const std::size_t at = wanted.find("  reply "); at != std::string::npos) {
            name = trim(wanted.substr(at + 8));
            wanted = trim(wanted.substr(0, at));
        }
        last_ = next_reply();
        const std::size_t last_line = last_.rfind('\n');
        const std::string line = last_line == std::string::npos ? last_ : last_.substr(last_line + 1);
        EXPECT_TRUE(line.starts_with(wanted)) << "wanted " << wanted << "\nsaid   " << last_;
        if (name.empty()) return;
        const status::OwnReply* own = own_reply(name);
        ASSERT_NE(own, nullptr) << name;
        EXPECT_TRUE(is_made_of(line, own->line)) << "wanted " << own->line << "\nsaid   " << last_;
    }

    void memory(std::string_view rest) {
        flush();
        std::vector<std::string> words;
        for (std::string_view left = rest; !left.empty();) {
            const std::size_t blank = std::min(left.find(' '), left.size());
            words.emplace_back(left.substr(0, blank));
            left = trim(left.substr(blank));
        }
        const std::map<std::string, Stage> stages = {{"connect", Stage::connect}, {"helo", Stage::helo}, {"mail", Stage::mail},
                                                     {"rcpt", Stage::rcpt},       {"data", Stage::data}, {"vrfy", Stage::vrfy}};
        if (words[0] == "policy") {
            policy_[{stages.at(words.at(1)), words.size() > 3 ? words[2] : ""}] = words.back();
        } else if (words[0] == "commit") {
            for (std::size_t i = 1; i < words.size(); ++i) client_->commit_answers.push_back(reply_named(words[i]));
        } else if (words[0] == "append") {
            client_->append_failures.push_back(reply_named(words.at(1)));
        } else if (words[0] == "timeout") {
            client_->time_out();
        } else if (words[0] == "stopping") {
            client_->stop();
        } else if (words[0] == "content") {
            if (!checks_) return;
            ASSERT_FALSE(client_->messages.empty());
            EXPECT_EQ(client_->messages.back(), unescape(trim(rest.substr(7))));
        } else {
            ADD_FAILURE() << "unknown: memory " << rest;
        }
    }

    fs::path path_;
    std::vector<DialogueLine> lines_;
    Cut cut_;
    std::unique_ptr<TestClient> client_;
    std::map<std::pair<Stage, std::string>, std::string> policy_;
    std::string to_send_;
    std::string last_;
    bool checks_ = true;
};

std::vector<fs::path> dialogue_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(PH_SOURCE_DIR) / "tests/dialogues")) {
        if (entry.path().extension() == ".smtp") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

class ServerDialogue : public testing::TestWithParam<fs::path> {};

TEST_P(ServerDialogue, IsHeldAsItStands) {
    Dialogue(GetParam(), Cut::whole).run();
}

TEST_P(ServerDialogue, IsHeldCutAtEveryOctet) {
    Dialogue dialogue(GetParam(), Cut::octets);
    if (!dialogue.must_stay_whole()) dialogue.run();
}

// TestClient asserts that nothing is committed or read after the loss, and that nothing stays with the caller.
TEST_P(ServerDialogue, EndsWhereverTheConnectionIsLost) {
    Dialogue dialogue(GetParam(), Cut::whole);
    const std::size_t actions = dialogue.run();
    for (std::size_t at = 0; at < actions; ++at) dialogue.run(at);
}

TEST_P(ServerDialogue, NamesItsFileAndRfc) {
    std::ifstream file(GetParam());
    std::string head;
    std::getline(file, head);
    EXPECT_TRUE(head.starts_with("# tests/dialogues/" + GetParam().filename().string() + "  ")) << head;
    EXPECT_TRUE(head.find("RFC ") != std::string::npos || head.find("situation") != std::string::npos) << head;
}

INSTANTIATE_TEST_SUITE_P(Files, ServerDialogue, testing::ValuesIn(dialogue_files()), [](const auto& file) {
    std::string name = file.param.stem().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

// Every reply that this room can give is provoked by some dialogue.
TEST(ServerDialogueFiles, ProvokeEveryReplyOfTheSession) {
    std::string sources;
    for (const auto& entry : fs::directory_iterator(fs::path(PH_SOURCE_DIR) / "src/smtp/server")) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".cc") || name.ends_with("_test.cc") || name.ends_with("_fuzz.cc")) continue;
        std::ifstream file(entry.path());
        sources.append(std::istreambuf_iterator<char>(file), {});
    }
    std::set<std::string> provoked;
    for (const fs::path& path : dialogue_files()) {
        for (const DialogueLine& line : read_dialogue(path)) {
            const std::size_t at = line.rest.find("  reply ");
            if (line.kind == "S:" && at != std::string::npos) provoked.insert(std::string(trim(line.rest.substr(at + 8))));
        }
    }
    for (const status::Cause& cause : catalogue::builtin().causes) {
        for (const status::OwnReply& own : cause.replies) {
            std::string constant(own.name);
            std::replace(constant.begin(), constant.end(), '-', '_');
            const std::size_t at = sources.find("refusal::" + constant);
            if (at == std::string::npos || is_alnum(sources[at + 9 + constant.size()]) || sources[at + 9 + constant.size()] == '_') continue;
            EXPECT_TRUE(provoked.contains(std::string(own.name))) << "no dialogue has \"reply " << own.name << '"';
        }
    }
}

}  // namespace
}  // namespace ph::smtp

// smtp/client/test_peer.h: for tests: an SMTP or LMTP server in memory that says what the test tells it to, and remembers what it heard.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ph::smtp::client {

class TestPeer {
  public:
    std::string greeting = "220 mx.example.org ESMTP\r\n";
    std::vector<std::string> keywords = {"PIPELINING", "SIZE 1000000", "8BITMIME",   "SMTPUTF8",
                                         "DSN",        "CHUNKING",     "BINARYMIME", "ENHANCEDSTATUSCODES"};
    // By the head of the command, or "." for the end of the content; the longest head wins. The last answer of a list stays.
    std::map<std::string, std::deque<std::string>> answers;
    bool lmtp = false;
    std::size_t close_after = 1'000'000;  // commands, counting the end of the content; then it closes without a word

    std::vector<std::string> commands;
    std::vector<std::string> messages;  // as they came, dots doubled, without the end
    bool closed = false;

    // What it sends upon these octets.
    std::string take(std::string_view bytes) {
        in_.append(bytes);
        std::string out;
        while (!closed && (in_data_ ? take_data(out) : expected_ > 0 ? take_chunk(out) : take_command(out))) {
            if (commands.size() + messages.size() >= close_after) closed = true;
        }
        return out;
    }

  private:
    bool take_command(std::string& out) {
        const std::size_t end = in_.find("\r\n");
        if (end == std::string::npos) return false;
        const std::string line = in_.substr(0, end);
        in_.erase(0, end + 2);
        commands.push_back(line);
        if (line.starts_with("BDAT ")) {
            expected_ = std::stoul(line.substr(5));
            return true;
        }
        if (commands.size() + messages.size() >= close_after) return true;
        const std::string said = answer(line);
        if (line.starts_with("MAIL")) taken_ = 0;
        if (line.starts_with("RCPT") && said.starts_with("2")) ++taken_;
        in_data_ = line == "DATA" && said.starts_with("3");
        closed = said.starts_with("221") || said.starts_with("421") || said.empty();
        out += said;
        return true;
    }

    bool take_data(std::string& out) {
        std::size_t end = in_.starts_with(".\r\n") ? 0 : in_.find("\r\n.\r\n");
        if (end == std::string::npos) return false;
        messages.push_back(in_.substr(0, end == 0 ? 0 : end + 2));
        in_.erase(0, end == 0 ? 3 : end + 5);
        in_data_ = false;
        if (commands.size() + messages.size() < close_after) finish(out);
        return true;
    }

    bool take_chunk(std::string& out) {
        if (in_.size() < expected_) return false;
        messages.push_back(in_.substr(0, expected_));
        in_.erase(0, expected_);
        expected_ = 0;
        if (commands.size() + messages.size() < close_after) finish(out);
        return true;
    }

    void finish(std::string& out) {
        for (std::size_t i = 0; i < (lmtp ? taken_ : 1); ++i) {
            const std::string said = answer(".");
            closed = closed || said.empty();
            out += said;
        }
    }

    std::string answer(const std::string& line) {
        auto best = answers.end();
        for (auto entry = answers.begin(); entry != answers.end(); ++entry) {
            if (line.starts_with(entry->first) && (best == answers.end() || entry->first.size() > best->first.size())) best = entry;
        }
        if (best == answers.end()) return usual(line);
        const std::string said = best->second.front();
        if (best->second.size() > 1) best->second.pop_front();
        return said;
    }

    std::string usual(const std::string& line) const {
        if (line.starts_with(lmtp ? "LHLO" : "EHLO")) {
            std::string said = "250-mx.example.org\r\n";
            for (const std::string& keyword : keywords) said += "250-" + keyword + "\r\n";
            return said + "250 HELP\r\n";
        }
        if (line == "DATA") return taken_ > 0 ? "354 go on\r\n" : "554 5.5.1 no valid recipients\r\n";
        if (line == "QUIT") return "221 2.0.0 bye\r\n";
        return "250 2.0.0 ok\r\n";
    }

    std::string in_;
    bool in_data_ = false;
    std::size_t expected_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace ph::smtp::client

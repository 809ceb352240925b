// explain/reply_text.h: finds the reply in the text around it and takes it apart (RFC 5321 4.2): the code, the enhanced code, the
// words of all its lines; who said it and to which command, where the text around tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "status/enhanced_code.h"
#include "status/reply_code.h"

namespace ph::explain {

// The SMTP command a reply answers; `connect` is the greeting.
enum class Command : std::uint8_t { unknown, connect, helo, auth, starttls, mail, rcpt, data, bdat, quit };

std::string_view to_text(Command command);  // "RCPT"; "" for unknown
Command parse_command(std::string_view text);

// A stretch of bytes of the whole text.
struct Stretch {
    std::uint32_t begin;
    std::uint32_t end;
};

// Views and stretches refer to the text that was parsed.
struct ReplyText {
    std::string_view whole;
    std::optional<status::ReplyCode> code;
    std::optional<status::EnhancedCode> enhanced;  // at the head of the reply or of a wrapper that names one
    Command command = Command::unknown;
    std::vector<Stretch> words;   // the lines of the innermost reply, without codes
    std::vector<Stretch> around;  // what stands before and after it
    bool nested = false;          // a reply that quotes another one: the inner one is what `words` holds
};

// Parses `text` (UTF-8) into `out`, whose buffers are used again.
void parse_reply(std::string_view text, ReplyText& out);

// Cuts a text that may hold many replies, one after the other, into single ones. A reply with several lines (550-… 550 …) stays
// together; lines that each quote a reply ("… said: 550 …", as logs do) are one each; elsewhere blank lines separate.
std::vector<std::string_view> split_replies(std::string_view text);

}  // namespace ph::explain

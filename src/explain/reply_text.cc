// explain/reply_text.cc: a reply travels in wrappers: "host X said: 550 …", "smtp; 550 …", a relay's own reply that quotes the next
// host's. The innermost reply is the one that knows, so the last code in reply position after a wrapping word wins.
#include "explain/reply_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace ph::explain {
namespace {

using status::EnhancedCode;
using status::ReplyCode;

struct CommandWord {
    Command command;
    std::string_view name;
    std::string_view phrase;  // as wrappers write it, lower case
};

constexpr std::array command_words = {
    CommandWord{Command::connect, "CONNECT", "initial connection"},
    CommandWord{Command::connect, "CONNECT", "connect"},
    CommandWord{Command::helo, "HELO", "helo"},
    CommandWord{Command::helo, "HELO", "ehlo"},
    CommandWord{Command::helo, "HELO", "lhlo"},
    CommandWord{Command::auth, "AUTH", "auth"},
    CommandWord{Command::starttls, "STARTTLS", "starttls"},
    CommandWord{Command::mail, "MAIL", "mail"},
    CommandWord{Command::rcpt, "RCPT", "rcpt"},
    CommandWord{Command::data, "DATA", "end of data"},
    CommandWord{Command::data, "DATA", "data"},
    CommandWord{Command::data, "DATA", "eom"},
    CommandWord{Command::bdat, "BDAT", "bdat"},
    CommandWord{Command::quit, "QUIT", "quit"},
};

// Words after which, on the same line, a reply may be quoted.
constexpr std::array<std::string_view, 22> wrapping_words = {
    "said",   "smtp;",      "smtp error", "smtp protocol", "remote",  "returned", "refused to talk", "response", "replied", "answer", "<<<",
    "server", "last error", "stat=",      "diagnostic",    "gateway", "error",    "reason",          "reply",    "result",  "host ",  "mx "};

// The length of a reply code with what must follow it at `at`, or 0.
std::size_t code_at(std::string_view text, std::size_t at, std::optional<ReplyCode>& code) {
    if (at + 3 > text.size() || (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '='))) return 0;
    if (at > 1 && text[at - 1] == '-' && is_alnum(text[at - 2])) return 0;
    code = ReplyCode::parse(text.substr(at, 3));
    if (!code) return 0;
    if (at + 3 == text.size()) return 3;
    const char next = text[at + 3];
    if (is_alnum(next) || next == '.' || next == '%' || next == '/') return 0;
    if (next == '-' || next == ':' || next == '_') return 4;
    return 3;
}

struct Start {
    std::size_t at = std::string_view::npos;
    ReplyCode code = *ReplyCode::from(200);
    bool wrapped = false;
};

std::size_t skip_back(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '"' || text[at - 1] == '\'' || text[at - 1] == '(' ||
                      text[at - 1] == '<' || text[at - 1] == '#' || text[at - 1] == '[')) {
        --at;
    }
    return at;
}

// How far before a reply the words that announce it may begin; this bound also keeps the search linear.
constexpr std::size_t wrapper_bytes = 240;

std::string_view just_before(std::string_view text) {
    return text.substr(text.size() - std::min(text.size(), wrapper_bytes));
}

bool wraps(std::string_view before) {
    before = just_before(before);
    const std::size_t line = before.rfind('\n');
    if (line != std::string_view::npos) before.remove_prefix(line + 1);
    return std::ranges::any_of(wrapping_words, [&](std::string_view word) { return find_ignoring_case(before, word) != std::string_view::npos; });
}

// Whether a code at `at` stands where a reply begins: at the very start, at the start of a line, or after a wrapper.
bool in_reply_position(std::string_view text, std::size_t at, bool& wrapped) {
    const std::size_t before = skip_back(text, at);
    wrapped = false;
    if (before == 0 || text[before - 1] == '\n') return true;
    const std::string_view head = text.substr(0, before);
    const char last = head.back();
    const bool after_mark = last == ':' || last == ';' || head.ends_with("<<") || head.ends_with("<<<") || last == ',' || last == '=' || last == '>';
    const bool after_word = ends_with_ignoring_case(head, "said") || ends_with_ignoring_case(head, "returned") ||
                            ends_with_ignoring_case(head, "error") || ends_with_ignoring_case(head, "code") ||
                            ends_with_ignoring_case(head, "reply") || ends_with_ignoring_case(head, "response");
    wrapped = (after_mark || after_word) && (wraps(head) || before <= 2);
    if (text.substr(before, at - before).find('<') != std::string_view::npos && head.ends_with("<<")) wrapped = true;
    return wrapped;
}

bool somebody_else_speaks(std::string_view before) {
    return find_ignoring_case(just_before(before), "said") != std::string_view::npos;
}

// The reply to explain: the first one, or the last one that a wrapper quotes. A wrapped code equal to the first one is the same
// reply saying its code twice, unless the words between say that somebody else speaks.
Start find_start(std::string_view text, bool& nested) {
    Start first;
    Start chosen;
    const char* bytes = text.data();
    for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
        if (bytes[at] < '2' || bytes[at] > '5') continue;
        std::optional<ReplyCode> code;
        if (code_at(text, at, code) == 0) continue;
        bool wrapped = false;
        if (!in_reply_position(text, at, wrapped)) continue;
        if (first.at == std::string_view::npos) {
            first = chosen = {at, *code, wrapped};
        } else if (wrapped && (code != chosen.code || somebody_else_speaks(text.substr(chosen.at, at - chosen.at)))) {
            if (code->reply_class() == status::ReplyClass::positive || code->reply_class() == status::ReplyClass::intermediate) continue;
            nested = true;
            chosen = {at, *code, wrapped};
        }
    }
    return chosen;
}

bool looks_like_command_end(std::string_view text) {
    return text.empty() || !is_alpha(text.front());
}

Command command_in(std::string_view text) {
    for (const CommandWord& word : command_words) {
        if (starts_with_ignoring_case(text, word.phrase) && looks_like_command_end(text.substr(word.phrase.size()))) return word.command;
    }
    return Command::unknown;
}

// "… after RCPT TO:<x>:", "while sending MAIL FROM", ">>> DATA", "refused to talk to me"
Command command_around(std::string_view before) {
    if (find_ignoring_case(before, "refused to talk to me") != std::string_view::npos) return Command::connect;
    for (const std::string_view lead : {"after pipelined ", "after sending ", "while sending ", "after ", ">>> ", "in reply to ", "response to "}) {
        const std::size_t at = find_ignoring_case(before, lead);
        if (at == std::string_view::npos) continue;
        const Command command = command_in(before.substr(at + lead.size()));
        if (command != Command::unknown) return command;
    }
    return Command::unknown;
}

// Takes "(in reply to RCPT TO command)" off the end.
std::size_t cut_command(std::string_view text, std::size_t from, ReplyText& out) {
    constexpr std::string_view lead = "(in reply to ";
    const std::size_t at = find_ignoring_case(text, lead, from);
    if (at == std::string_view::npos) return text.size();
    out.command = command_in(text.substr(at + lead.size()));
    return at;
}

class LineParser {
  public:
    LineParser(std::string_view text, std::size_t end, ReplyText& out) : text_(text.substr(0, end)), out_(out) {}

    // The lines of the reply from its first code on.
    void run(std::size_t at) {
        while (at < text_.size()) {
            std::size_t end = text_.find('\n', at);
            if (end == std::string_view::npos) end = text_.size();
            line(at, end);
            at = end + 1;
        }
    }

  private:
    void line(std::size_t at, std::size_t end) {
        while (at < end && (is_blank(text_[at]) || (text_[at] == '<' && text_.substr(at, 3) == "<<<"))) at += text_[at] == '<' ? 3 : 1;
        at = skip_codes(at, end);
        // The same code again inside a line: the lines of one reply, joined by somebody with blanks.
        std::size_t from = at;
        for (; at + 4 < end; ++at) {
            if (!repeats(at)) continue;
            push(from, at);
            from = at = skip_codes(at, end);
        }
        push(from, end);
    }

    // At "550-" or "550 5.…" with the code of this reply.
    bool repeats(std::size_t at) const {
        if (!out_.code || text_[at] != static_cast<char>('0' + out_.code->value() / 100)) return false;
        std::optional<ReplyCode> code;
        if (at == 0 || !is_blank(text_[at - 1]) || code_at(text_, at, code) == 0 || code != out_.code) return false;
        if (text_[at + 3] == '-') return true;
        std::size_t length = 0;
        return text_[at + 3] == ' ' && EnhancedCode::parse_head(text_.substr(at + 4), length).has_value();
    }

    std::size_t skip_codes(std::size_t at, std::size_t end) {
        std::optional<ReplyCode> code;
        const std::size_t length = code_at(text_, at, code);
        if (length != 0 && (!out_.code || code == out_.code)) {
            out_.code = code;
            at += length;
        }
        while (at < end && (is_blank(text_[at]) || text_[at] == '#' || text_[at] == '-')) ++at;
        std::size_t taken = 0;
        const auto enhanced = at < end ? EnhancedCode::parse_head(text_.substr(at, end - at), taken) : std::nullopt;
        if (enhanced) {
            if (!out_.enhanced) out_.enhanced = enhanced;
            at += taken;
            while (at < end && (is_blank(text_[at]) || text_[at] == ':' || text_[at] == '-')) ++at;
        }
        return at;
    }

    void push(std::size_t begin, std::size_t end) {
        while (begin < end && is_blank(text_[begin])) ++begin;
        while (end > begin && is_blank(text_[end - 1])) --end;
        if (begin < end) out_.words.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    }

    std::string_view text_;
    ReplyText& out_;
};

// An enhanced code that stands before the reply: "#5.1.1 smtp; 550 …", "dsn=4.2.2, stat=…"
std::optional<EnhancedCode> enhanced_around(std::string_view before) {
    for (std::size_t at = 0; at + 5 <= before.size(); ++at) {
        if (before[at + 1] != '.' || (at > 0 && (is_alnum(before[at - 1]) || before[at - 1] == '.'))) continue;
        std::size_t length = 0;
        const auto code = EnhancedCode::parse_head(before.substr(at), length);
        if (code && code->subject <= 7) return code;
    }
    return std::nullopt;
}

// A line of a log or a bounce that quotes a reply: "… said: 550 …"
bool quotes_reply(std::string_view line) {
    bool nested = false;
    return find_start(line, nested).wrapped;
}

bool starts_reply(std::string_view line) {
    std::optional<ReplyCode> code;
    return code_at(line, 0, code) != 0;
}

}  // namespace

std::string_view to_text(Command command) {
    const auto at = std::ranges::find(command_words, command, &CommandWord::command);
    return at == command_words.end() ? std::string_view{} : at->name;
}

Command parse_command(std::string_view text) {
    return command_in(trim(text));
}

void parse_reply(std::string_view text, ReplyText& out) {
    out.whole = text;
    out.code.reset();
    out.enhanced.reset();
    out.command = Command::unknown;
    out.words.clear();
    out.around.clear();
    out.nested = false;
    const Start start = find_start(text, out.nested);
    const std::size_t begin = start.at == std::string_view::npos ? 0 : start.at;
    const std::size_t end = cut_command(text, begin, out);
    if (start.at != std::string_view::npos) out.code = start.code;
    LineParser(text, end, out).run(begin);
    if (begin > 0) {
        out.around.push_back({0, static_cast<std::uint32_t>(begin)});
        if (out.command == Command::unknown) out.command = command_around(text.substr(0, begin));
        if (!out.enhanced) out.enhanced = enhanced_around(text.substr(0, begin));
    }
    if (end < text.size()) out.around.push_back({static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(text.size())});
}

std::vector<std::string_view> split_replies(std::string_view text) {
    std::vector<std::string_view> replies;
    const std::string_view body = trim(text);
    const bool coded = starts_reply(body);
    const bool logged = !coded && quotes_reply(body.substr(0, body.find('\n')));
    std::size_t begin = 0;
    bool open = true;  // the reply goes on with the next line whatever it is: "550-…"
    const auto cut = [&](std::size_t end) {
        const std::string_view reply = trim(body.substr(begin, end - begin));
        if (!reply.empty()) replies.push_back(reply);
        begin = end;
    };
    for (std::size_t at = 0; at < body.size();) {
        std::size_t end = body.find('\n', at);
        if (end == std::string_view::npos) end = body.size();
        const std::string_view raw = body.substr(at, end - at);
        const std::string_view line = trim(raw);
        const bool next = coded ? !open && starts_reply(line) : logged && !is_blank(raw.empty() ? ' ' : raw.front()) && quotes_reply(line);
        if (line.empty() || next) cut(at);
        if (starts_reply(line)) open = line.size() > 3 && line[3] == '-';
        at = end + 1;
    }
    cut(body.size());
    return replies;
}

}  // namespace ph::explain

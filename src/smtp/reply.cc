// smtp/reply.cc: replies made of their declarations and values, and written as lines (RFC 5321 4.2.1, RFC 2034 4).
// Values come from clients: whatever they hold, it stays one value inside one line.
#include "smtp/reply.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "smtp/replies.h"

namespace ph::smtp {
namespace {

constexpr std::size_t max_value = 200;
constexpr std::size_t max_line = 512;   // RFC 5321 4.5.3.1.5, with CRLF
constexpr std::size_t max_text = 8000;  // of a whole reply: policy and filters may bring texts of their own

// C0, DEL and the C1 controls have no place in a line that a person or a terminal will see.
bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

// As much of `text` as fits into `room` octets without cutting a character. What is not UTF-8 may be cut anywhere, and always moves on.
std::string_view fitting(std::string_view text, std::size_t room) {
    if (text.size() <= room) return text;
    for (std::size_t back = 0; back < 4 && back < room; ++back) {
        if ((static_cast<unsigned char>(text[room - back]) & 0xC0U) != 0x80) return text.substr(0, room - back);
    }
    return text.substr(0, room);
}

void append_clean(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid || is_control(point.value)) {
            out += '?';
        } else {
            out.append(text, at, point.length);
        }
        at += point.length;
    }
}

std::string fill(std::string_view line, std::initializer_list<Value> values) {
    std::string text;
    while (true) {
        const std::size_t open = line.find('{');
        text += line.substr(0, open);
        if (open == std::string_view::npos) return text;
        const std::size_t close = line.find('}', open);
        PH_ASSERT(close != std::string_view::npos);
        const std::string_view place = line.substr(open + 1, close - open - 1);
        bool found = false;
        for (const Value& value : values) {
            if (value.place != place) continue;
            append_clean(text, fitting(value.text, max_value));
            found = true;
        }
        PH_ASSERT(found);
        line.remove_prefix(close + 1);
    }
}

// The head of a line: "250-2.0.0 " or "250 2.0.0 "; the last line is known only when the next one begins, so the '-' may become a ' '.
void append_head(std::string& out, const Reply& reply) {
    out += to_text(reply.code);
    out += '-';
    if (!reply.enhanced) return;
    out += to_text(*reply.enhanced);
    out += ' ';
}

// How much of `text` goes into a line with `room`: all, up to the last blank that fits, or cut between characters.
std::size_t line_length(std::string_view text, std::size_t room) {
    if (text.size() <= room) return text.size();
    const std::size_t blank = text.rfind(' ', room);
    if (blank != std::string_view::npos && blank > room / 2) return blank;
    return fitting(text, room).size();
}

}  // namespace

Reply refuse(const status::OwnReply& own, std::initializer_list<Value> values) {
    const auto code = status::ReplyCode::parse(own.line.substr(0, 3));
    PH_ASSERT(code && own.line.size() > 4);
    std::string_view rest = own.line.substr(4);
    std::size_t length = 0;
    const auto enhanced = status::EnhancedCode::parse_head(rest, length);
    rest.remove_prefix(length);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return {*code, enhanced, fill(rest, values), own.name, own.cause};
}

Reply accept(const PositiveReply& positive, std::initializer_list<Value> values) {
    const auto code = status::ReplyCode::from(positive.code);
    PH_ASSERT(code.has_value());
    return {*code, positive.enhanced, fill(positive.text, values), positive.name, {}};
}

Reply reply_ok() {
    return accept(reply::ok);
}

Reply reply_queued(QueueId id) {
    return accept(reply::queued, {{"id", to_text(id)}});
}

void append_wire(std::string& out, const Reply& reply) {
    std::string_view rest = fitting(reply.text, max_text);
    std::size_t last = 0;
    while (true) {
        last = out.size();
        append_head(out, reply);
        const std::size_t room = max_line - 2 - (out.size() - last);
        const std::string_view line = rest.substr(0, rest.find('\n'));
        // '?' for a character makes a line shorter, never longer.
        const std::size_t taken = line_length(line, room);
        append_clean(out, line.substr(0, taken));
        out += "\r\n";
        rest.remove_prefix(taken);
        if (rest.empty()) break;
        if (rest.front() == '\n' || rest.front() == ' ') rest.remove_prefix(1);
        if (rest.empty()) break;
    }
    out[last + 3] = ' ';  // RFC 5321 4.2.1: the last line has a blank behind the code
}

}  // namespace ph::smtp

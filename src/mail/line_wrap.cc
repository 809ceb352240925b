// mail/line_wrap.cc: copies runs of ordinary lines in one piece and touches only lines that are too long or begin with a dot.
#include "mail/line_wrap.h"

#include <algorithm>
#include <cstring>

namespace ph::mail {
namespace {

// The last octets that a line may have wait until its end or one octet more comes: a break must not stand within a character, and a line
// that fits must not be broken.
constexpr std::size_t max_held = 3;
constexpr std::size_t held_from = LineWrap::max_line - max_held;

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

}  // namespace

void LineWrap::append(std::string& out, std::string_view piece) {
    std::size_t copied = 0;
    std::size_t at = 0;
    while (at < piece.size()) {
        // RFC 5321 4.5.2: a dot at the start of a line gets another one before it.
        if (column_ == 0 && piece[at] == '.' && dots_ == Dots::stuff) {
            out.append(piece.substr(copied, at - copied)).append(1, '.');
            copied = at;
        }
        const void* line_feed = std::memchr(piece.data() + at, '\n', piece.size() - at);
        const std::size_t end =
            line_feed == nullptr ? piece.size() : static_cast<std::size_t>(static_cast<const char*>(line_feed) - piece.data()) + 1;
        if (held_.empty() && column_ + (end - at) <= held_from) {
            column_ = line_feed == nullptr ? column_ + (end - at) : 0;
        } else {
            out.append(piece.substr(copied, at - copied));
            append_long(out, piece.substr(at, end - at));
            copied = end;
        }
        at = end;
    }
    out.append(piece.substr(copied));
}

void LineWrap::finish(std::string& out) {
    out += held_;
    if (column_ != 0) out += "\r\n";
    if (dots_ == Dots::stuff) out += ".\r\n";
    held_.clear();
    column_ = 0;
}

// The rest of one line, or a part of it.
void LineWrap::append_long(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t free = std::min(text.size(), held_from - std::min(column_, held_from));
        out.append(text.substr(0, free));
        column_ += free;
        if (free != 0 && text[free - 1] == '\n') column_ = 0;
        text.remove_prefix(free);
        if (text.empty()) return;
        hold(out, text.front());
        text.remove_prefix(1);
    }
}

void LineWrap::hold(std::string& out, char c) {
    held_ += c;
    if (c == '\n') {
        out += held_;
        held_.clear();
        column_ = 0;
    } else if (held_.size() > max_held + 1 || (held_.size() > max_held && c != '\r')) {
        break_line(out);
    }
}

void LineWrap::break_line(std::string& out) {
    std::size_t cut = max_held;
    while (cut != 0 && continues_character(held_[cut])) --cut;
    if (continues_character(held_[cut])) cut = max_held;  // no UTF-8
    out.append(held_, 0, cut).append("\r\n ").append(held_, cut, std::string::npos);
    column_ = 1 + held_.size() - cut;
    held_.clear();
}

}  // namespace ph::mail

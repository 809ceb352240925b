// explain/normal_text.cc: one pass over the bytes. At the start of each word the token scanners look whether a URL, address, IP
// address, enhanced code or host name begins there; the rest is folded and copied.
#include "explain/normal_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "explain/fold.h"

namespace ph::explain {
namespace {

// Endings that make a dotted word a host name; any two letters do too. Others ("mailbox.please") are words of a sentence.
constexpr std::array<std::string_view, 62> endings = {
    "com",     "net",     "org",   "edu",     "gov",      "mil",       "int",     "info",    "biz",     "name",      "pro",      "arpa",    "test",
    "example", "invalid", "local", "lan",     "internal", "mobi",      "asia",    "cloud",   "online",  "site",      "top",      "xyz",     "club",
    "shop",    "email",   "app",   "dev",     "tech",     "vip",       "icu",     "wang",    "ltd",     "group",     "store",    "live",    "world",
    "today",   "news",    "space", "website", "media",    "agency",    "company", "network", "systems", "solutions", "services", "support", "digital",
    "global",  "mail",    "corp",  "home",    "intra",    "localhost", "link",    "work",    "school",  "blog"};

constexpr std::size_t max_host = 255;  // RFC 1035 2.3.4
constexpr std::size_t max_ip6 = 46;    // the longest form, with an IPv4 address at its end, and one more

constexpr bool in_piece(char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}
constexpr bool in_url(char c) {
    return c > ' ' && c < 0x7F && std::string_view("<>\"'()[]{}`\\^|").find(c) == std::string_view::npos;
}

bool is_ending(std::string_view label) {
    if (label.size() == 2) return is_alpha(label[0]) && is_alpha(label[1]);
    return std::ranges::any_of(endings, [&](std::string_view ending) { return equals_ignoring_case(label, ending); });
}

bool one_case(std::string_view label) {
    return std::ranges::all_of(label, is_upper) || std::ranges::none_of(label, is_upper);
}

class Scanner {
  public:
    Scanner(std::string_view reply, std::size_t begin, std::size_t end, NormalText& out)
        : reply_(reply.substr(0, end)), at_(begin), out_(out), size_(out.text.size()) {
        // No byte becomes more than two: the worst is "a@b" → "{addr}".
        const std::size_t room = size_ + 2 * (reply_.size() - begin) + 16;
        out_.text.resize(room);
        out_.origin.resize(room);
        text_ = out_.text.data();
        origin_ = out_.origin.data();
    }

    void run() {
        if (size_ != 0) put(' ', at_);
        while (at_ < reply_.size()) step();
        if (size_ != 0 && last() == ' ') drop();
        out_.text.resize(size_);
        out_.origin.resize(size_);
    }

  private:
    void step() {
        const char c = reply_[at_];
        if (static_cast<unsigned char>(c) >= 0x80) return fold_one();
        if (is_alnum(c) || c == ':') {
            const std::size_t start = at_;
            if (take_value()) return;
            at_ = start;
            return copy_word();
        }
        if (is_blank(c) || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            put(' ', at_++);
        } else {
            put(without_braces(c), at_);
            ++at_;
        }
    }

    // Only our own tokens have braces.
    static char without_braces(char c) { return c == '{' ? '(' : c == '}' ? ')' : c; }

    char last() const { return text_[size_ - 1]; }

    void put(char c, std::size_t from) {
        if (c == ' ' && (size_ == 0 || last() == ' ')) return;
        text_[size_] = c;
        origin_[size_] = static_cast<std::uint32_t>(from);
        ++size_;
    }

    void drop() { --size_; }

    void fold_one() {
        const CodePoint point = decode_utf8(reply_, at_);
        const char32_t folded = fold(point.value);
        if (point.value == U'…') {
            for (int i = 0; i < 3; ++i) put('.', at_);
        } else if (folded < 0x80) {
            put(without_braces(static_cast<char>(folded)), at_);
        } else {
            std::string bytes;
            append_utf8(bytes, folded);
            for (const char c : bytes) put(c, at_);
        }
        at_ += point.length;
    }

    void copy_word() {
        const char* in = reply_.data();
        const std::size_t end = reply_.size();
        do {
            text_[size_] = to_lower(in[at_]);
            origin_[size_++] = static_cast<std::uint32_t>(at_);
        } while (++at_ < end && is_alnum(in[at_]));
    }

    // At the start of a word: takes the value that begins here, if one does.
    bool take_value() {
        if (at_ > 0 && is_alnum(reply_[at_ - 1]) && is_alnum(reply_[at_])) return false;
        find_piece();
        std::size_t end = piece_end_;
        const bool dotted = last_dot_ > at_ && last_dot_ < end;
        const char next = end < reply_.size() ? reply_[end] : ' ';
        if (next == '@' && end > at_) return take_address(end);
        if (next == ':') {
            if (equals_ignoring_case(reply_.substr(at_, end - at_), "ipv6")) at_ = end + 1;  // [IPv6:2001:db8::1]
            if (reply_.substr(end, 3) == "://") return take_url(end + 3);
            if (take_ip6()) return true;
        }
        const bool inside_number = at_ > 1 && is_digit(reply_[at_]) && reply_[at_ - 1] == '.' && is_digit(reply_[at_ - 2]);
        if (!dotted || inside_number) return false;
        end = piece_last_;
        return take_enhanced() || take_ip4(end) || take_host(end);
    }

    // The run of characters that a value may have, which at_ is in. Looked for once a run: a reply may be one long run of words.
    void find_piece() {
        if (at_ < piece_end_) return;
        piece_end_ = piece_last_ = at_;
        last_dot_ = 0;
        for (; piece_end_ < reply_.size() && in_piece(reply_[piece_end_]); ++piece_end_) {
            if (reply_[piece_end_] == '.') last_dot_ = piece_end_;
            if (is_alnum(reply_[piece_end_])) piece_last_ = piece_end_ + 1;
        }
    }

    bool take_address(std::size_t sign) {
        std::size_t end = sign + 1;
        while (end < reply_.size() && (is_alnum(reply_[end]) || reply_[end] == '.' || reply_[end] == '-') && reply_.substr(end, 2) != "..") ++end;
        while (end > sign && !is_alnum(reply_[end - 1])) --end;
        if (end <= sign + 1) return false;
        emit(ValueKind::address, at_, end, "{addr}", end);
        return true;
    }

    bool take_url(std::size_t from) {
        std::size_t end = from;
        while (end < reply_.size() && in_url(reply_[end])) ++end;
        while (end > from && std::string_view(".,;:!?").find(reply_[end - 1]) != std::string_view::npos) --end;
        if (end == from) return false;
        std::size_t host_end = from;
        while (host_end < end && (is_alnum(reply_[host_end]) || reply_[host_end] == '.' || reply_[host_end] == '-')) ++host_end;
        add_fact("", at_, end);
        add_fact(".", from, host_end);
        emit(ValueKind::url, at_, end, "{url}", end);
        return true;
    }

    bool take_ip6() {
        std::size_t end = at_;
        int colons = 0;
        bool pair = false;
        for (; end < reply_.size() && end - at_ < max_ip6 && (is_hex(reply_[end]) || reply_[end] == ':' || reply_[end] == '.'); ++end) {
            if (reply_[end] != ':') continue;
            ++colons;
            pair |= end + 1 < reply_.size() && reply_[end + 1] == ':';
        }
        while (end > at_ && (reply_[end - 1] == '.' || (reply_[end - 1] == ':' && (end < at_ + 2 || reply_[end - 2] != ':')))) --end;
        const bool word_goes_on = end < reply_.size() && is_alnum(reply_[end]);
        if (end - at_ < 3 || word_goes_on || !(colons == 7 || (pair && colons >= 2 && colons <= 7))) return false;
        emit(ValueKind::ip, at_, end, "{ip}", end);
        return true;
    }

    // RFC 3463 knows subjects 0 to 7; a larger number is something else that has dots.
    bool take_enhanced() {
        std::size_t length = 0;
        const auto code = status::EnhancedCode::parse_head(reply_.substr(at_), length);
        if (!code || code->subject > 7) return false;
        if (!out_.enhanced) out_.enhanced = code;
        at_ += length;
        if (size_ != 0 && last() == '#') drop();
        const bool bracket = size_ != 0 && (last() == '(' || last() == '[') && at_ < reply_.size() && (reply_[at_] == ')' || reply_[at_] == ']');
        if (bracket) {
            drop();
            ++at_;
        }
        return true;
    }

    // Also the masked form in which people show replies: x.xx.xx.xx
    bool take_ip4(std::size_t end) {
        int groups = 1;
        std::size_t digits = 0;
        for (std::size_t i = at_; i < end; ++i) {
            const char c = reply_[i];
            if (c == '.') {
                if (digits == 0 || ++groups > 4) return false;
                digits = 0;
            } else if (is_digit(c) || c == 'x' || c == 'X') {
                if (++digits > 3) return false;
            } else {
                return false;
            }
        }
        if (groups != 4 || digits == 0) return false;
        emit(ValueKind::ip, at_, end, "{ip}", skip_port(end));
        return true;
    }

    std::size_t skip_port(std::size_t end) const {
        if (end + 1 >= reply_.size() || reply_[end] != ':' || !is_digit(reply_[end + 1])) return end;
        while (++end < reply_.size() && is_digit(reply_[end])) continue;
        return end;
    }

    bool take_host(std::size_t end) {
        const std::string_view name = reply_.substr(at_, end - at_);
        const std::size_t last = name.rfind('.');
        if (last == std::string_view::npos || last == 0 || name.size() < 5 || name.size() > max_host || name.find("..") != std::string_view::npos)
            return false;
        const std::string_view label = name.substr(last + 1);
        if (!is_ending(label) || !one_case(label)) return false;
        if (end < reply_.size() && reply_[end] == '/' && end + 1 < reply_.size() && in_url(reply_[end + 1])) {
            return take_bare_url(end);
        }
        add_fact(".", at_, end);
        emit(ValueKind::host, at_, end, "{host}", end);
        return true;
    }

    bool take_bare_url(std::size_t host_end) {
        std::size_t end = host_end;
        while (end < reply_.size() && in_url(reply_[end])) ++end;
        while (end > host_end && std::string_view(".,;:!?").find(reply_[end - 1]) != std::string_view::npos) --end;
        add_fact("", at_, end);
        add_fact(".", at_, host_end);
        emit(ValueKind::url, at_, end, "{url}", end);
        return true;
    }

    void add_fact(std::string_view head, std::size_t begin, std::size_t end) {
        out_.facts += head;
        for (std::size_t i = begin; i < end; ++i) out_.facts += to_lower(reply_[i]);
        out_.facts += '\n';
    }

    // Puts the token in place of the value and takes the brackets around it.
    void emit(ValueKind kind, std::size_t begin, std::size_t end, std::string_view token, std::size_t next) {
        out_.values.push_back({kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
        at_ = next;
        take_bracket(begin);
        for (const char c : token) put(c, begin);
    }

    void take_bracket(std::size_t begin) {
        if (size_ == 0 || at_ >= reply_.size() || begin == 0) return;
        const char open = last();
        const char close = reply_[at_];
        if (!((open == '<' && close == '>') || (open == '[' && close == ']'))) return;
        drop();
        ++at_;
    }

    std::string_view reply_;
    std::size_t at_;
    NormalText& out_;
    // out_.text and out_.origin, which have room enough for the whole piece, and how much of them is written.
    char* text_;
    std::uint32_t* origin_;
    std::size_t size_;
    std::size_t piece_end_ = 0;
    std::size_t piece_last_ = 0;  // behind the last letter or digit of the piece
    std::size_t last_dot_ = 0;    // of the piece; 0 if it has none behind its first character
};

}  // namespace

void NormalText::clear() {
    text.clear();
    origin.clear();
    values.clear();
    facts.clear();
    enhanced.reset();
}

void append_normalized(std::string_view reply, std::size_t begin, std::size_t end, NormalText& out) {
    Scanner(reply, begin, end, out).run();
}

void append_facts(std::string_view reply, std::size_t begin, std::size_t end, NormalText& out) {
    const std::size_t before = out.text.size();
    Scanner(reply, begin, end, out).run();
    out.text.resize(before);
    out.origin.resize(before);
}

}  // namespace ph::explain

// mail/mailbox.cc: the address grammar of RFC 5321 4.1.2 with the UTF-8 of RFC 6531 3.3, read once from left to right.
// Comments, white space and obsolete forms of RFC 5322 are no part of it: what an envelope carries must mean one thing to every server.
#include "mail/mailbox.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/address_literal.h"

namespace ph::mail {
namespace {

constexpr bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

// RFC 5322 3.2.3: atext.
constexpr std::array<bool, 128> atext_table = [] {
    std::array<bool, 128> table{};
    for (const char c : std::string_view("!#$%&'*+-/=?^_`{|}~")) table[static_cast<unsigned char>(c)] = true;
    for (char c = 0; c < 127; ++c) table[static_cast<unsigned char>(c)] = table[static_cast<unsigned char>(c)] || is_digit(c) || is_alpha(c);
    return table;
}();
constexpr bool is_atext(char c) {
    return is_high(c) || atext_table[static_cast<unsigned char>(c)];
}

// The controls U+0080 to U+009F are as unwelcome in a log as those of ASCII.
bool is_c1_control(char32_t point) {
    return point >= 0x80 && point < 0xA0;
}

// What stands for nothing, for a blank, or for another dot has no place in a domain (RFC 5891 4.2, RFC 5892 2.6).
bool is_label_code_point(char32_t point) {
    constexpr std::array<char32_t, 3> other_dots = {0x3002, 0xFF0E, 0xFF61};
    if (is_c1_control(point) || point == 0xA0 || point == 0xAD || point == 0x3000 || point == 0xFEFF) return false;
    if ((point >= 0x2000 && point <= 0x200B) || (point >= 0x200E && point <= 0x206F) || (point >= 0xFFF0 && point <= 0xFFFF)) return false;
    return std::find(other_dots.begin(), other_dots.end(), point) == other_dots.end();
}

template <typename Allowed>
bool is_utf8_of(std::string_view text, Allowed allowed) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid || (point.value >= 0x80 && !allowed(point.value))) return false;
        at += point.length;
    }
    return true;
}

bool is_label(std::string_view label) {
    constexpr std::size_t max_label = 63;  // RFC 1035 2.3.4
    if (label.empty() || label.size() > max_label || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || is_high(c); });
}

// RFC 5321 4.1.2: Dot-string = Atom *("." Atom).
bool is_dot_string(std::string_view text) {
    bool after_dot = true;
    for (const char c : text) {
        if (c == '.' ? after_dot : !is_atext(c)) return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

// Reads from the head of a text and remembers how far it is.
class AddressReader {
  public:
    explicit AddressReader(std::string_view text) : text_(text) {}

    Result<Mailbox> mailbox();
    Result<Mailbox> path();
    bool at_end() const { return at_ == text_.size(); }
    std::size_t at() const { return at_; }

  private:
    bool take(char c) {
        if (at_end() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    Result<std::string> local_part();
    Result<std::string> quoted_string();
    Result<std::string> dot_string();
    Result<std::string> domain();
    Result<std::size_t> source_route();

    std::string_view text_;
    std::size_t at_ = 0;
};

// RFC 5321 4.1.2: Quoted-string; any printable character may stand behind a backslash, and none but '"' and '\' must.
Result<std::string> AddressReader::quoted_string() {
    std::string text;
    ++at_;
    while (!at_end()) {
        char c = text_[at_++];
        if (c == '"') return text;
        if (c == '\\') {
            if (at_end()) break;
            c = text_[at_++];
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return fail(FaultKind::malformed, "control character in the local part");
        text += c;
    }
    return fail(FaultKind::malformed, "quoted local part without an end");
}

// The backslash outside of quotes is RFC 821's: "a\ b"; no server writes it any more, but it can mean only one thing.
Result<std::string> AddressReader::dot_string() {
    std::string text;
    bool after_dot = true;
    for (; !at_end(); ++at_) {
        char c = text_[at_];
        if (c == '.') {
            if (after_dot) return fail(FaultKind::malformed, "the local part begins with a dot or has two in a row");
        } else if (c == '\\' && at_ + 1 < text_.size()) {
            c = text_[++at_];
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return fail(FaultKind::malformed, "control character in the local part");
            text += c;
            after_dot = false;
            continue;
        } else if (!is_atext(c)) {
            break;
        }
        text += c;
        after_dot = c == '.';
    }
    if (text.empty()) return fail(FaultKind::malformed, "the local part is missing");
    if (after_dot) return fail(FaultKind::malformed, "the local part ends with a dot");
    return text;
}

Result<std::string> AddressReader::local_part() {
    PH_TRY(std::string text, !at_end() && text_[at_] == '"' ? quoted_string() : dot_string());
    if (!is_utf8_of(text, [](char32_t point) { return !is_c1_control(point); })) {
        return fail(FaultKind::malformed, "the local part is not UTF-8 or has control characters");
    }
    return text;
}

// The domain or address literal that stands here, in lower case.
Result<std::string> AddressReader::domain() {
    const std::size_t start = at_;
    if (take('[')) {
        const std::size_t end = text_.find(']', at_);
        if (end == std::string_view::npos) return fail(FaultKind::malformed, "address literal without ']'");
        at_ = end + 1;
        const std::string_view literal = text_.substr(start, at_ - start);
        if (!is_address_literal(literal)) return fail(FaultKind::malformed, "not an IPv4 or IPv6 address in brackets");
        constexpr std::string_view tag = "[IPv6:";  // RFC 5321 4.1.3 writes the tag so
        if (!starts_with_ignoring_case(literal, tag)) return std::string(literal);
        return std::string(tag) + to_lower(literal.substr(tag.size()));
    }
    while (!at_end() && (is_alnum(text_[at_]) || text_[at_] == '-' || text_[at_] == '.' || is_high(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    // RFC 5321 4.5.3.1.2: 255 octets.
    if (name.size() > max_domain) return fail(FaultKind::too_large, "the domain is longer than 255 octets");
    if (!is_domain(name)) return fail(FaultKind::malformed, "the domain is not made of letters, digits, hyphens and single dots");
    return to_lower(name);
}

Result<Mailbox> AddressReader::mailbox() {
    Mailbox mailbox;
    PH_TRY(mailbox.local_part, local_part());
    if (take('@')) {
        PH_TRY(mailbox.domain, domain());
    } else if (at_end() || text_[at_] == '>') {
        // RFC 5321 4.1.1.3: "<Postmaster>" is the one address without a domain.
        if (!mailbox.is_postmaster()) return fail(FaultKind::missing, "the domain is missing");
    } else {
        return fail(FaultKind::malformed, "a character that must be quoted in the local part");
    }
    // RFC 5321 4.5.3.1.3: 256 octets with the angle brackets; counted as we would write it, so that what was taken can also be sent.
    if (to_text(mailbox).size() + 2 > max_path) return fail(FaultKind::too_large, "the address is longer than 254 octets");
    return mailbox;
}

// RFC 5321 appendix C: "@one,@two:" before the mailbox is read and forgotten. The octets it took; 0 if there is none.
Result<std::size_t> AddressReader::source_route() {
    const std::size_t start = at_;
    while (take('@')) {
        PH_TRY([[maybe_unused]] const std::string host, domain());
        if (take(':')) return at_ - start;
        if (!take(',')) break;
    }
    if (at_ != start) return fail(FaultKind::malformed, "the source route does not end with ':'");
    return std::size_t{0};
}

Result<Mailbox> AddressReader::path() {
    if (!take('<')) return fail(FaultKind::malformed, "'<' is missing before the address");
    if (take('>')) return Mailbox{};
    PH_TRY([[maybe_unused]] const std::size_t route, source_route());
    PH_TRY(Mailbox address, mailbox());
    if (!take('>')) return fail(FaultKind::malformed, "'>' is missing behind the address");
    return address;
}

}  // namespace

bool Mailbox::is_postmaster() const {
    return equals_ignoring_case(local_part, "postmaster");
}

bool Mailbox::is_ascii() const {
    return std::none_of(local_part.begin(), local_part.end(), is_high) && std::none_of(domain.begin(), domain.end(), is_high);
}

Result<Mailbox> parse_mailbox(std::string_view text) {
    AddressReader reader(text);
    PH_TRY(Mailbox mailbox, reader.mailbox());
    if (!reader.at_end()) return fail(FaultKind::malformed, "something follows the address");
    return mailbox;
}

Result<Mailbox> parse_path(std::string_view text, std::size_t& length) {
    AddressReader reader(text);
    PH_TRY(Mailbox mailbox, reader.path());
    length = reader.at();
    return mailbox;
}

bool is_domain(std::string_view text) {
    if (text.empty() || text.size() > max_domain || !is_utf8_of(text, is_label_code_point)) return false;
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

// RFC 5321 4.1.3; of the tagged literals only IPv6 is registered.
bool is_address_literal(std::string_view text) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
    const std::string_view inside = text.substr(1, text.size() - 2);
    constexpr std::string_view tag = "ipv6:";
    if (starts_with_ignoring_case(inside, tag)) return is_ipv6(inside.substr(tag.size()));
    return is_ipv4(inside);
}

std::string to_text(const Mailbox& mailbox) {
    if (mailbox.is_null()) return {};
    std::string text;
    text.reserve(mailbox.local_part.size() + mailbox.domain.size() + 3);
    if (is_dot_string(mailbox.local_part)) {
        text = mailbox.local_part;
    } else {
        text += '"';
        for (const char c : mailbox.local_part) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    if (!mailbox.domain.empty()) text += "@" + mailbox.domain;
    return text;
}

}  // namespace ph::mail

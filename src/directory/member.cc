// directory/member.cc: the values of aliases(5) and virtual(5). Delivery to files and commands given in full are refused: the first bypasses
// every promise of the spool, the second lets whoever edits a list run programs.
#include "directory/member.h"

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::directory {
namespace {

constexpr std::string_view include_word = ":include:";

std::string quoted(std::string_view text) {
    return "'" + to_valid_utf8(text.substr(0, 100)) + "'";
}

// "|name" → |name, if the quotes are around the whole of a value that is no address; "a b" stays as it is.
std::string without_quotes(std::string_view text) {
    if (text.size() < 3 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string inner;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"') return std::string(text);
        if (text[i] == '\\' && i + 2 < text.size()) ++i;
        inner += text[i];
    }
    const bool special = inner.front() == '|' || inner.front() == '/' || starts_with_ignoring_case(inner, include_word);
    return special ? inner : std::string(text);
}

// Where the domain begins: behind the last @ outside of quotes.
bool has_domain(std::string_view text) {
    const std::size_t at = text.rfind('@');
    return at != std::string_view::npos && text.find('"', at) == std::string_view::npos;
}

Result<Member> parse_domain(std::string_view text) {
    const std::string_view domain = text.substr(1);
    if (!mail::is_domain(domain)) return fail(FaultKind::malformed, quoted(text) + " is no address; behind the @ there is no domain");
    return Member{MemberKind::domain, {"", to_lower(domain)}, {}, false};
}

Result<Member> parse_address(std::string_view text, bool plain) {
    const bool whole = has_domain(text);
    const Result<mail::Mailbox> mailbox = mail::parse_mailbox(whole ? std::string(text) : std::string(text) + "@localhost");
    if (!mailbox) {
        return fail(FaultKind::malformed, quoted(text) + " is no address: " + mailbox.error().message +
                                              "; values are separated by commas, odd names stand in double quotes");
    }
    Member member{whole ? MemberKind::address : MemberKind::local, *mailbox, {}, plain};
    if (!whole) member.address.domain.clear();
    return member;
}

}  // namespace

std::string_view take_value(std::string_view& list, Separator separator) {
    const auto parts = [&](char c) { return c == ',' || (separator == Separator::comma_or_blank && is_blank(c)); };
    list = trim(list);
    std::size_t end = 0;
    for (bool in_quotes = false; end < list.size(); ++end) {
        if (list[end] == '\\' && in_quotes) {
            if (++end == list.size()) break;
        } else if (list[end] == '"') {
            in_quotes = !in_quotes;
        } else if (!in_quotes && parts(list[end])) {
            break;
        }
    }
    const std::string_view value = trim(list.substr(0, end));
    list = trim(list.substr(end));
    if (list.starts_with(',')) list.remove_prefix(1);
    return value;
}

Result<Member> parse_member(std::string_view text) {
    const std::string value = without_quotes(trim(text));
    if (value.empty()) return fail(FaultKind::malformed, "a value is missing; write an address or a local name");
    if (value.front() == '|') return Member{MemberKind::pipe, {}, std::string(trim(std::string_view(value).substr(1))), false};
    if (value.front() == '/') {
        return fail(FaultKind::bad_value, "delivery into the file " + quoted(value) +
                                              " is not done; name a mailbox (local.users), or a command of pipe.commands that writes it");
    }
    if (starts_with_ignoring_case(value, include_word)) {
        std::string path(trim(std::string_view(value).substr(include_word.size())));
        if (!path.starts_with('/'))
            return fail(FaultKind::bad_value, ":include: is followed by the absolute path of a list, such as :include:/etc/posthorn/staff");
        return Member{MemberKind::include, {}, std::move(path), false};
    }
    if (value.front() == '@') return parse_domain(value);
    const bool angled = value.size() > 2 && value.front() == '<' && value.back() == '>';
    std::string_view address = angled ? std::string_view(value).substr(1, value.size() - 2) : std::string_view(value);
    const bool plain = address.starts_with('\\');
    if (plain) address.remove_prefix(1);
    return parse_address(address, plain);
}

}  // namespace ph::directory

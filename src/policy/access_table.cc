// policy/access_table.cc: what is looked up, in which order, and what values mean. "dunno" ends the search in its table without an answer.
#include "policy/access_table.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/domain_list.h"

namespace ph::policy {
namespace {

constexpr std::size_t max_text = 200;

bool is_code(std::string_view word, char first) {
    return word.size() == 3 && word[0] == first && is_digit(word[1]) && is_digit(word[2]);
}

Ruling ruling_of(std::string_view word) {
    if (equals_ignoring_case(word, "ok") || equals_ignoring_case(word, "permit")) return Ruling::permit;
    if (equals_ignoring_case(word, "reject") || is_code(word, '5')) return Ruling::reject;
    if (equals_ignoring_case(word, "defer") || equals_ignoring_case(word, "defer_if_permit") || is_code(word, '4')) return Ruling::defer;
    if (equals_ignoring_case(word, "dunno")) return Ruling::none;
    return Ruling::broken;
}

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string check_action(std::string_view, std::string_view value) {
    if (parse_action(value)) return {};
    return "'" + to_valid_utf8(value.substr(0, 100)) +
           "' is no action; write reject, defer, permit or dunno; behind the first two there may be a text in ASCII, at most 200 octets";
}

}  // namespace

std::optional<Action> parse_action(std::string_view value) {
    value = trim(value);
    const std::size_t end = std::min(value.find_first_of(" \t"), value.size());
    Action action{ruling_of(value.substr(0, end)), std::string(trim(value.substr(end)))};
    if (action.ruling == Ruling::broken || action.text.size() > max_text || !is_printable_ascii(action.text)) return std::nullopt;
    return action;
}

std::optional<AccessTable> AccessTable::open(const std::string& source, const SourceLocation& mentioned, std::vector<Fault>& faults) {
    if (source.empty()) return std::nullopt;
    directory::TableForm form;
    form.check = check_action;
    auto table = directory::Table::open(source, form, mentioned, faults);
    if (!table) return std::nullopt;
    return AccessTable(*std::move(table));
}

bool AccessTable::find(std::string_view key, Action& action) const {
    std::string space;
    const auto value = table_.find(key, space);
    if (!value) return false;
    action = parse_action(*value).value_or(Action{Ruling::broken, {}});
    return true;
}

Action AccessTable::for_client(std::string_view address) const {
    Action action;
    if (find(address, action) || table_.whole_keys_only()) return action;
    const char separator = address.find(':') == std::string_view::npos ? '.' : ':';
    for (std::size_t end = address.rfind(separator); end != std::string_view::npos && end != 0; end = address.rfind(separator, end - 1)) {
        if (find(address.substr(0, end), action)) break;
    }
    return action;
}

bool AccessTable::find_domain(std::string_view domain, Action& action) const {
    if (find(domain, action)) return true;
    return directory::any_parent(domain, [&](std::string_view parent) { return find("." + std::string(parent), action) || find(parent, action); });
}

Action AccessTable::for_name(std::string_view name) const {
    Action action;
    if (table_.whole_keys_only()) {
        find(name, action);
    } else {
        find_domain(name, action);
    }
    return action;
}

Action AccessTable::for_mailbox(const mail::Mailbox& mailbox) const {
    Action action;
    if (mailbox.is_null()) {
        find("<>", action);
        return action;
    }
    if (find(to_text(mailbox), action) || table_.whole_keys_only() || find_domain(mailbox.domain, action)) return action;
    find(mailbox.local_part + '@', action);
    return action;
}

}  // namespace ph::policy

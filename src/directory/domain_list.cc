// directory/domain_list.cc: lists of domains. Unlike some parameters of Postfix, "example.org" never means its subdomains: the dot says so.
#include "directory/domain_list.h"

#include "base/ascii.h"
#include "mail/mailbox.h"

namespace ph::directory {

std::string_view check_domain_entry(std::string_view text) {
    if (is_table_source(text)) return {};
    if (text.starts_with('.')) text.remove_prefix(1);
    if (mail::is_domain(text) || mail::is_address_literal(text)) return {};
    return "write a domain, \".domain\" for all below it, or a table of domains such as hash:/path";
}

DomainList DomainList::make(const std::vector<std::string>& entries, std::string_view what, const SourceLocation& mentioned,
                            std::vector<Fault>& faults) {
    DomainList list;
    TableForm form;
    form.value_optional = true;
    form.check = [](std::string_view key, std::string_view) -> std::string {
        if (key.starts_with('/')) return {};
        const std::string_view wrong = check_domain_entry(key);
        return wrong.empty() ? "" : "'" + std::string(key) + "' is no domain; " + std::string(wrong);
    };
    for (const std::string& entry : entries) {
        if (is_table_source(entry)) {
            if (auto table = Table::open(entry, form, mentioned, faults)) list.tables_.push_back(std::move(*table));
            continue;
        }
        const std::string_view wrong = check_domain_entry(entry);
        if (!wrong.empty()) {
            faults.push_back({FaultKind::bad_value, "'" + entry + "' in " + std::string(what) + ": " + std::string(wrong), mentioned});
            continue;
        }
        if (list.first_.empty() && !entry.starts_with('.')) list.first_ = to_lower(entry);
        list.names_.insert(to_lower(entry));
    }
    return list;
}

bool DomainList::has(std::string_view name) const {
    if (names_.contains(std::string(name))) return true;
    std::string space;
    for (const Table& table : tables_) {
        if (table.find(name, space)) return true;
    }
    return false;
}

bool DomainList::contains(std::string_view domain) const {
    if (domain.empty() || empty()) return false;
    if (has(domain)) return true;
    return any_parent(domain, [&](std::string_view parent) { return has("." + std::string(parent)); });
}

}  // namespace ph::directory

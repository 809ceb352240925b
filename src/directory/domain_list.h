// directory/domain_list.h: a set of domains as posthorn.toml writes one: "example.org", ".example.org" for everything below it, and tables whose
// keys are domains ("hash:/etc/posthorn/domains").
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "directory/table.h"

namespace ph::directory {

class DomainList {
  public:
    // `what` names the parameter in complaints.
    static DomainList make(const std::vector<std::string>& entries, std::string_view what, const SourceLocation& mentioned,
                           std::vector<Fault>& faults);

    // `domain` in lower case.
    bool contains(std::string_view domain) const;
    bool empty() const { return names_.empty() && tables_.empty(); }
    void add(std::string domain) { names_.insert(std::move(domain)); }
    // The first domain that was written out, "" if there is none.
    const std::string& first() const { return first_; }

    // Calls `use` for each domain that is written out here or is a key of a hash table.
    template <typename Use>
    void for_each(Use&& use) const {
        for (const std::string& name : names_) use(std::string_view(name));
        for (const Table& table : tables_) table.entries().for_each([&](std::string_view key, std::string_view) { use(key); });
    }

  private:
    bool has(std::string_view name) const;

    std::unordered_set<std::string> names_;
    std::vector<Table> tables_;
    std::string first_;
};

// "" or what is wrong with an entry; for config::ParamInfo::check.
std::string_view check_domain_entry(std::string_view text);

// Calls `visit` with each parent of the domain, "example.org" and "org" for "mx.example.org", until it returns true; then true.
template <typename Visit>
bool any_parent(std::string_view domain, Visit&& visit) {
    for (std::size_t dot = domain.find('.'); dot != std::string_view::npos; dot = domain.find('.', dot + 1)) {
        if (visit(domain.substr(dot + 1))) return true;
    }
    return false;
}

}  // namespace ph::directory

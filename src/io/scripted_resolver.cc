// io/scripted_resolver.cc: a map of names. Follows aliases as a resolver does, at most eight.
#include "io/scripted_resolver.h"

#include <utility>

#include "base/ascii.h"
#include "base/assert.h"

namespace ph::io {
namespace {

std::string plain(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return to_lower(name);
}

}  // namespace

ScriptedResolver::Entry& ScriptedResolver::entry(const std::string& name) {
    return names_[plain(name)];
}

void ScriptedResolver::set_mx(const std::string& name, std::vector<MxRecord> records) {
    entry(name).mx = std::move(records);
}

void ScriptedResolver::set_address(const std::string& name, const std::vector<std::string>& addresses) {
    std::vector<IpAddress>& kept = entry(name).addresses;
    kept.clear();
    for (const std::string& text : addresses) {
        const auto address = IpAddress::parse(text);
        PH_ASSERT(address);
        kept.push_back(*address);
    }
}

void ScriptedResolver::set_txt(const std::string& name, std::vector<std::string> texts) {
    entry(name).txt = std::move(texts);
}

void ScriptedResolver::set_ptr(const std::string& address, std::vector<std::string> names) {
    entry(address).ptr = std::move(names);
}

void ScriptedResolver::set_alias(const std::string& name, const std::string& target) {
    entry(name).alias = plain(target);
}

void ScriptedResolver::set_security(const std::string& name, Security security) {
    entry(name).security = security;
}

void ScriptedResolver::set_failure(const std::string& name, DnsStatus status, const std::string& detail) {
    entry(name).failure = status;
    entry(name).detail = detail;
}

template <typename Record>
Task<DnsAnswer<Record>> ScriptedResolver::answer(std::string kind, std::string name, std::vector<Record> Entry::*records) {
    questions.push_back(kind + ' ' + plain(name));
    if (delay_ > Milliseconds{}) co_await world_.sleep(delay_);
    DnsAnswer<Record> answer;
    answer.canonical_name = plain(name);
    for (int aliases = 0; aliases < 8; ++aliases) {
        const auto found = names_.find(answer.canonical_name);
        if (found == names_.end()) {
            answer.status = DnsStatus::no_name;
            co_return answer;
        }
        const Entry& entry = found->second;
        if (entry.alias.empty() || entry.failure != DnsStatus::found) {
            answer.records = entry.*records;
            answer.security = entry.security;
            answer.detail = entry.detail;
            answer.status = answer.records.empty() ? DnsStatus::no_data : DnsStatus::found;
            if (entry.failure != DnsStatus::found) answer.status = entry.failure;
            if (answer.status != DnsStatus::found) answer.records.clear();
            co_return answer;
        }
        answer.canonical_name = entry.alias;
    }
    answer.status = DnsStatus::temporary;
    answer.detail = "CNAME loop";
    co_return answer;
}

Task<DnsAnswer<MxRecord>> ScriptedResolver::mx(std::string name) {
    return answer("mx", std::move(name), &Entry::mx);
}
Task<DnsAnswer<IpAddress>> ScriptedResolver::addresses(std::string name) {
    return answer("a", std::move(name), &Entry::addresses);
}
Task<DnsAnswer<std::string>> ScriptedResolver::txt(std::string name) {
    return answer("txt", std::move(name), &Entry::txt);
}
Task<DnsAnswer<std::string>> ScriptedResolver::ptr(IpAddress address) {
    return answer("ptr", to_text(address), &Entry::ptr);
}

}  // namespace ph::io

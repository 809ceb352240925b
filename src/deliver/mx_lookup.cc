// deliver/mx_lookup.cc: RFC 5321 5.1 step by step: MX by preference, in random order among equals; no MX means the domain itself; a record
// that points to us cuts off all that are not better than we. What DNS could not say now is temporary; what it denies is final.
#include "deliver/mx_lookup.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "deliver/mx_idna.h"

namespace ph::deliver {
namespace {

Hops nowhere(status::EnhancedCode status, std::uint32_t situation, std::string text) {
    Hops hops;
    hops.none.emplace(NoHop{status, situation, std::move(text)});
    return hops;
}

Hops not_resolved(const std::string& name, std::string_view type, io::DnsStatus status, const std::string& detail) {
    const std::string text = "Host or domain name not found. Name service error for name=" + name + " type=" + std::string(type) + ": Host not found";
    if (status == io::DnsStatus::no_name) return nowhere({5, 1, 2}, 108, text);
    const std::string why = detail.empty() ? (status == io::DnsStatus::bogus ? "DNSSEC validation failed" : "") : detail;
    return nowhere({4, 4, 3}, 107, text + ", try again" + (why.empty() ? "" : " (" + why + ")"));
}

Hops points_to_us(const std::string& domain) {
    return nowhere({5, 4, 6}, 111, "mail for " + domain + " loops back to myself");
}

// Addresses of one host with the families taking turns, IPv6 first, so that a host whose one family is dead costs one try (RFC 8305 4).
std::vector<io::IpAddress> alternating(const std::vector<io::IpAddress>& addresses) {
    std::vector<io::IpAddress> six;
    std::vector<io::IpAddress> four;
    for (const io::IpAddress& address : addresses) (address.v6 ? six : four).push_back(address);
    std::vector<io::IpAddress> turns;
    for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
        if (i < six.size()) turns.push_back(six[i]);
        if (i < four.size()) turns.push_back(four[i]);
    }
    return turns;
}

std::optional<io::IpAddress> literal(std::string_view text) {
    if (starts_with_ignoring_case(text, "IPv6:")) text.remove_prefix(5);
    return io::IpAddress::parse(text);
}

std::string without_dot(std::string name) {
    if (name.ends_with('.')) name.pop_back();
    return name;
}

}  // namespace

io::Task<Hops> MxLookup::find(std::string destination, std::uint16_t port) {
    if (port == 0) port = 25;
    if (destination.starts_with("unix:")) {
        Hops hops;
        hops.hops.push_back({"localhost", {{}, 0, destination.substr(5)}});
        co_return hops;
    }
    const bool bracketed = destination.size() > 2 && destination.front() == '[' && destination.back() == ']';
    const std::string given = bracketed ? destination.substr(1, destination.size() - 2) : without_dot(destination);
    if (const auto address = literal(given)) {  // RFC 5321 4.1.3: an address literal is where to connect to
        Hops hops;
        hops.hops.push_back({io::to_text(*address), {*address, port, ""}});
        co_return hops;
    }
    const std::optional<std::string> name = to_ascii_domain(given);
    if (!name) co_return not_resolved(given, "MX", io::DnsStatus::no_name, "");
    if (!bracketed) co_return co_await by_domain(*name, port);
    // A host that the administrator named is not checked for being us: he may mean another service here.
    std::vector<io::MxRecord> records;
    records.push_back({0, *name});
    co_return co_await by_hosts(*name, std::move(records), port, false);
}

io::Task<Hops> MxLookup::by_domain(std::string domain, std::uint16_t port) {
    io::DnsAnswer<io::MxRecord> answer = co_await world_.resolver().mx(domain);
    if (answer.status != io::DnsStatus::found && answer.status != io::DnsStatus::no_data) {
        co_return not_resolved(domain, "MX", answer.status, answer.detail);
    }
    std::vector<io::MxRecord> records = std::move(answer.records);
    if (answer.status == io::DnsStatus::no_data || records.empty()) {
        // RFC 5321 5.1: without MX the domain itself is its mail host, of preference 0.
        records.clear();
        records.push_back({0, domain});
    } else if (records.size() == 1 && records.front().host.empty()) {
        // RFC 7505 3
        co_return nowhere({5, 1, 10}, 110, "Domain " + domain + " does not accept mail (nullMX)");
    }
    std::erase_if(records, [](const io::MxRecord& record) { return record.host.empty(); });
    if (!in_order(records)) co_return points_to_us(domain);
    co_return co_await by_hosts(std::move(domain), std::move(records), port, true);
}

// RFC 5321 5.1: by preference, and random among equals, to spread the load. Then cuts at the first record with a name of ours, with all of
// the same preference; false if nothing is left.
bool MxLookup::in_order(std::vector<io::MxRecord>& records) {
    for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[world_.random() % i]);
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.preference < b.preference; });
    const auto named_as_we = [this](const io::MxRecord& record) {
        return std::any_of(own_.hostnames.begin(), own_.hostnames.end(), [&](const auto& name) { return equals_ignoring_case(name, record.host); });
    };
    const auto own = std::find_if(records.begin(), records.end(), named_as_we);
    if (own == records.end()) return true;
    const std::uint16_t limit = own->preference;
    std::erase_if(records, [limit](const io::MxRecord& record) { return record.preference >= limit; });
    return !records.empty();
}

bool MxLookup::is_own(const std::vector<io::IpAddress>& addresses, std::uint16_t port) const {
    return std::any_of(addresses.begin(), addresses.end(), [&](const io::IpAddress& address) {
        return std::find(own_.endpoints.begin(), own_.endpoints.end(), io::Endpoint{address, port, ""}) != own_.endpoints.end();
    });
}

io::Task<Hops> MxLookup::by_hosts(std::string domain, std::vector<io::MxRecord> records, std::uint16_t port, bool own_matters) {
    struct Found {
        std::uint16_t preference;
        Hop hop;
    };
    std::vector<Found> found;
    std::optional<Hops> trouble;
    std::optional<std::uint16_t> cut;
    std::string without_address;
    const std::size_t hosts = std::min<std::size_t>(records.size(), limits_.hosts);
    for (std::size_t i = 0; i < hosts; ++i) {
        const std::string host = records[i].host;
        if (cut && records[i].preference >= *cut) break;
        const io::DnsAnswer<io::IpAddress> answer = co_await world_.resolver().addresses(host);
        if (answer.status == io::DnsStatus::temporary || answer.status == io::DnsStatus::bogus) {
            if (!trouble) trouble = not_resolved(host, "AAAA", answer.status, answer.detail);
        } else if (answer.status != io::DnsStatus::found || answer.records.empty()) {
            without_address += (without_address.empty() ? "" : ", ") + host;
        } else if (own_matters && is_own(answer.records, port)) {
            cut = records[i].preference;
        } else {
            for (const io::IpAddress& address : alternating(answer.records)) found.push_back({records[i].preference, {host, {address, port, ""}}});
        }
    }
    Hops hops;
    for (Found& one : found) {
        if (hops.hops.size() < limits_.addresses && (!cut || one.preference < *cut)) hops.hops.push_back(std::move(one.hop));
    }
    if (!hops.hops.empty()) co_return hops;
    if (cut) co_return points_to_us(domain);
    if (trouble) co_return *std::move(trouble);
    if (records.size() == 1 && records.front().host == domain) {
        co_return nowhere({4, 4, 4}, 109, "no MX, A or AAAA record found for domain " + domain);
    }
    co_return nowhere({4, 4, 4}, 109, "MX hosts have no address: " + without_address + ", for domain " + domain);
}

}  // namespace ph::deliver

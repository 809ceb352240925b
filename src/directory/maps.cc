// directory/maps.cc: which class a domain belongs to, and where a name ends and its extension begins.
#include "directory/maps.h"

#include <algorithm>

#include "base/ascii.h"

namespace ph::directory {
namespace {

// RFC 5321 4.1.3: an address literal with an address of ours names this host.
bool is_own_literal(std::string_view domain, const std::vector<io::IpAddress>& own) {
    if (domain.size() < 3 || domain.front() != '[' || domain.back() != ']') return false;
    std::string_view inner = domain.substr(1, domain.size() - 2);
    constexpr std::string_view v6 = "ipv6:";
    if (starts_with_ignoring_case(inner, v6)) inner.remove_prefix(v6.size());
    const auto address = io::IpAddress::parse(inner);
    return address && std::ranges::find(own, *address) != own.end();
}

}  // namespace

DomainClass Maps::class_of(std::string_view domain) const {
    if (local_domains.contains(domain) || is_own_literal(domain, own_addresses)) return DomainClass::local;
    if (alias_domains.contains(domain)) return DomainClass::alias;
    if (mailbox_domains.contains(domain)) return DomainClass::mailbox;
    if (relay_domains.contains(domain)) return DomainClass::relay;
    return DomainClass::foreign;
}

SplitName split_name(std::string_view local_part, std::string_view delimiters) {
    // Names that the system or lists give a meaning to as a whole; "owner-list" with the delimiter '-' is no extension.
    const bool whole = starts_with_ignoring_case(local_part, "owner-") || ends_with_ignoring_case(local_part, "-request") ||
                       equals_ignoring_case(local_part, "mailer-daemon") || equals_ignoring_case(local_part, "double-bounce");
    const std::size_t at = whole || delimiters.empty() ? std::string_view::npos : local_part.find_first_of(delimiters, 1);
    if (local_part.empty() || at == std::string_view::npos) return {local_part, {}};
    return {local_part.substr(0, at), local_part.substr(at)};
}

}  // namespace ph::directory

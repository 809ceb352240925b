// directory/params.cc: what a value of posthorn.toml must look like, as far as it can be told without opening files.
#include "directory/params.h"

#include <algorithm>

#include "base/ascii.h"
#include "directory/directory.h"
#include "directory/domain_list.h"
#include "directory/member.h"

namespace ph::directory {

std::string_view check_table(std::string_view text) {
    if (text.empty() || is_table_source(text)) return {};
    return "write the path of a table, hash:/path, cidr:/path, regexp:/path or \"inline:key value; key value\"";
}

std::string_view check_users(std::string_view text) {
    if (text == "system" || text == "any" || is_table_source(text)) return {};
    return "write \"system\", \"any\" or the path of a table of users";
}

std::string_view check_maildir(std::string_view text) {
    if (!text.starts_with('/') && !text.starts_with("{home}/")) return "it must begin with / or {home}/";
    for (std::size_t brace = text.find('{'); brace != std::string_view::npos; brace = text.find('{', brace + 1)) {
        const std::string_view place = text.substr(brace);
        if (!place.starts_with("{user}") && !place.starts_with("{domain}") && !place.starts_with("{home}"))
            return "there are {user}, {domain} and {home}";
    }
    return {};
}

std::string_view check_path(std::string_view text) {
    return text.empty() || text.starts_with('/') ? std::string_view() : "write an absolute path, or \"\" for none";
}

std::string_view check_aliases(std::string_view text) {
    return text == "auto" ? std::string_view() : check_path(text);
}

std::string_view check_delimiter(std::string_view text) {
    const auto unfit = [](char c) { return is_alnum(c) || c == '@' || c == '"' || c == '.' || c <= ' ' || c > '~'; };
    if (text.size() <= 8 && std::ranges::none_of(text, unfit)) return {};
    return "write signs such as + or -, no letters, digits, dots, quotes or @";
}

std::string_view check_address(std::string_view text) {
    if (text.empty()) return {};
    const Result<Member> member = parse_member(text);
    if (member && (member->kind == MemberKind::address || member->kind == MemberKind::local)) return {};
    return "write one address or local name";
}

std::string_view check_user_name(std::string_view text) {
    const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; };
    return text.size() <= 64 && std::ranges::all_of(text, fits) ? std::string_view() : "write the name of a system user";
}

std::string_view check_mailbox_route(std::string_view text) {
    const auto route = parse_route(text);
    const bool fits = route && (route->kind == RouteKind::maildir || route->kind == RouteKind::lmtp || route->kind == RouteKind::pipe);
    return fits ? std::string_view() : "write \"maildir:\", \"lmtp:unix:/path\", \"lmtp:host:port\" or \"pipe:name\"";
}

std::string_view check_base(std::string_view text) {
    return check_path(text);
}

std::string_view check_relay_host(std::string_view text) {
    if (text.empty()) return {};
    const auto route = parse_route("smtp:" + std::string(text));
    return route ? std::string_view() : "write \"[host]:port\", \"[host]\", or \"domain[:port]\" for its MX hosts";
}

}  // namespace ph::directory

// policy/params.cc: what the values of policy.* must look like.
#include "policy/params.h"

#include "directory/networks.h"
#include "directory/table.h"

namespace ph::policy {

std::string_view check_network(std::string_view text) {
    const auto network = directory::parse_network(text);
    if (!network) return "write an address or a network, such as 192.0.2.0/24 or 2001:db8::/32, with no bits behind the prefix";
    // The one line that makes an open relay of a mail server.
    if (network->prefix == 0) return "this trusts the whole world, which makes an open relay; name your own networks";
    return {};
}

std::string_view check_access_table(std::string_view text) {
    if (text.empty() || directory::is_table_source(text)) return {};
    return "write the path of a table, hash:/path, cidr:/path, regexp:/path or \"inline:key action; key action\"";
}

}  // namespace ph::policy

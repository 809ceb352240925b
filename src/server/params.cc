// server/params.cc: what cannot be said by bounds alone.
#include "server/params.h"

#include "io/endpoint.h"

namespace ph::server {

std::string_view check_listen(std::string_view text) {
    const Result<io::Endpoint> endpoint = io::parse_endpoint(text);
    if (!endpoint) return "write it as \"192.0.2.1:25\", \"[2001:db8::1]:25\" or \"unix:/path\"";
    return {};
}

}  // namespace ph::server

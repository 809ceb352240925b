// server/snapshot.cc: everything that a reload makes anew. What is wrong is told all at once, not one mistake a start.
#include "server/snapshot.h"

#include <array>
#include <netdb.h>
#include <unistd.h>

#include "base/ascii.h"
#include "deliver/maildir_quota.h"
#include "directory/make_directory.h"
#include "policy/make_policy.h"
#include "server/own_endpoints.h"

namespace ph::server {
namespace {

// The name with a domain, as the resolver's files know it; without one the plain name.
std::string system_hostname() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return {};
    addrinfo hints{};
    hints.ai_flags = AI_CANONNAME;
    addrinfo* found = nullptr;
    std::string full = name.data();
    if (full.find('.') == std::string::npos && getaddrinfo(name.data(), nullptr, &hints, &found) == 0) {
        if (found->ai_canonname != nullptr && std::string_view(found->ai_canonname).find('.') != std::string_view::npos) full = found->ai_canonname;
        freeaddrinfo(found);
    }
    return full;
}

std::vector<io::Endpoint> endpoints_of(const config::Texts& texts) {
    std::vector<io::Endpoint> endpoints;
    for (const std::string& text : texts) {
        if (const Result<io::Endpoint> endpoint = io::parse_endpoint(text)) endpoints.push_back(*endpoint);
    }
    return endpoints;
}

}  // namespace

std::string own_hostname(const ServerParams& params) {
    std::string name = to_lower(params.hostname.empty() ? system_hostname() : params.hostname);
    return mail::is_domain(name) ? name : std::string();
}

Doors doors_of(const ServerParams& params) {
    return {endpoints_of(params.smtp_listen), endpoints_of(params.submission_listen), endpoints_of(params.lmtp_listen)};
}

tl::expected<std::shared_ptr<const Snapshot>, std::vector<Fault>> make_snapshot(const Config& config, const Surroundings& around) {
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->config = config;
    snapshot->hostname = own_hostname(config.server);
    if (snapshot->hostname.empty()) {
        return tl::unexpected(std::vector{Fault{FaultKind::bad_value,
                                                "server.hostname '" + config.server.hostname +
                                                    "' (or, where it is empty, the system's host name) is no domain name; set it to a name such as "
                                                    "mail.example.org that the DNS knows",
                                                {}}});
    }
    const Doors doors = doors_of(config.server);
    snapshot->own_endpoints = own_endpoints(doors.smtp);
    directory::Surroundings place;
    place.hostname = snapshot->hostname;
    place.world = &around.world;
    auto directory = directory::make_directory(config.directory, place);
    if (!directory) return tl::unexpected(std::move(directory.error()));
    snapshot->directory = *directory;
    auto policy = policy::make_policy(config.policy, {snapshot->directory, &around.world, around.quota, &around.log, {}});
    if (!policy) return tl::unexpected(std::move(policy.error()));
    snapshot->policy = *std::move(policy);
    return snapshot;
}

namespace {
io::Task<std::optional<std::uint64_t>> octets_in(io::World& world, directory::LocalUser user) {
    const std::optional<deliver::MailboxUsage> usage = co_await deliver::mailbox_usage(world, std::move(user));
    co_return usage ? std::optional(usage->bytes) : std::nullopt;
}
}  // namespace

policy::FullMailboxes::Usage mailbox_usage(io::World& world) {
    return [&world](directory::LocalUser user) { return octets_in(world, std::move(user)); };
}

}  // namespace ph::server

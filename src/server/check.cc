// server/check.cc: a start without its consequences.
#include "server/check.h"

#include "io/real_world.h"
#include "server/privileges.h"
#include "server/snapshot.h"

namespace ph::server {

std::vector<Fault> check_config(const Config& config) {
    io::RealWorld world;
    obs::Log log(
        obs::Level::error, obs::Format::text, [&world] { return world.now(); }, [](std::string_view) {});
    std::vector<Fault> faults;
    if (const Result<void> dns = world.use_dns(config.dns); !dns) faults.push_back(dns.error());
    if (const auto snapshot = make_snapshot(config, {world, log}); !snapshot) {
        faults.insert(faults.end(), snapshot.error().begin(), snapshot.error().end());
    }
    if (is_root()) {
        if (const auto account = find_account(config.server.user); !account) faults.push_back(account.error());
    }
    return faults;
}

}  // namespace ph::server

// server/snapshot.h: from the parameters to what a session works with: names found, tables read, policy put together.
#pragma once

#include <memory>
#include <vector>

#include "policy/quota_check.h"
#include "server/connection.h"

namespace ph::server {

// What snapshots share; all of it outlives them.
struct Surroundings {
    io::World& world;
    obs::Log& log;
    policy::QuotaCheck* quota = nullptr;  // nullptr: no mailbox is ever full
};

// All mistakes, each with what to do about it. Binds nothing, writes nothing.
tl::expected<std::shared_ptr<const Snapshot>, std::vector<Fault>> make_snapshot(const Config& config, const Surroundings& around);

// How full a mailbox is, for policy::FullMailboxes.
policy::FullMailboxes::Usage mailbox_usage(io::World& world);

// server.hostname, or the system's full host name; "" if the system has none that can stand in EHLO.
std::string own_hostname(const ServerParams& params);

struct Doors {
    std::vector<io::Endpoint> smtp;
    std::vector<io::Endpoint> submission;
    std::vector<io::Endpoint> lmtp;
};
// The parameters were checked when they were read.
Doors doors_of(const ServerParams& params);

}  // namespace ph::server

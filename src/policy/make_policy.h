// policy/make_policy.h: the Policy of the interface, made of the configuration, a directory and the checks of the registry. A snapshot, as the
// directory is: a reload makes another one.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "obs/log.h"
#include "policy/params.h"
#include "policy/policy.h"
#include "policy/quota_check.h"

namespace ph::policy {

// Who policy works with; all but the directory, which it shares, outlives it.
struct Neighbours {
    std::shared_ptr<directory::Directory> directory;
    io::World* world = nullptr;
    QuotaCheck* quota = nullptr;  // nullptr: no mailbox is ever full
    obs::Log* log = nullptr;      // gets what checks in mode "warn" would have refused; nullptr: nobody is told
    // Where posthorn.toml sets a parameter ("policy.client_access"), for complaints.
    std::function<SourceLocation(std::string_view name)> where;
};

// All mistakes at once, each with file, line and what to do.
tl::expected<std::unique_ptr<Policy>, std::vector<Fault>> make_policy(const PolicyParams& params, const Neighbours& neighbours);

}  // namespace ph::policy

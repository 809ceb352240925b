// server/check.h: would the server start with this configuration? Opens every table, resolves every name; binds nothing, writes nothing.
#pragma once

#include <vector>

#include "base/result.h"
#include "server/config.h"

namespace ph::server {

std::vector<Fault> check_config(const Config& config);

}  // namespace ph::server

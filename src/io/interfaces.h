// io/interfaces.h: under which addresses this host is reached.
#pragma once

#include <vector>

#include "io/endpoint.h"

namespace ph::io {

// Of all interfaces, loopback too; empty if the system does not tell.
std::vector<IpAddress> interface_addresses();

}  // namespace ph::io

// server/own_endpoints.h: under which addresses this server is reached, so that delivery knows when an MX record points back to us.
#pragma once

#include <vector>

#include "io/endpoint.h"

namespace ph::server {

// The endpoints listened at; one for all addresses ("0.0.0.0", "::") becomes one for each address of the system's interfaces.
std::vector<io::Endpoint> own_endpoints(const std::vector<io::Endpoint>& listening);

}  // namespace ph::server

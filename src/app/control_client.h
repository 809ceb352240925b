// app/control_client.h: a question to the running server over its control socket (server/control.h).
#pragma once

#include <string>

#include "base/result.h"
#include "server/params.h"

namespace ph::app {

// The whole answer. The fault says that the server is not running, or not ours to ask.
Result<std::string> ask_server(const server::ServerParams& params, const std::string& request);

}  // namespace ph::app

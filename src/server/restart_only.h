// server/restart_only.h: what a reload leaves as it is. Half of a new host name or a spool elsewhere would be worse than the old one, so parameters
// that need a restart keep the values that the server began with, and the administrator is told which they are.
#pragma once

#include <string>
#include <vector>

#include "server/config.h"

namespace ph::server {

struct HeldBack {
    std::string name;   // "server.smtp_listen"
    std::string now;    // what is in effect
    std::string asked;  // what waits for the restart
};

// Puts the values of `running` into `fresh` wherever only a restart changes them.
std::vector<HeldBack> keep_what_needs_restart(Config running, Config& fresh);

}  // namespace ph::server

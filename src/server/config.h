// server/config.h: all of posthorn.toml that concerns the mail server, section by section; each room declares its own parameters.
#pragma once

#include <tuple>

#include "deliver/params.h"
#include "directory/params.h"
#include "io/params.h"
#include "policy/params.h"
#include "queue/params.h"
#include "server/params.h"
#include "smtp/client/params.h"
#include "smtp/server/params.h"
#include "store/params.h"

namespace ph::server {

struct Config {
    ServerParams server;
    smtp::ServerParams smtp;
    policy::PolicyParams policy;
    directory::DirectoryParams directory;
    store::SpoolConfig store;
    queue::QueueParams queue;
    deliver::DeliveryParams delivery;
    smtp::ClientParams client;
    io::DnsParams dns;
};

// The sections of `config`, for config::read_config and config::settings_of; they refer to `config`.
inline auto sections(Config& config) {
    return std::tuple{config::Section{config.server, server_params},
                      config::Section{config.smtp, smtp::server_params},
                      config::Section{config.policy, policy::policy_params},
                      config::Section{config.directory, directory::directory_params},
                      config::Section{config.store, store::spool_params},
                      config::Section{config.queue, queue::queue_params},
                      config::Section{config.delivery, deliver::delivery_params},
                      config::Section{config.client, smtp::client_params},
                      config::Section{config.dns, io::dns_params}};
}

}  // namespace ph::server

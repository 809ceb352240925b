// server/transports.cc: making and configuring the transports.
#include "server/transports.h"

namespace ph::server {
namespace {

deliver::SmtpSettings smtp_settings(const Snapshot& snapshot) {
    deliver::SmtpSettings settings;
    settings.hostname = snapshot.hostname;
    settings.own.hostnames = {snapshot.hostname, "localhost"};
    settings.own.endpoints = snapshot.own_endpoints;
    settings.delivery = snapshot.config.delivery;
    settings.client = snapshot.config.client;
    return settings;
}

}  // namespace

Transports::Transports(io::World& world, spool::Spool& spool, deliver::CurrentDirectory directory, const Snapshot& snapshot)
    : bodies_(deliver::make_body_opener(spool, world)),
      smtp_(world, *bodies_, smtp_settings(snapshot)),
      maildir_(world, directory, *bodies_, snapshot.hostname),
      pipe_(world, directory, *bodies_, snapshot.config.directory.local_recipient_delimiter) {}

queue::Transports Transports::by_kind() {
    queue::Transports kinds{};
    const auto set = [&](directory::RouteKind kind, deliver::Transport& transport) { kinds[static_cast<std::size_t>(kind)] = &transport; };
    set(directory::RouteKind::smtp, smtp_);
    set(directory::RouteKind::lmtp, smtp_);
    set(directory::RouteKind::maildir, maildir_);
    set(directory::RouteKind::pipe, pipe_);
    set(directory::RouteKind::discard, discard_);
    set(directory::RouteKind::error, error_);
    return kinds;
}

void Transports::configure(const Snapshot& snapshot) {
    smtp_.configure(smtp_settings(snapshot));
}

}  // namespace ph::server

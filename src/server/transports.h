// server/transports.h: the ways out, one of each kind, and which route takes which.
#pragma once

#include <memory>

#include "deliver/body_source.h"
#include "deliver/fixed_transport.h"
#include "deliver/maildir_transport.h"
#include "deliver/pipe_transport.h"
#include "deliver/smtp_transport.h"
#include "queue/runner.h"
#include "server/connection.h"

namespace ph::server {

class Transports {
  public:
    Transports(io::World& world, spool::Spool& spool, deliver::CurrentDirectory directory, const Snapshot& snapshot);

    // By RouteKind, for the runner.
    queue::Transports by_kind();
    void configure(const Snapshot& snapshot);
    void close() { smtp_.close(); }

  private:
    std::unique_ptr<deliver::BodyOpener> bodies_;
    deliver::SmtpTransport smtp_;
    deliver::MaildirTransport maildir_;
    deliver::PipeTransport pipe_;
    deliver::DiscardTransport discard_;
    deliver::ErrorTransport error_;
};

}  // namespace ph::server

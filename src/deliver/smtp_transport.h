// deliver/smtp_transport.h: delivery to other servers by SMTP, and into mailboxes behind LMTP, over TCP or a local socket.
#pragma once

#include <memory>
#include <string>

#include "deliver/body_source.h"
#include "deliver/mx_lookup.h"
#include "deliver/params.h"
#include "deliver/smtp_pool.h"
#include "deliver/transport.h"
#include "smtp/client/params.h"

namespace ph::deliver {

struct SmtpSettings {
    std::string hostname;  // how we introduce ourselves
    OwnPlaces own;
    DeliveryParams delivery;
    smtp::ClientParams client;
};

// `world` and `bodies` outlive it, and it outlives its attempts.
class SmtpTransport final : public Transport {
  public:
    SmtpTransport(io::World& world, BodyOpener& bodies, SmtpSettings settings);

    io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) override;
    // For attempts that begin from now on.
    void configure(SmtpSettings settings);
    // The server ends: connections that wait say QUIT, and none is kept any more.
    void close() { pool_.close(); }

  private:
    io::World& world_;
    BodyOpener& bodies_;
    std::shared_ptr<const SmtpSettings> settings_;
    SmtpPool pool_;
};

}  // namespace ph::deliver

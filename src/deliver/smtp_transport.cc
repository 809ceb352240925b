// deliver/smtp_transport.cc: what attempts share: the settings and the connections that wait. An attempt itself is an SmtpDelivery.
#include "deliver/smtp_transport.h"

#include <utility>

#include "deliver/smtp_delivery.h"

namespace ph::deliver {

SmtpTransport::SmtpTransport(io::World& world, BodyOpener& bodies, SmtpSettings settings)
    : world_(world), bodies_(bodies), settings_(std::make_shared<const SmtpSettings>(std::move(settings))), pool_(world) {}

void SmtpTransport::configure(SmtpSettings settings) {
    settings_ = std::make_shared<const SmtpSettings>(std::move(settings));
}

io::Task<Attempt> SmtpTransport::attempt(const spool::Work& work, const directory::Route& route) {
    SmtpDelivery delivery(world_, bodies_, pool_, settings_, work, route);
    co_await delivery.run();
    co_return delivery.take_attempt();
}

}  // namespace ph::deliver

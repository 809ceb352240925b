// deliver/fixed_transport.h: transports whose outcome is in the route: discard takes everything and keeps nothing, error refuses with the
// words of the administrator.
#pragma once

#include "deliver/transport.h"

namespace ph::deliver {

class DiscardTransport : public Transport {
  public:
    io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) override;
};

// The argument of the route is "5.1.2 text"; with a status of class 4 the mail waits. Without a status it is 5.0.0.
class ErrorTransport : public Transport {
  public:
    io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) override;
};

}  // namespace ph::deliver

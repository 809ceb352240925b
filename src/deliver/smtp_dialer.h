// deliver/smtp_dialer.h: connects to a list of hops in their order, the next one a little after the one before (RFC 8305 5): a dead address
// costs a second and not the whole timeout. What connects later is kept, in case the first host does not take the mail.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "deliver/mx_lookup.h"
#include "io/signal.h"
#include "io/world.h"

namespace ph::deliver {

struct Dialed {
    Hop hop;
    std::unique_ptr<io::Stream> stream;
};
struct DialFailure {
    Hop hop;
    io::IoFault fault;
};

class Dialer {
  public:
    Dialer(io::World& world, std::vector<Hop> hops, Milliseconds timeout, Milliseconds stagger);
    // Connections that come later are closed at once.
    ~Dialer();
    Dialer(const Dialer&) = delete;
    Dialer& operator=(const Dialer&) = delete;

    // The next connection; nullopt when all hops were tried.
    io::Task<std::optional<Dialed>> next();
    // Of the first hop that failed: the preferred one tells most.
    const std::optional<DialFailure>& failure() const;

  private:
    struct State;
    static io::Task<void> dial(std::shared_ptr<State> state, std::size_t index);
    std::shared_ptr<State> state_;
};

}  // namespace ph::deliver

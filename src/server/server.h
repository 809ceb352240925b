// server/server.h: the running mail server: listeners, their connections, the queue behind them. Belongs to the loop's thread; what it runs on
// (World, store engine, log, catalogue) is given to it, so that it also runs in a simulated world.
#pragma once

#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "queue/runner.h"
#include "server/connection.h"
#include "server/session_limits.h"
#include "server/transports.h"
#include "status/catalogue.h"

namespace ph::server {

class Server {
  public:
    // `catalogue`, `world` and `log` outlive the server.
    Server(io::World& world, obs::Log& log, const status::Catalogue& catalogue, std::unique_ptr<store::Engine> engine,
           std::shared_ptr<const Snapshot> snapshot);
    // Sessions that are left are not run any more: the world they wait in is either stopped or goes next.
    ~Server();

    // Takes connections until stop().
    void serve(std::unique_ptr<io::Listener> listener, smtp::Dialect dialect);
    void serve_control(std::unique_ptr<io::Listener> listener);
    // New sessions and new attempts go by the new snapshot.
    void reload(std::shared_ptr<const Snapshot> snapshot);
    // Takes no more connections, lets what is in flight finish within server.stop_grace, and writes out what is on its way.
    io::Task<void> stop();

  private:
    using Begin = std::function<io::Task<void>(std::unique_ptr<io::Stream>)>;  // what becomes of a new connection
    void take_from(std::unique_ptr<io::Listener> listener, Begin begin);
    io::Task<void> accept_loop(std::shared_ptr<io::Listener> listener, Begin begin);
    io::Task<void> answer(std::unique_ptr<io::Stream> stream);
    io::Task<void> converse(std::unique_ptr<io::Stream> stream, smtp::Dialect dialect);
    io::Task<void> turn_away(std::unique_ptr<io::Stream> stream, smtp::Reply reply);
    std::optional<smtp::Reply> refuse_session(const io::Stream& stream);
    void stop_connections(bool at_once);
    void abandon_connections();
    io::Task<void> wait_for_connections(Milliseconds deadline);

    io::World& world_;
    obs::Log& log_;
    std::shared_ptr<const Snapshot> snapshot_;
    spool::Spool spool_;
    Transports transports_;
    queue::Runner runner_;
    SessionLimits limits_;
    std::vector<std::shared_ptr<io::Listener>> listeners_;
    std::unordered_set<Connection*> connections_;
    std::unordered_set<io::Stream*> questions_;  // over the control socket
    bool stopping_ = false;
};

}  // namespace ph::server

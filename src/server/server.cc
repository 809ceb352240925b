// server/server.cc: accepting, turning away what is too much (situations 1 to 4), reloading and stopping.
#include "server/server.h"

#include "catalogue/replies.h"
#include "io/completion.h"
#include "server/control.h"

namespace ph::server {
namespace {

namespace reply = catalogue::reply;

constexpr Milliseconds turn_away_timeout = Seconds(5);
constexpr Milliseconds exhausted_pause = Milliseconds(200);
constexpr Milliseconds last_words = Seconds(2);  // for the 421 of those whose time is over

std::string ip_text(const io::Stream& stream) {
    return stream.peer().is_local() ? "local" : to_text(stream.peer().address);
}

// A local socket is the host itself, as loopback is.
io::IpAddress client_address(const io::Stream& stream) {
    const bool local = stream.peer().is_local() || stream.local().is_local();
    return local ? *io::IpAddress::parse("127.0.0.1") : stream.peer().address;
}

}  // namespace

Server::Server(io::World& world, obs::Log& log, const status::Catalogue& catalogue, std::unique_ptr<store::Engine> engine,
               std::shared_ptr<const Snapshot> snapshot)
    : world_(world),
      log_(log),
      snapshot_(std::move(snapshot)),
      spool_(std::move(engine), world),
      transports_(
          world, spool_, [this] { return snapshot_->directory; }, *snapshot_),
      runner_({.world = world,
               .spool = spool_,
               .log = log,
               .catalogue = catalogue,
               .resolve = [this](mail::Mailbox address) { return snapshot_->directory->resolve(std::move(address)); },
               .transports = transports_.by_kind(),
               .hostname = snapshot_->hostname},
              std::make_shared<const queue::QueueParams>(snapshot_->config.queue)) {
    runner_.start();
}

Server::~Server() {
    abandon_connections();
}

void Server::reload(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    transports_.configure(*snapshot_);
    runner_.set_params(std::make_shared<const queue::QueueParams>(snapshot_->config.queue));
    log_.write(obs::Level::notice, "server.reloaded", {});
}

void Server::serve(std::unique_ptr<io::Listener> listener, smtp::Dialect dialect) {
    take_from(std::move(listener), [this, dialect](std::unique_ptr<io::Stream> stream) {
        auto refusal = refuse_session(*stream);
        return refusal ? turn_away(std::move(stream), *std::move(refusal)) : converse(std::move(stream), dialect);
    });
}

void Server::serve_control(std::unique_ptr<io::Listener> listener) {
    take_from(std::move(listener), [this](std::unique_ptr<io::Stream> stream) { return answer(std::move(stream)); });
}

void Server::take_from(std::unique_ptr<io::Listener> listener, Begin begin) {
    std::shared_ptr<io::Listener> shared = std::move(listener);
    listeners_.push_back(shared);
    world_.spawn(accept_loop(shared, std::move(begin)));
}

io::Task<void> Server::accept_loop(std::shared_ptr<io::Listener> listener, Begin begin) {
    while (!stopping_) {
        io::IoResult<std::unique_ptr<io::Stream>> stream = co_await listener->accept();
        if (stopping_) co_return;
        if (stream) {
            world_.spawn(begin(*std::move(stream)));
            continue;
        }
        if (stream.error().trouble == io::IoTrouble::closed || stream.error().trouble == io::IoTrouble::cancelled) co_return;
        // Situation 4: without a descriptor there is nobody to answer; those who wait in the backlog are taken when one is free.
        log_.write(obs::Level::error, "smtp.accept_failed", {{"at", to_text(listener->local())}, {"why", stream.error().message}});
        co_await world_.sleep(exhausted_pause);
    }
}

// nullopt: the session was counted in and must be counted out.
std::optional<smtp::Reply> Server::refuse_session(const io::Stream& stream) {
    const ServerParams& params = snapshot_->config.server;
    const SessionLimitParams limits{params.max_sessions, params.max_sessions_per_client, params.connections_per_minute};
    const std::string client = ip_text(stream);
    switch (limits_.enter(client_address(stream), world_.ticks(), limits)) {
        case Admission::admitted:
            return std::nullopt;
        case Admission::too_many_in_all:
            return smtp::refuse(reply::no_free_process);
        case Admission::too_many_from_client:
            break;
        case Admission::too_fast:
            return smtp::refuse(
                reply::connection_rate,
                {{"host", snapshot_->hostname}, {"ip", client}, {"seconds", std::to_string(SessionLimits::wait_for(world_.ticks()).count())}});
    }
    return smtp::refuse(reply::too_many_connections, {{"host", snapshot_->hostname}, {"ip", client}});
}

io::Task<void> Server::turn_away(std::unique_ptr<io::Stream> stream, smtp::Reply refusal) {
    log_.write(obs::Level::notice, "smtp.refused",
               {{"stage", "connect"}, {"client", ip_text(*stream)}, {"code", to_text(refusal.code)}, {"cause", refusal.cause}});
    std::string wire;
    append_wire(wire, refusal);
    const io::IoResult<void> written = co_await stream->write(wire, turn_away_timeout);
    static_cast<void>(written);  // a client that is turned away may be gone already
    stream->close();
}

io::Task<void> Server::converse(std::unique_ptr<io::Stream> stream, smtp::Dialect dialect) {
    const io::IpAddress client = client_address(*stream);
    {
        Connection connection(std::move(stream), dialect, snapshot_, Services{world_, spool_, runner_, log_});
        connections_.insert(&connection);
        co_await connection.run();
        connections_.erase(&connection);
    }
    limits_.leave(client);
}

io::Task<void> Server::answer(std::unique_ptr<io::Stream> stream) {
    io::Stream* const asked = stream.get();
    questions_.insert(asked);
    co_await answer_control(std::move(stream), spool_, world_);
    questions_.erase(asked);
}

void Server::stop_connections(bool at_once) {
    for (Connection* connection : connections_) connection->stop(at_once);
    if (!at_once) return;
    for (io::Stream* question : questions_) question->close();
}

void Server::abandon_connections() {
    for (Connection* connection : connections_) connection->abandon();
}

io::Task<void> Server::wait_for_connections(Milliseconds deadline) {
    while (!connections_.empty() && world_.ticks() < deadline) co_await world_.sleep(Milliseconds(20));
}

io::Task<void> Server::stop() {
    stopping_ = true;
    log_.write(obs::Level::notice, "server.stopping", {{"sessions", std::to_string(connections_.size())}});
    for (const auto& listener : listeners_) listener->close();
    const Milliseconds grace = snapshot_->config.server.stop_grace;
    const Milliseconds deadline = world_.ticks() + grace;
    stop_connections(false);
    co_await wait_for_connections(deadline);
    stop_connections(true);
    co_await wait_for_connections(world_.ticks() + last_words);
    abandon_connections();
    transports_.close();
    const Milliseconds now = world_.ticks();
    co_await runner_.stop(deadline > now ? deadline - now : Milliseconds{});
    io::Completion<void> closed(world_);
    spool_.engine().close(closed.callback());
    co_await closed.take();
    log_.write(obs::Level::notice, "server.stopped", {});
}

}  // namespace ph::server

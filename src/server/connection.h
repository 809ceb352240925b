// server/connection.h: one client: the stream, the session without I/O, policy and spool, tied together. The session says what it wants, the
// connection does it and comes back with what came of it; nothing else in the server awaits a client's socket.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "io/world.h"
#include "obs/log.h"
#include "policy/policy.h"
#include "queue/runner.h"
#include "server/config.h"
#include "smtp/server/session.h"
#include "spool/spool.h"

namespace ph::server {

// What a reload replaces as a whole; a connection keeps the one that it began with.
struct Snapshot {
    Config config;
    std::string hostname;
    std::vector<io::Endpoint> own_endpoints;  // where this server is reached
    std::shared_ptr<directory::Directory> directory;
    std::unique_ptr<policy::Policy> policy;
};

// What lives as long as the server; all of it belongs to the loop's thread.
struct Services {
    io::World& world;
    spool::Spool& spool;
    queue::Runner& runner;
    obs::Log& log;
};

class Connection {
  public:
    Connection(std::unique_ptr<io::Stream> stream, smtp::Dialect dialect, std::shared_ptr<const Snapshot> snapshot, Services services);

    // From the greeting to the end.
    io::Task<void> run();
    // Ends a session that waits for a command with 421; one that is sending a message only if `at_once`.
    void stop(bool at_once);
    // The spool is about to be closed: whatever the session still waits for, it touches neither spool nor queue any more.
    void abandon();

  private:
    io::Task<smtp::Event> perform(smtp::action::Read want);
    io::Task<smtp::Event> perform(smtp::action::Write want);
    io::Task<smtp::Event> perform(smtp::action::Ask want);
    io::Task<smtp::Event> perform(smtp::action::Append want);
    io::Task<smtp::Event> perform(smtp::action::Commit want);
    io::Task<smtp::Event> perform(smtp::action::Discard want);
    io::Task<smtp::Event> perform(smtp::action::Close want);

    policy::Facts facts(policy::Stage stage) const;
    io::Task<smtp::Reply> keep();
    smtp::Reply not_kept(const store::StoreFault& fault);
    std::optional<smtp::Reply> no_room() const;
    std::optional<smtp::Reply> take_targets(std::vector<directory::Target> targets, const mail::Recipient& recipient);
    bool message_under_way() const { return draft_ != nullptr || called_for_content_; }
    spool::Submission submission();
    std::string trace_header(QueueId id) const;
    void forget_message();
    Milliseconds pace();
    void log_refusal(std::string_view stage, const smtp::Reply& reply, std::string_view recipient = {});

    std::unique_ptr<io::Stream> stream_;
    std::shared_ptr<const Snapshot> snapshot_;
    Services services_;
    smtp::ServerSession session_;
    bool trusted_;
    bool stopping_ = false;
    bool at_once_ = false;
    bool abandoned_ = false;
    bool reading_ = false;
    bool called_for_content_ = false;  // 354 was said, or the first chunk let pass
    std::unique_ptr<store::Draft> draft_;
    std::vector<std::vector<directory::Target>> targets_;  // of the accepted recipients, in their order
    std::size_t target_count_ = 0;                         // in all of them
    std::uint64_t paced_commands_ = 0;                     // of the session, accounted for
    Milliseconds paced_until_{};                           // when they would have come at the allowed rate
    std::int64_t paced_rest_ = 0;                          // of the division, in commands * 1000
};

}  // namespace ph::server

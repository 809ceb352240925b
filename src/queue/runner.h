// queue/runner.h: takes jobs when they are due, has them delivered within the limits of shaping, and settles what came of it. New messages come
// by submit() right from their commit, with their bodies still in memory. Destinations take turns: a dead or slow one delays nobody else.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "deliver/transport.h"
#include "directory/directory.h"
#include "obs/log.h"
#include "queue/params.h"
#include "spool/spool.h"
#include "status/catalogue.h"

namespace ph::queue {

using Resolve = std::function<io::Task<directory::Resolution>(mail::Mailbox)>;
// By RouteKind. A kind without a transport leaves its jobs in the queue with 4.3.5.
using Transports = std::array<deliver::Transport*, 6>;

// What a runner works with; all of it outlives the runner, and the transports outlive their attempts.
struct RunnerParts {
    io::World& world;
    spool::Spool& spool;
    obs::Log& log;
    const status::Catalogue& catalogue;
    Resolve resolve;  // where notices go; asked anew for each, so that a reload counts
    Transports transports{};
    std::string hostname;
};

struct RunnerLoad {
    std::size_t running = 0;  // attempts, until they are settled
    std::size_t ready = 0;    // work that waits in memory for its turn
    std::uint64_t ready_bytes = 0;
    std::size_t destinations = 0;  // that something is known about
};

class RunnerCore;

class Runner {
  public:
    Runner(RunnerParts parts, std::shared_ptr<const QueueParams> params);
    ~Runner();  // without stop(): what is under way stays in the spool
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    void start();
    // Work that was born claimed. What has no room is given back to the spool, due at once.
    void submit(std::vector<spool::Work> works);
    // Something may have become due otherwise: released by an administrator, committed without deliver_now.
    void wake();
    void set_params(std::shared_ptr<const QueueParams> params);
    // For Spool::commit, by the parameters of the moment.
    spool::Lifetime lifetime(const mail::Mailbox& reverse_path) const;
    // Starts nothing more and waits at most `limit` for what is under way; the rest stays in the spool. After it the engine may be closed.
    io::Task<void> stop(Milliseconds limit);
    RunnerLoad load() const;

  private:
    std::shared_ptr<RunnerCore> core_;
};

}  // namespace ph::queue

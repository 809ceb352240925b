// queue/runner_core.h: the inside of the runner. Its tasks share it, so that an attempt which outlives the runner finds it abandoned and lets go.
// runner.cc decides what runs when; settlement.cc ends attempts.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "explain/explainer.h"
#include "io/signal.h"
#include "queue/conclusion.h"
#include "queue/notices.h"
#include "queue/runner.h"

namespace ph::queue {

struct Destination {
    std::string name;
    Limits limits;
    shaping::Window window;
    std::deque<spool::Work> ready;
    bool listed = false;  // has its place in the round
    bool claiming = false;
    TimePoint claim_after{};            // the spool had nothing although it seemed so, or failed
    deliver::RecipientOutcome trouble;  // what its host did last; said of those who wait while it is dead

    bool idle() const { return ready.empty() && !claiming && window.fresh(); }
};

class RunnerCore : public std::enable_shared_from_this<RunnerCore> {
  public:
    using Self = std::shared_ptr<RunnerCore>;
    template <typename T>
    using Task = io::Task<T>;

    RunnerCore(RunnerParts parts, std::shared_ptr<const QueueParams> params);

    void start() { parts_.world.spawn(run(shared_from_this())); }
    static Task<void> stop(Self self, Milliseconds limit);
    void submit(std::vector<spool::Work> works);
    void wake();
    void set_params(std::shared_ptr<const QueueParams> params);
    void abandon();
    const Settings& settings() const { return *settings_; }
    RunnerLoad load() const { return {running_, ready_, ready_bytes_, destinations_.size()}; }

  private:
    // runner.cc
    static Task<void> run(Self self);
    TimePoint now() const { return parts_.world.now(); }
    Destination& destination(const std::string& name);
    void pump();
    Milliseconds pause() const;
    void start_ready();
    void list(Destination& destination);
    void add_ready(Destination& destination, spool::Work work);
    spool::Work take_ready(Destination& destination);
    bool has_place(const Destination& destination, const spool::Work& work) const;
    void launch(Destination& destination, spool::Work work);
    void claim_due();
    bool claim_some(std::string& first);
    std::size_t wanted(const Destination& destination, const store::QueueCount& queue, std::size_t share) const;
    std::size_t budget() const;
    void forget_idle();
    void task_ended();
    void finished(Destination& destination, const deliver::Attempt& attempt);
    void start_claim(Destination& from, std::size_t limit, std::size_t places);
    bool must_rest(const Destination& from) const;
    static Task<void> claim(Self self, Destination& from, std::size_t limit, std::size_t places);
    static Task<void> attempt(Self self, Destination& destination, spool::Work work);
    static Task<deliver::Attempt> try_once(Self self, const spool::Work& work);

    // What belongs to a dead destination waits for its next probe.
    void rest(Destination& destination, spool::Work work);
    void rest_all(Destination& destination);
    static Task<void> rest_and_tell(Self self, deliver::RecipientOutcome trouble, TimePoint until, spool::Work work);

    // settlement.cc
    struct Settlement;
    static Task<void> finish(Self self, const spool::Work& work, const deliver::Attempt& attempt, std::optional<TimePoint> resting_until);
    static Task<void> settle(Self self, Settlement& settlement);
    static Task<bool> settle_once(Self self, Settlement& settlement);
    bool take_fault(Settlement& settlement, const store::StoreFault& fault);
    static Task<bool> make_notices(Self self, Settlement& settlement);
    static Task<bool> make_notice(Self self, Settlement& settlement, NoticePlan& plan);
    static Task<std::optional<spool::Submission>> submission(Self self, const Settlement& settlement, NoticePlan plan,
                                                             std::vector<spool::JobPlan> jobs);
    static Task<void> read_original(Self self, Settlement& settlement);

    RunnerParts parts_;
    std::shared_ptr<const Settings> settings_;
    explain::Explainer explainer_;
    io::Signal woken_;
    io::Signal idle_;
    std::unordered_map<std::string, std::unique_ptr<Destination>> destinations_;
    std::deque<Destination*> round_;  // those with ready work and perhaps room
    std::string cursor_;              // the queue that was looked at last
    std::size_t running_ = 0;
    std::size_t claims_ = 0;    // tasks that ask the spool for jobs
    std::size_t claiming_ = 0;  // places kept for the jobs that they may bring
    std::size_t resting_ = 0;   // settlements of work that rests
    std::size_t ready_ = 0;
    std::uint64_t ready_bytes_ = 0;
    bool look_again_ = false;
    bool started_ = false;
    bool stopping_ = false;
    bool abandoned_ = false;
};

}  // namespace ph::queue

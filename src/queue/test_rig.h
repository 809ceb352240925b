// queue/test_rig.h: a runner in a world of its own for the tests of this room: a spool in memory, transports that do what a test says, a directory
// that sends here.example to Maildirs and everything else to its domain.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "catalogue/builtin.h"
#include "io/completion.h"
#include "io/test_world.h"
#include "queue/plan.h"
#include "queue/runner.h"
#include "spool/codec.h"
#include "store/memory/engine.h"

namespace ph::queue {

inline mail::Mailbox mailbox(const std::string& text) {
    const auto parsed = mail::parse_mailbox(text);
    PH_ASSERT(parsed.has_value());
    return *parsed;
}

// What transports say in tests.
namespace said {
inline deliver::RecipientOutcome outcome(deliver::Ending ending, status::EnhancedCode status, std::uint16_t code, std::string text) {
    deliver::RecipientOutcome one;
    one.ending = ending;
    one.status = status;
    one.reply.code = code;
    one.reply.enhanced = status;
    one.reply.text = text;
    one.text = "host mx.b.example[192.0.2.1] said: " + std::move(text) + " (in reply to RCPT TO command)";
    one.diagnostic_type = "smtp";
    one.remote_host = "mx.b.example";
    one.remote_address = "192.0.2.1:25";
    one.command = "RCPT TO";
    return one;
}
inline deliver::RecipientOutcome delivered() {
    return outcome(deliver::Ending::delivered, {2, 1, 5}, 250, "250 2.1.5 Ok");
}
inline deliver::RecipientOutcome unknown() {
    return outcome(deliver::Ending::failed, {5, 1, 1}, 550, "550 5.1.1 User unknown");
}
inline deliver::RecipientOutcome later() {
    return outcome(deliver::Ending::deferred, {4, 3, 2}, 450, "450 4.3.2 System not accepting network messages");
}
inline deliver::RecipientOutcome refused() {
    deliver::RecipientOutcome one;
    one.ending = deliver::Ending::deferred;
    one.status = {4, 4, 1};
    one.reply = smtp::PeerReply::gone(smtp::Lost::refused);
    one.text = "connect to mx.b.example[192.0.2.1]:25: Connection refused";
    one.diagnostic_type = "x-posthorn";
    one.situation = 105;
    return one;
}
}  // namespace said

class ScriptedTransport final : public deliver::Transport {
  public:
    struct Seen {
        TimePoint at;
        std::string queue;
        std::vector<std::string> to;
        mail::Mailbox reverse_path;
        QueueId id;
        std::string content;  // where it was in memory
    };
    explicit ScriptedTransport(io::World& world) : world_(world) {}

    // By the recipient's address; without it the queue's; without both it is delivered.
    std::map<std::string, deliver::RecipientOutcome> by_recipient;
    std::map<std::string, deliver::RecipientOutcome> by_queue;
    std::map<std::string, Milliseconds> takes;  // by queue
    std::vector<Seen> seen;
    std::map<std::string, std::size_t> running;
    std::map<std::string, std::size_t> most_running;

    std::size_t count(const std::string& queue) const { return static_cast<std::size_t>(std::ranges::count(seen, queue, &Seen::queue)); }
    std::vector<Seen> to(const std::string& address) const {
        std::vector<Seen> found;
        std::ranges::copy_if(seen, std::back_inserter(found), [&](const Seen& one) { return std::ranges::count(one.to, address) != 0; });
        return found;
    }

    io::Task<deliver::Attempt> attempt(const spool::Work& work, const directory::Route&) override {
        const std::string queue = work.job.queue;
        Seen one{world_.now(), queue, {}, work.data.reverse_path, work.id, {}};
        for (const auto& pending : work.data.recipients) one.to.push_back(to_text(pending.recipient.address));
        if (work.body != nullptr) {
            for (const std::string& chunk : work.body->chunks) one.content += chunk;
        }
        seen.push_back(std::move(one));
        most_running[queue] = std::max(most_running[queue], ++running[queue]);
        const Milliseconds time = takes.contains(queue) ? takes[queue] : Milliseconds(10);
        co_await world_.sleep(time);
        --running[queue];
        deliver::Attempt attempt;
        for (const auto& pending : work.data.recipients) attempt.outcomes.push_back(answer(queue, to_text(pending.recipient.address)));
        const bool gone = attempt.outcomes.front().reply.lost == smtp::Lost::refused;
        attempt.facts.reached = !gone;
        attempt.facts.host_trouble = gone;
        co_return attempt;
    }

  private:
    deliver::RecipientOutcome answer(const std::string& queue, const std::string& address) const {
        if (const auto found = by_recipient.find(address); found != by_recipient.end()) return found->second;
        if (const auto found = by_queue.find(queue); found != by_queue.end()) return found->second;
        deliver::RecipientOutcome one = said::delivered();
        one.final_delivery = queue.starts_with("maildir:");
        return one;
    }

    io::World& world_;
};

class Rig {
  public:
    explicit Rig(QueueParams with = {})
        : params(std::move(with)),
          spool(std::make_unique<spool::Spool>(store::make_memory_engine([this](std::function<void()> run) { world.post(std::move(run)); }), world)),
          transport(world),
          log(
              obs::Level::debug, obs::Format::text, [this] { return world.now(); }, [this](std::string_view text) { log_text += text; }),
          catalogue(catalogue::builtin()) {
        start();
    }
    ~Rig() { runner.reset(); }

    void start() {
        RunnerParts parts{world, *spool,           log, catalogue, [this](mail::Mailbox address) { return resolve(std::move(address)); },
                          {},    "mx.here.example"};
        parts.transports.fill(&transport);
        runner = std::make_unique<Runner>(std::move(parts), std::make_shared<const QueueParams>(params));
        runner->start();
    }
    void restart() {
        runner.reset();
        world.run_until_idle();
        start();
    }

    io::Task<directory::Resolution> resolve(mail::Mailbox address) {
        directory::Resolution found;
        directory::Target target;
        target.address = address;
        found.existence = directory::Existence::not_ours;
        if (const auto known = existence.find(to_text(address)); known != existence.end()) found.existence = known->second;
        const bool local = address.domain.empty() || address.domain == "here.example";
        if (local) target.route.kind = directory::RouteKind::maildir;
        if (!local) target.route.host = address.domain;
        if (found.existence == directory::Existence::not_ours || found.existence == directory::Existence::deliverable)
            found.targets.push_back(target);
        co_return found;
    }

    struct Mail {
        std::string from = "ann@a.example";
        std::vector<std::string> to = {"bob@b.example"};
        std::uint8_t notify = 0;
        mail::Ret ret = mail::Ret::unset;
        std::string content = "Subject: hello\r\nMessage-ID: <1@a.example>\r\n\r\nThe body of it.\r\n";
        bool deliver_now = true;
    };
    // Takes a message into the spool as the server does.
    QueueId send(Mail mail) { return send_plans(mail, plans_for(mail)); }
    QueueId send() { return send(Mail{}); }
    QueueId send_plans(const Mail& mail, std::vector<spool::JobPlan> plans) {
        spool::Submission submission;
        submission.info.envelope.reverse_path = mail.from.empty() ? mail::Mailbox{} : mailbox(mail.from);
        submission.info.envelope.ret = mail.ret;
        submission.info.envelope.envid = "env-1";
        submission.info.arrived = world.now();
        submission.info.origin.arrived_with = "1@a.example";
        submission.jobs = std::move(plans);
        submission.draft = spool->draft();
        submission.draft->append(mail.content);
        submission.id = spool->next_id();
        const QueueId id = submission.id;
        spool::Lifetime lifetime = runner->lifetime(submission.info.envelope.reverse_path);
        lifetime.deliver_now = mail.deliver_now;
        auto works = world.wait_for(spool->commit(std::move(submission), lifetime));
        PH_ASSERT(works.has_value());
        runner->submit(*std::move(works));
        return id;
    }
    std::vector<spool::JobPlan> plans_for(const Mail& mail) {
        std::vector<Accepted> accepted;
        for (const std::string& to : mail.to) {
            Accepted one;
            one.recipient.address = mailbox(to);
            one.recipient.notify.bits = mail.notify;
            one.recipient.orcpt = "rfc822;" + to;
            one.targets = world.wait_for(resolve(one.recipient.address)).targets;
            accepted.push_back(std::move(one));
        }
        return plan_jobs(accepted, mail.from.empty() ? mail::Mailbox{} : mailbox(mail.from));
    }

    std::size_t messages() const { return spool->engine().totals().messages; }
    const std::string& logged() {
        log.flush();
        return log_text;
    }
    std::size_t logged_times(std::string_view what) {
        std::size_t count = 0;
        for (std::size_t at = logged().find(what); at != std::string::npos; at = log_text.find(what, at + 1)) ++count;
        return count;
    }
    // The job of a message as the spool has it.
    std::pair<store::Job, spool::JobData> job(QueueId id) {
        io::Completion<store::Stored<store::Listed>> got(world);
        spool->engine().get(id, got.callback());
        const auto listed = world.wait_for(got.take());
        PH_ASSERT(listed.has_value() && !listed->jobs.empty());
        const auto data = spool::decode_job_data(listed->jobs.front().data);
        PH_ASSERT(data.has_value());
        return {listed->jobs.front(), *data};
    }

    QueueParams params;
    io::TestWorld world;
    std::string log_text;
    std::map<std::string, directory::Existence> existence;
    std::unique_ptr<spool::Spool> spool;
    ScriptedTransport transport;
    obs::Log log;
    status::Catalogue catalogue;
    std::unique_ptr<Runner> runner;
};

}  // namespace ph::queue

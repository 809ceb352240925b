// server/connection.cc: what a session wants, done: one short overload per action. "250" leaves only after the spool has the message durably.
#include "server/connection.h"

#include <algorithm>

#include "base/assert.h"
#include "catalogue/replies.h"
#include "mail/trace.h"
#include "policy/registry.h"
#include "queue/plan.h"
#include "smtp/replies.h"

namespace ph::server {
namespace {

namespace reply = catalogue::reply;

smtp::Client client_of(const io::Stream& stream) {
    const io::Endpoint& peer = stream.peer();
    if (peer.is_local() || stream.local().is_local()) return {};
    return {to_text(peer.address), peer.port};
}

policy::Stage stage_of(smtp::Stage stage) {
    switch (stage) {
        case smtp::Stage::connect:
            return policy::Stage::connect;
        case smtp::Stage::helo:
            return policy::Stage::helo;
        case smtp::Stage::mail:
            return policy::Stage::mail;
        case smtp::Stage::rcpt:
            return policy::Stage::rcpt;
        case smtp::Stage::data:
        case smtp::Stage::vrfy:
            break;
    }
    return policy::Stage::data;
}

constexpr Milliseconds write_timeout = std::chrono::minutes(5);
constexpr Milliseconds pace_step = Milliseconds(500);  // so long a client that is held back may not notice that the server stops
// Lists of lists: what one message may turn into. A job has a number of 16 bits, and each may have a job of its own.
constexpr std::size_t most_targets = 50'000;

}  // namespace

Connection::Connection(std::unique_ptr<io::Stream> stream, smtp::Dialect dialect, std::shared_ptr<const Snapshot> snapshot, Services services)
    : stream_(std::move(stream)),
      snapshot_(std::move(snapshot)),
      services_(services),
      session_(dialect, snapshot_->config.smtp, snapshot_->hostname, client_of(*stream_)),
      trusted_(snapshot_->policy->trusts(session_.client().address)) {}

io::Task<void> Connection::run() {
    smtp::Event event = smtp::event::Connected{};
    while (!abandoned_) {
        smtp::Action action = session_.step(std::move(event));
        if (std::holds_alternative<smtp::action::Close>(action)) break;
        event = co_await std::visit([this](auto& want) { return perform(want); }, action);
    }
    stream_->close();
}

void Connection::stop(bool at_once) {
    stopping_ = true;
    at_once_ = at_once_ || at_once;
    // At once: also a client that does not read what it is sent.
    if (at_once_ || (reading_ && !message_under_way())) stream_->cancel();
}

void Connection::abandon() {
    abandoned_ = true;
    stop(true);
    forget_message();
}

io::Task<smtp::Event> Connection::perform(smtp::action::Read want) {
    for (Milliseconds wait = pace(); wait.count() > 0 && !stopping_; wait = paced_until_ - services_.world.ticks()) {
        co_await services_.world.sleep(std::min(wait, pace_step));
    }
    if (stopping_ && (at_once_ || !message_under_way())) co_return smtp::event::Stopping{};
    reading_ = true;
    const io::IoResult<std::string_view> bytes = co_await stream_->read(want.timeout);
    reading_ = false;
    if (!bytes) {
        if (bytes.error().trouble == io::IoTrouble::timed_out) co_return smtp::event::TimedOut{};
        if (bytes.error().trouble == io::IoTrouble::cancelled && stopping_) co_return smtp::event::Stopping{};
        co_return smtp::event::PeerClosed{};
    }
    if (bytes->empty()) co_return smtp::event::PeerClosed{};
    co_return smtp::event::Received{*bytes};
}

// A client that sends commands faster than server.commands_per_second, with no accepted message between them, is read later. A second's worth
// of them may come at once.
Milliseconds Connection::pace() {
    const auto rate = static_cast<std::int64_t>(snapshot_->config.server.commands_per_second);
    const Milliseconds now = services_.world.ticks();
    const auto fresh = static_cast<std::int64_t>(session_.commands() - paced_commands_);
    paced_commands_ = session_.commands();
    paced_until_ = std::max(paced_until_, now - Seconds(1)) + Milliseconds(fresh * 1000 / rate);
    paced_rest_ += fresh * 1000 % rate;
    paced_until_ += Milliseconds(paced_rest_ / rate);
    paced_rest_ %= rate;
    return paced_until_ > now ? paced_until_ - now : Milliseconds{};
}

io::Task<smtp::Event> Connection::perform(smtp::action::Write want) {
    const io::IoResult<void> written = co_await stream_->write(want.bytes, write_timeout);
    if (!written) co_return smtp::event::PeerClosed{};
    co_return smtp::event::Written{};
}

policy::Facts Connection::facts(policy::Stage stage) const {
    policy::Facts facts;
    facts.stage = stage;
    facts.client = &session_.client();
    facts.dialect = session_.dialect();
    facts.hostname = session_.hostname();
    facts.helo = session_.helo();
    facts.envelope = &session_.envelope();
    facts.recipients = &session_.recipients();
    facts.content = &session_.content();
    facts.trusted = trusted_;
    return facts;
}

// Situation 56: better to say so at MAIL than after the whole content.
std::optional<smtp::Reply> Connection::no_room() const {
    const store::Space space = services_.spool.engine().space();
    if (space.failing) return smtp::refuse(reply::storage_fails);
    if (space.full) return smtp::refuse(reply::disk_full);
    return std::nullopt;
}

io::Task<smtp::Event> Connection::perform(smtp::action::Ask want) {
    smtp::event::Answered answered{smtp::reply_ok()};
    if (want.stage == smtp::Stage::vrfy) co_return answered;
    if (want.stage == smtp::Stage::mail) {
        forget_message();
        if (auto refusal = no_room()) {
            log_refusal("mail", *refusal);
            answered.reply = *std::move(refusal);
            co_return answered;
        }
    }
    policy::Facts asked = facts(stage_of(want.stage));
    asked.recipient = want.recipient;
    policy::Verdict verdict = co_await snapshot_->policy->ask(asked);
    std::optional<smtp::Reply> refusal = std::move(verdict.refusal);
    if (!refusal && want.stage == smtp::Stage::rcpt) refusal = take_targets(std::move(verdict.targets), *want.recipient);
    called_for_content_ = !refusal && want.stage == smtp::Stage::data;
    if (refusal) {
        log_refusal(policy::to_text(asked.stage), *refusal, want.recipient != nullptr ? to_text(want.recipient->address) : "");
        answered.reply = *std::move(refusal);
    }
    co_return answered;
}

// Why the recipient is refused after all.
std::optional<smtp::Reply> Connection::take_targets(std::vector<directory::Target> targets, const mail::Recipient& recipient) {
    // A list without members, for one. A message that nobody is to get could not be kept (situation 78).
    if (targets.empty()) {
        return smtp::refuse(reply::list_expansion_now, {{"address", to_text(recipient.address)}, {"text", "nobody is behind this address"}});
    }
    if (targets.size() > most_targets - target_count_) return smtp::refuse(reply::too_many_recipients);
    target_count_ += targets.size();
    targets_.push_back(std::move(targets));
    return std::nullopt;
}

io::Task<smtp::Event> Connection::perform(smtp::action::Append want) {
    if (draft_ == nullptr) draft_ = services_.spool.draft();
    if (draft_->append(want.bytes)) co_return smtp::event::Written{};
    const store::Stored<void> room = co_await services_.spool.writable(*draft_);
    if (room) co_return smtp::event::Written{};
    smtp::event::AppendFailed failed{not_kept(room.error())};
    co_return failed;
}

io::Task<smtp::Event> Connection::perform(smtp::action::Discard) {
    forget_message();
    co_return smtp::event::Written{};
}

io::Task<smtp::Event> Connection::perform(smtp::action::Close) {
    co_return smtp::event::PeerClosed{};
}

// Situation 84 and the like are the session's; here policy has its last word, then the message is kept. For LMTP each recipient has an answer
// of its own, which is the same for all: the message is kept for all of them or for none (RFC 2033 4.2).
io::Task<smtp::Event> Connection::perform(smtp::action::Commit) {
    const std::size_t answers = session_.dialect() == smtp::Dialect::lmtp ? session_.recipients().size() : 1;
    const policy::Verdict verdict = co_await snapshot_->policy->ask(facts(policy::Stage::end_of_data));
    if (abandoned_) co_return smtp::event::PeerClosed{};
    smtp::Reply answer;
    if (verdict.refusal) {
        log_refusal("end-of-data", *verdict.refusal);
        answer = *verdict.refusal;
    } else {
        answer = co_await keep();
    }
    if (answer.positive()) {  // who brings mail is not held up
        paced_commands_ = session_.commands();
        paced_until_ = {};
    }
    forget_message();
    smtp::event::Committed committed;
    committed.replies.assign(answers, answer);
    co_return committed;
}

io::Task<smtp::Reply> Connection::keep() {
    spool::Submission message = submission();
    const smtp::Reply positive = smtp::reply_queued(message.id);
    const std::uint64_t size = message.draft->size() + message.prefix.size();
    const QueueId id = message.id;
    const std::string message_id = message.info.origin.arrived_with;
    const spool::Lifetime lifetime = services_.runner.lifetime(session_.envelope().reverse_path);
    store::Stored<std::vector<spool::Work>> kept = co_await services_.spool.commit(std::move(message), lifetime);
    if (!kept) co_return not_kept(kept.error());
    if (services_.log.enabled(obs::Level::info)) {
        services_.log.write(obs::Level::info, "smtp.accepted",
                            {{"id", to_text(id)},
                             {"client", session_.client().address},
                             {"helo", session_.helo()},
                             {"from", to_text(session_.envelope().reverse_path)},
                             {"recipients", std::to_string(session_.recipients().size())},
                             {"size", std::to_string(size)},
                             {"message_id", message_id}});
    }
    if (!abandoned_) services_.runner.submit(*std::move(kept));  // otherwise the jobs are found in the spool at the next start
    co_return positive;
}

smtp::Reply Connection::not_kept(const store::StoreFault& fault) {
    services_.log.write(obs::Level::error, "spool.refused", {{"client", session_.client().address}, {"why", fault.message}});
    return smtp::refuse(fault.trouble == store::Trouble::full ? reply::disk_full : reply::storage_fails);
}

spool::Submission Connection::submission() {
    spool::Submission message;
    message.id = services_.spool.next_id();
    message.info.envelope = session_.envelope();
    message.info.origin.client = session_.client().address.empty() ? "local" : session_.client().address;
    message.info.origin.helo = session_.helo();
    message.info.origin.protocol = session_.protocol();
    message.info.origin.arrived_with = session_.content().message_id;
    message.info.arrived = services_.world.now();
    message.info.eight_bit = session_.content().eight_bit;
    PH_ASSERT(targets_.size() == session_.recipients().size());
    std::vector<queue::Accepted> accepted;
    for (std::size_t i = 0; i < targets_.size(); ++i) accepted.push_back({session_.recipients()[i], std::move(targets_[i])});
    message.jobs = queue::plan_jobs(accepted, session_.envelope().reverse_path);
    message.prefix = trace_header(message.id);
    message.draft = draft_ != nullptr ? std::move(draft_) : services_.spool.draft();
    return message;
}

std::string Connection::trace_header(QueueId id) const {
    mail::Received received;
    received.helo = session_.helo();
    received.client_address = session_.client().address;
    received.hostname = session_.hostname();
    received.protocol = session_.protocol();
    received.id = id;
    received.when = services_.world.now();
    if (session_.recipients().size() == 1) received.recipient = &session_.recipients().front().address;
    std::string header = mail::received_field(received);
    // RFC 6409 8: who hands in a message may leave these to us; from strangers they come as they are.
    if (session_.dialect() == smtp::Dialect::submission || trusted_) {
        if (!session_.content().has_date) header += mail::date_field(received.when);
        if (!session_.content().has_message_id) header += mail::message_id_field(to_text(id), session_.hostname());
    }
    return header;
}

void Connection::forget_message() {
    draft_.reset();
    targets_.clear();
    target_count_ = 0;
    called_for_content_ = false;
}

void Connection::log_refusal(std::string_view stage, const smtp::Reply& refusal, std::string_view recipient) {
    services_.log.write(obs::Level::info, "smtp.refused",
                        {{"stage", stage},
                         {"client", session_.client().address},
                         {"helo", session_.helo()},
                         {"from", to_text(session_.envelope().reverse_path)},
                         {"recipient", recipient},
                         {"code", to_text(refusal.code)},
                         {"cause", refusal.cause},
                         {"reply", refusal.text}});
}

}  // namespace ph::server

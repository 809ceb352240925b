// deliver/smtp_delivery.cc: the way of a job through connections and hosts (RFC 5321 5.1). What is about the message ends a recipient; what
// is about the host leaves it to the next one. Lost after the content went out is an end too: another host might deliver it a second time.
#include "deliver/smtp_delivery.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/assert.h"
#include "deliver/finding.h"
#include "deliver/smtp_outcome.h"

namespace ph::deliver {
namespace {

using smtp::client::Command;
using smtp::client::Fate;
using smtp::client::Protocol;
using smtp::client::RecipientResult;
using smtp::client::Transaction;

constexpr std::uint32_t max_sessions = 5;        // that one attempt opens on its way through the hosts
constexpr std::size_t max_header = 1024 * 1024;  // looked at for octets above 127
constexpr std::uint16_t lmtp_port = 24;          // RFC 2033 5: never 25

std::string destination_of(const directory::Route& route) {
    return (route.kind == directory::RouteKind::lmtp ? "lmtp:" : "smtp:") + route.host + ':' + std::to_string(route.port);
}

bool any(const std::vector<RecipientResult>& results, Fate fate) {
    return std::any_of(results.begin(), results.end(), [fate](const RecipientResult& result) { return result.fate == fate; });
}

}  // namespace

SmtpDelivery::SmtpDelivery(io::World& world, BodyOpener& bodies, SmtpPool& pool, std::shared_ptr<const SmtpSettings> settings,
                           const spool::Work& work, const directory::Route& route)
    : world_(world),
      bodies_(bodies),
      pool_(pool),
      settings_(std::move(settings)),
      work_(work),
      route_(route),
      protocol_(route.kind == directory::RouteKind::lmtp ? Protocol::lmtp : Protocol::smtp),
      destination_(destination_of(route)),
      smtputf8_(work.info->envelope.smtputf8) {
    const std::size_t count = work.data.recipients.size();
    attempt_.outcomes.resize(count);
    noted_.resize(count);
    for (std::size_t i = 0; i < count; ++i) pending_.push_back(i);
}

io::Task<void> SmtpDelivery::run() {
    const Milliseconds start = world_.ticks();
    while (!pending_.empty()) {
        std::unique_ptr<SmtpConnection> waiting = pool_.take(destination_);
        if (!waiting) break;
        co_await use(std::move(waiting), Kept::waited);
    }
    // A host that takes few recipients with one copy is asked again as long as that ends somebody's waiting.
    std::size_t before = pending_.size() + 1;
    while (!pending_.empty() && pending_.size() < before) {
        before = pending_.size();
        postponed_ = false;
        co_await by_hops();
        if (!postponed_) break;
    }
    attempt_.facts.host_trouble = attempt_.facts.host_trouble || !pending_.empty();
    attempt_.facts.took = world_.ticks() - start;
}

io::Task<void> SmtpDelivery::by_hops() {
    const DeliveryParams& params = settings_->delivery;
    MxLookup lookup(world_, settings_->own, {params.max_hosts, params.max_addresses});
    std::string destination = route_.host;
    std::uint16_t port = route_.port;
    if (protocol_ == Protocol::lmtp) {
        if (port == 0) port = lmtp_port;
        // LMTP is spoken with the host that the administrator named; a domain's MX is for SMTP.
        if (!destination.starts_with('[') && !destination.starts_with("unix:")) destination = '[' + destination + ']';
    }
    Hops found = co_await lookup.find(std::move(destination), port);
    if (found.none) {
        note_pending(no_hop(*found.none));
        co_return;
    }
    Dialer dialer(world_, std::move(found.hops), params.connect_timeout, params.connect_stagger);
    co_await by_hosts(dialer);
    if (!dialer.failure()) co_return;
    for (const std::size_t index : pending_) {
        if (!noted_[index]) note(index, connect_failed(dialer.failure()->hop, dialer.failure()->fault));
    }
}

io::Task<void> SmtpDelivery::by_hosts(Dialer& dialer) {
    for (std::uint32_t sessions = 0; !pending_.empty() && !postponed_ && sessions < max_sessions; ++sessions) {
        std::optional<Dialed> dialed = co_await dialer.next();
        if (!dialed) co_return;
        ++attempt_.facts.connections_opened;
        auto connection = std::make_unique<SmtpConnection>(world_, std::move(dialed->hop), std::move(dialed->stream), protocol_, settings_->client,
                                                           settings_->hostname);
        co_await connection->open();
        if (connection->session().refusal()) {
            note_pending(host_refused(connection->hop(), *connection->session().refusal()));
        } else {
            co_await use(std::move(connection), Kept::fresh);
        }
    }
}

// RFC 9422 4.1: MAILMAX is how many the peer takes over one connection.
std::uint32_t SmtpDelivery::transaction_limit(SmtpConnection& connection) const {
    const std::uint32_t limit = std::max<std::uint32_t>(settings_->delivery.messages_per_connection, 1);
    const std::uint32_t theirs = connection.session().offers().mail_max;
    return theirs == 0 ? limit : std::min(limit, theirs);
}

io::Task<void> SmtpDelivery::use(std::unique_ptr<SmtpConnection> connection, Kept kept) {
    smtp::ClientSession& session = connection->session();
    const std::uint32_t limit = transaction_limit(*connection);
    while (!pending_.empty() && session.usable() && connection->transactions() < limit) {
        const Transaction transaction = next_transaction();
        Content content;
        content.work = &work_;
        content.bodies = &bodies_;
        content.recoded = recoded_ ? &*recoded_ : nullptr;
        co_await connection->transact(transaction, content);
        // The peer closed while the connection waited; that says nothing about whether it takes mail.
        if (kept == Kept::waited && is_stale(*connection)) co_return;
        kept = Kept::fresh;
        attempt_.facts.reached = true;
        co_await make_fit(*connection);
        take(*connection);
    }
    if (session.usable() && pending_.empty() && connection->transactions() < limit) {
        pool_.park(destination_, std::move(connection), settings_->delivery.idle_timeout, settings_->delivery.idle_connections);
    } else {
        pool_.retire(std::move(connection));
    }
}

bool SmtpDelivery::is_stale(SmtpConnection& connection) const {
    const smtp::client::TransactionResult& result = connection.session().result();
    const RecipientResult& first = result.recipients.front();
    return first.command == Command::mail && is_host_trouble(first) && (!result.answered || first.reply.code == 421);
}

Transaction SmtpDelivery::next_transaction() const {
    const mail::Envelope& envelope = work_.info->envelope;
    Transaction transaction;
    transaction.reverse_path = work_.data.reverse_path;
    for (const std::size_t index : pending_) transaction.recipients.push_back(as_named(work_.data.recipients[index]));
    // RFC 3461 5.2.7.3: a list with a sender of its own sends a new message; the wishes of the first one end there.
    if (work_.data.reverse_path == envelope.reverse_path) {
        transaction.ret = envelope.ret;
        transaction.envid = envelope.envid;
    }
    transaction.size = recoded_ ? recoded_->size() : work_.size;
    const bool seven_bit = recoded_ && recoded_for_ == mail::NextHop::seven_bit;
    transaction.eight_bit = work_.info->eight_bit && !seven_bit;
    transaction.binary = envelope.body == mail::BodyType::binary_mime && !recoded_;
    transaction.smtputf8 = smtputf8_;
    return transaction;
}

mail::Recipient SmtpDelivery::as_named(const spool::PendingRecipient& pending) const {
    mail::Recipient recipient = pending.recipient;
    if (work_.data.reverse_path != work_.info->envelope.reverse_path) {
        recipient.notify = {};
        recipient.orcpt.clear();
    } else if (pending.expanded && recipient.notify.wants_success()) {
        // RFC 3461 5.2.7.1: "expanded" was the success; behind the alias nobody reports it once more.
        recipient.notify.bits &= static_cast<std::uint8_t>(~mail::Notify::success);
        if (recipient.notify.bits == 0) recipient.notify.bits = mail::Notify::never;
    }
    return recipient;
}

// Where the message itself stood in the way: what can be done about that, before take() looks at the results.
io::Task<void> SmtpDelivery::make_fit(SmtpConnection& connection) {
    const std::vector<RecipientResult>& results = connection.session().result().recipients;
    if (any(results, Fate::no_smtputf8) && smtputf8_ && !header_looked_at_) co_await look_at_header();
    if (any(results, Fate::no_eight_bit)) {
        co_await recode(connection.session().offers().eight_bit ? mail::NextHop::eight_bit : mail::NextHop::seven_bit);
    }
}

// The envelope said SMTPUTF8, as some programs always do; only octets above 127 in the header section make it necessary.
io::Task<void> SmtpDelivery::look_at_header() {
    header_looked_at_ = true;
    if (!work_.info->eight_bit) {
        smtputf8_ = false;
        co_return;
    }
    const auto text = co_await read_body(true);
    if (!text) co_return;
    const std::string_view header = std::string_view(*text).substr(0, text->find("\r\n\r\n"));
    smtputf8_ = header.size() >= max_header || std::any_of(header.begin(), header.end(), [](char c) { return static_cast<unsigned char>(c) > 127; });
}

io::Task<void> SmtpDelivery::recode(mail::NextHop next_hop) {
    auto text = co_await read_body(false);
    if (!text) {
        body_fault_.emplace(std::move(text).error());
        co_return;
    }
    std::optional<Result<std::string>> made;
    // Megabytes of quoted-printable would hold up everybody else on the loop.
    co_await world_.blocking([&text, &made, next_hop] { made.emplace(mail::downgrade(*text, next_hop)); });
    if (*made) {
        recoded_ = **std::move(made);
        recoded_for_ = next_hop;
    } else {
        recode_fault_ = made->error().message;
    }
}

io::Task<store::Stored<std::string>> SmtpDelivery::read_body(bool only_header) {
    auto source = co_await bodies_.open(work_);
    if (!source) co_return tl::unexpected(std::move(source).error());
    std::string text;
    while (true) {
        const auto piece = co_await (*source)->next();
        if (!piece) co_return tl::unexpected(piece.error());
        if (piece->empty()) break;
        text += *piece;
        if (only_header && (text.size() >= max_header || text.find("\r\n\r\n") != std::string::npos)) break;
    }
    co_return text;
}

void SmtpDelivery::take(SmtpConnection& connection) {
    const std::vector<RecipientResult>& results = connection.session().result().recipients;
    PH_ASSERT(results.size() == pending_.size());
    // With a connection that broke meanwhile the next host is as good.
    postponed_ = any(results, Fate::postponed) && connection.session().usable();
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (!take_one(pending_[i], connection, results[i])) left.push_back(pending_[i]);
    }
    pending_ = std::move(left);
}

// True: this recipient has its end for this attempt.
bool SmtpDelivery::take_one(std::size_t index, SmtpConnection& connection, const RecipientResult& result) {
    const Hop& hop = connection.hop();
    const smtp::client::Offers& offers = connection.session().offers();
    const mail::Mailbox& address = work_.data.recipients[index].recipient.address;
    switch (result.fate) {
        case Fate::delivered: {
            RecipientOutcome outcome = answered(hop, result);
            outcome.final_delivery = protocol_ == Protocol::lmtp;
            // RFC 3461 5.2.2: a next hop with DSN has the wishes and reports for itself; without it the report of relaying is ours.
            outcome.dsn_passed_on = !outcome.final_delivery && offers.dsn && !work_.data.recipients[index].expanded;
            outcome.relayed_without_dsn = !outcome.final_delivery && !offers.dsn;
            note(index, std::move(outcome));
            return true;
        }
        case Fate::refused: {
            note(index, answered(hop, result));
            const bool about_host = is_host_trouble(result);
            const bool sent = result.command == Command::content;
            attempt_.facts.host_trouble = attempt_.facts.host_trouble || (about_host && sent);
            return !about_host || sent;
        }
        case Fate::postponed:
            note(index, unfit(hop, {4, 5, 3}, 0, "host " + name_of(hop) + " takes no more with one copy of the message: too many recipients"));
            return false;
        case Fate::too_large:
            note(index, unfit(hop, {5, 3, 4}, 122,
                              "message size " + std::to_string(work_.size) + " exceeds size limit " + std::to_string(offers.size) + " of server " +
                                  name_of(hop)));
            return true;
        case Fate::no_smtputf8:
            if (header_looked_at_ && !smtputf8_ && address.is_ascii() && work_.data.reverse_path.is_ascii()) return false;
            note(index, unfit(hop, {5, 6, 7}, 123, "message requires SMTPUTF8, but host " + name_of(hop) + " does not offer it"));
            return true;
        case Fate::no_eight_bit:
            if (body_fault_) {
                note(index, finding(*body_fault_));
                return true;
            }
            if (recode_fault_.empty()) return false;
            note(index, unfit(hop, {5, 6, 3}, 0,
                              "8BITMIME was not offered by host " + name_of(hop) + ", and conversion required but not possible: " + recode_fault_));
            return true;
        case Fate::bad_address:
            note(index, finding({5, 1, 3}, 0, "bad address syntax: the address has characters that cannot stand in an SMTP command"));
            return true;
        case Fate::body_failed:
            note(index, finding(connection.body_fault().value_or(store::StoreFault{store::Trouble::failing, "it ended early"})));
            return true;
        case Fate::pending:
            break;
    }
    PH_ASSERT(false);
    return true;
}

void SmtpDelivery::note(std::size_t index, RecipientOutcome outcome) {
    attempt_.outcomes[index] = std::move(outcome);
    noted_[index] = true;
}

void SmtpDelivery::note_pending(const RecipientOutcome& outcome) {
    for (const std::size_t index : pending_) note(index, outcome);
}

// Situation 109: a domain whose hosts have no address is tried for a day, because it is mostly a mistake that somebody mends.
RecipientOutcome SmtpDelivery::no_hop(const NoHop& none) const {
    status::EnhancedCode status = none.status;
    if (none.situation == 109 && world_.now() - work_.info->arrived > settings_->delivery.no_address_grace) status.code_class = 5;
    return finding(status, none.situation, none.text);
}

}  // namespace ph::deliver

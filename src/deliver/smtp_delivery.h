// deliver/smtp_delivery.h: one attempt to deliver one job by SMTP or LMTP: which connection, which host next, and who is still without an end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "deliver/smtp_dialer.h"
#include "deliver/smtp_pool.h"
#include "deliver/smtp_transport.h"
#include "deliver/transport.h"
#include "mail/downgrade.h"

namespace ph::deliver {

class SmtpDelivery {
  public:
    SmtpDelivery(io::World& world, BodyOpener& bodies, SmtpPool& pool, std::shared_ptr<const SmtpSettings> settings, const spool::Work& work,
                 const directory::Route& route);

    io::Task<void> run();
    // Once, after run().
    Attempt take_attempt() { return std::move(attempt_); }

  private:
    enum class Kept : std::uint8_t { fresh, waited };

    io::Task<void> by_hops();
    io::Task<void> by_hosts(Dialer& dialer);
    io::Task<void> use(std::unique_ptr<SmtpConnection> connection, Kept kept);
    io::Task<void> make_fit(SmtpConnection& connection);
    io::Task<void> recode(mail::NextHop next_hop);
    io::Task<void> look_at_header();
    io::Task<store::Stored<std::string>> read_body(bool only_header);

    smtp::client::Transaction next_transaction() const;
    mail::Recipient as_named(const spool::PendingRecipient& pending) const;
    void take(SmtpConnection& connection);
    bool take_one(std::size_t index, SmtpConnection& connection, const smtp::client::RecipientResult& result);
    void note(std::size_t index, RecipientOutcome outcome);
    void note_pending(const RecipientOutcome& outcome);
    bool is_stale(SmtpConnection& connection) const;
    RecipientOutcome no_hop(const NoHop& none) const;
    std::uint32_t transaction_limit(SmtpConnection& connection) const;

    io::World& world_;
    BodyOpener& bodies_;
    SmtpPool& pool_;
    std::shared_ptr<const SmtpSettings> settings_;
    const spool::Work& work_;
    const directory::Route& route_;
    const smtp::client::Protocol protocol_;
    std::string destination_;  // for the pool

    Attempt attempt_;
    std::vector<std::size_t> pending_;  // recipients without an end
    std::vector<bool> noted_;           // has an outcome, which a next host may better
    bool postponed_ = false;            // the last transaction left some out: the same host takes them with another copy

    // What is sent, when not as it was received.
    std::optional<std::string> recoded_;
    mail::NextHop recoded_for_ = mail::NextHop::eight_bit;
    std::string recode_fault_;  // why it could not be
    std::optional<store::StoreFault> body_fault_;
    bool header_looked_at_ = false;
    bool smtputf8_;  // the header section needs it, as far as is known
};

}  // namespace ph::deliver

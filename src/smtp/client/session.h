// smtp/client/session.h: the client side of SMTP and LMTP without I/O (RFC 5321, RFC 2033): a greeting, then mail transactions one after the
// other, then QUIT. The driver performs each action and comes back with the event it led to, beginning with Connected.
// Owned by one connection; everything it keeps is bounded by the transaction it was given and one read of the driver.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "smtp/client/action.h"
#include "smtp/client/commands.h"
#include "smtp/client/conversation.h"
#include "smtp/client/offers.h"
#include "smtp/client/params.h"
#include "smtp/client/transaction.h"

namespace ph::smtp {

class ClientSession {
  public:
    // `hostname`: how we introduce ourselves; a domain or an address literal.
    ClientSession(client::Protocol protocol, const ClientParams& params, std::string hostname);
    ClientSession(const ClientSession&) = delete;
    ClientSession& operator=(const ClientSession&) = delete;

    client::Action step(const client::Event& event);

    // It can take a transaction, or is at one.
    bool usable() const { return greeted_ && talk_.usable(); }
    const client::Offers& offers() const { return offers_; }
    // Why it never came to a transaction: greeting, EHLO, HELO or LHLO (situation 113).
    struct Refusal {
        PeerReply reply;
        client::Command command;
    };
    const std::optional<Refusal>& refusal() const { return refusal_; }
    // Of the last transaction; whole at Idle and Close.
    client::TransactionResult& result() { return result_; }

  private:
    client::Script run();
    client::Script greet();
    client::Script transact();
    client::Script envelope();
    client::Script content();
    client::Script drop_data();
    client::Script send_content(client::Framing framing, client::Command command);
    client::Script take_answers();
    client::Script reset();

    bool accept_hello(const PeerReply& reply);
    void begin();
    void add_commands(std::size_t& sent, std::size_t answered);
    client::Fate fate_without_asking(const mail::Recipient& recipient) const;
    bool needs_smtputf8() const;
    void take_mail_reply(PeerReply reply);
    void take_rcpt_reply(std::size_t index, PeerReply reply);
    void settle(std::size_t index, PeerReply reply, client::Command command);
    void settle_accepted(const PeerReply& reply, client::Command command);
    PeerReply checked(PeerReply reply);

    client::Protocol protocol_;
    ClientParams params_;
    std::string hostname_;
    client::Conversation talk_;
    client::Script script_;
    bool greeted_ = false;
    client::Offers offers_;
    std::optional<Refusal> refusal_;
    client::TransactionResult result_;

    // The transaction under way.
    const client::Transaction* transaction_ = nullptr;
    client::Wishes wishes_;
    std::vector<std::size_t> queue_;     // recipients to be named in it, by their index
    std::vector<std::size_t> accepted_;  // of those, the ones that the peer took
    bool mail_accepted_ = false;
    bool full_ = false;       // the peer takes no more recipients
    bool data_sent_ = false;  // DATA went out together with the recipients
    bool open_ = false;       // the peer may still be in a transaction: RSET before the next one
};

}  // namespace ph::smtp

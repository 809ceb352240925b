// smtp/client/transaction.cc: one mail transaction (RFC 5321 3.3): MAIL, RCPT for each recipient, then DATA or BDAT; pipelined where the peer
// offers it (RFC 2920). Whatever the peer does, each recipient ends with exactly one fate. What would surprise: with pipelining the peer may
// say 354 although it took no recipient; then it gets an empty message, which goes to nobody.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "smtp/client/session.h"

namespace ph::smtp {

using client::Command;
using client::Fate;
using client::Framing;
using client::On421;
using client::Protocol;
using client::Script;

namespace {

// RFC 2920 3.1: a group of commands must not fill both directions of the connection, or both sides wait for ever.
constexpr std::size_t max_group = 8 * 1024;
constexpr Milliseconds last_words_timeout{5000};

// RFC 5321 4.5.3.1.10: 452, or 552 from old servers. Without 4.5.3 a 452 may as well be about this mailbox; asking again costs little.
bool is_too_many(const PeerReply& reply) {
    if (reply.code != 452 && reply.code != 552) return false;
    if (reply.enhanced) return reply.enhanced->subject == 5 && reply.enhanced->detail == 3;
    return reply.code == 452;
}

}  // namespace

Script ClientSession::transact() {
    begin();
    if (!queue_.empty()) {
        co_await envelope();
        co_await content();
    }
    const auto pending = [](const client::RecipientResult& recipient) { return recipient.fate == Fate::pending; };
    PH_ASSERT(std::none_of(result_.recipients.begin(), result_.recipients.end(), pending));
}

// What needs no question to the peer is settled here; the others stand in queue_.
void ClientSession::begin() {
    const auto& recipients = transaction_->recipients;
    result_ = {};
    result_.recipients.resize(recipients.size());
    queue_.clear();
    accepted_.clear();
    mail_accepted_ = full_ = data_sent_ = open_ = false;
    std::size_t limit = std::max<std::size_t>(params_.recipients_per_transaction, 1);
    if (offers_.rcpt_max != 0) limit = std::min<std::size_t>(limit, offers_.rcpt_max);  // RFC 9422 4.2
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        Fate& fate = result_.recipients[i].fate;
        fate = fate_without_asking(recipients[i]);
        if (fate != Fate::pending) continue;
        if (queue_.size() < limit) {
            queue_.push_back(i);
        } else {
            fate = Fate::postponed;
        }
    }
    // RFC 2033 says nothing of DSN: behind LMTP is the mailbox, and the report of success is ours.
    wishes_ = {needs_smtputf8(), offers_.dsn && protocol_ == Protocol::smtp};
}

Fate ClientSession::fate_without_asking(const mail::Recipient& recipient) const {
    const client::Transaction& wanted = *transaction_;
    if (!client::is_writable(wanted.reverse_path) || !client::is_writable(recipient.address)) return Fate::bad_address;
    // RFC 1870 6.1: a message over the declared limit is not even begun.
    if (offers_.size != 0 && wanted.size > offers_.size) return Fate::too_large;
    // RFC 6531 3.2: without the extension no such message may be sent, and an address cannot be rewritten by us.
    const bool utf8 = wanted.smtputf8 || !wanted.reverse_path.is_ascii() || !recipient.address.is_ascii();
    if (utf8 && !offers_.smtputf8) return Fate::no_smtputf8;
    // RFC 6152 3, RFC 3030 3
    if (wanted.binary && !(offers_.chunking && offers_.binary_mime)) return Fate::no_eight_bit;
    if (wanted.eight_bit && !wanted.binary && !offers_.eight_bit) return Fate::no_eight_bit;
    return Fate::pending;
}

bool ClientSession::needs_smtputf8() const {
    const auto ascii = [this](std::size_t index) { return transaction_->recipients[index].address.is_ascii(); };
    return transaction_->smtputf8 || !transaction_->reverse_path.is_ascii() || !std::all_of(queue_.begin(), queue_.end(), ascii);
}

Script ClientSession::envelope() {
    std::size_t sent = 0;
    std::size_t answered = 0;
    client::append_mail(talk_.out(), *transaction_, offers_, wishes_);
    if (offers_.pipelining) add_commands(sent, answered);
    PeerReply mail = co_await talk_.reply(params_.mail_timeout);
    take_mail_reply(std::move(mail));
    while (true) {
        while (answered < sent) {
            PeerReply reply = co_await talk_.reply(params_.rcpt_timeout);
            take_rcpt_reply(queue_[answered++], std::move(reply));
        }
        if (!mail_accepted_ || full_ || answered == queue_.size()) break;
        add_commands(sent, answered);
    }
    // Refused with MAIL, or beyond what the peer takes with one copy.
    for (std::size_t i = answered; i < queue_.size() && mail_accepted_; ++i) result_.recipients[queue_[i]].fate = Fate::postponed;
}

// RCPT for the next recipients: one, or with pipelining a group; then DATA may be the last of it. A BDAT is not: with it the whole content
// would go to a peer that may have taken nobody.
void ClientSession::add_commands(std::size_t& sent, std::size_t answered) {
    const auto room = [&] { return offers_.pipelining ? talk_.out().size() < max_group : sent == answered; };
    while (sent < queue_.size() && room()) client::append_rcpt(talk_.out(), transaction_->recipients[queue_[sent++]], wishes_);
    if (!offers_.pipelining || sent < queue_.size() || transaction_->binary) return;
    talk_.out() += "DATA\r\n";
    data_sent_ = true;
}

void ClientSession::take_mail_reply(PeerReply reply) {
    result_.answered = reply.lost == Lost::no;
    reply = checked(std::move(reply));
    mail_accepted_ = reply.positive();
    open_ = mail_accepted_;
    if (mail_accepted_) return;
    for (const std::size_t index : queue_) settle(index, reply, Command::mail);
}

void ClientSession::take_rcpt_reply(std::size_t index, PeerReply reply) {
    if (!mail_accepted_) return;  // it was refused with MAIL already; what the peer says now is not about the recipient
    reply = checked(std::move(reply));
    if (reply.positive()) {
        accepted_.push_back(index);
    } else if (!accepted_.empty() && is_too_many(reply)) {
        result_.recipients[index].fate = Fate::postponed;
        full_ = true;
    } else {
        settle(index, std::move(reply), Command::rcpt);
    }
}

Script ClientSession::content() {
    if (accepted_.empty()) {
        if (data_sent_) co_await drop_data();
    } else if (transaction_->binary) {
        talk_.out() += "BDAT " + std::to_string(transaction_->size) + " LAST\r\n";
        co_await send_content(Framing::raw, Command::bdat);
    } else {
        if (!data_sent_) talk_.out() += "DATA\r\n";
        PeerReply reply = co_await talk_.reply(params_.data_timeout);
        if (reply.go_ahead()) {
            co_await send_content(Framing::dots, Command::content);
        } else {
            // A 2yz to DATA is no answer to it: the peer is somewhere else in the conversation.
            if (reply.positive()) {
                reply = PeerReply::gone(Lost::garbage, std::move(reply.text));
                talk_.abandon(reply);
            }
            settle_accepted(reply, Command::data);
        }
    }
}

// RFC 2920 3.1: DATA went out with recipients of whom none was taken. A 354 then is ended by an empty message.
Script ClientSession::drop_data() {
    const PeerReply reply = co_await talk_.reply(params_.data_timeout);
    if (!reply.go_ahead()) {
        if (reply.positive()) talk_.abandon(PeerReply::gone(Lost::garbage, reply.text));
        co_return;
    }
    if (protocol_ == Protocol::lmtp) {  // RFC 2033 4.2: as many replies as recipients were taken, so none; nothing tells when it is over
        talk_.abandon(PeerReply::gone(Lost::garbage, reply.text));
        co_return;
    }
    talk_.out() += ".\r\n";
    co_await talk_.reply(params_.final_timeout);
    open_ = false;
}

Script ClientSession::send_content(Framing framing, Command command) {
    const client::BodyEnd end = co_await talk_.body(framing);
    if (end == client::BodyEnd::failed) {
        for (const std::size_t index : accepted_) result_.recipients[index].fate = Fate::body_failed;
        co_return;
    }
    if (end == client::BodyEnd::broken) {
        PeerReply words = co_await talk_.reply(last_words_timeout);
        // The content did not go out whole, so a positive reply is not about it.
        if (words.code < 400) words = PeerReply::gone(words.lost == Lost::no ? Lost::closed : words.lost, std::move(words.text));
        talk_.abandon(words);
        settle_accepted(words, command == Command::content ? Command::data : command);
        co_return;
    }
    open_ = framing == Framing::raw;  // RFC 5321 4.1.1.4: the transaction is over, whatever the reply. RFC 3030 2: not so after a refused BDAT
    co_await take_answers();
}

// A connection that is lost here leaves it open whether the peer has the message. RFC 5321 4.5.3.2.6, RFC 1047: we must keep it and send it
// again; the peer may deliver it twice, which no client can avoid.
Script ClientSession::take_answers() {
    if (protocol_ == Protocol::smtp) {
        const PeerReply reply = co_await talk_.reply(params_.final_timeout);
        if (reply.positive()) open_ = false;
        settle_accepted(reply, Command::content);
        co_return;
    }
    // RFC 2033 4.2: one reply for each recipient that was taken, in their order.
    for (const std::size_t index : accepted_) {
        PeerReply reply = co_await talk_.reply(params_.final_timeout, On421::stands);
        settle(index, std::move(reply), Command::content);
    }
}

void ClientSession::settle_accepted(const PeerReply& reply, Command command) {
    for (const std::size_t index : accepted_) settle(index, reply, command);
}

void ClientSession::settle(std::size_t index, PeerReply reply, Command command) {
    reply = checked(std::move(reply));
    client::RecipientResult& recipient = result_.recipients[index];
    PH_ASSERT(recipient.fate == Fate::pending);
    recipient.fate = reply.positive() ? Fate::delivered : Fate::refused;
    recipient.reply = std::move(reply);
    recipient.command = command;
}

}  // namespace ph::smtp

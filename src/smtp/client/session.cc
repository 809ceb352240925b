// smtp/client/session.cc: the conversation as a whole: greeting, EHLO or HELO or LHLO, transactions, RSET where one was left open, QUIT
// (RFC 5321 3.1, 3.2, 3.8; RFC 2033 4.1). A 5yz at the greeting is the host's trouble and says nothing about the message.
#include "smtp/client/session.h"

#include <utility>

#include "base/assert.h"

namespace ph::smtp {

using client::Command;
using client::Protocol;
using client::Script;

ClientSession::ClientSession(Protocol protocol, const ClientParams& params, std::string hostname)
    : protocol_(protocol), params_(params), hostname_(std::move(hostname)), talk_(params.block_timeout) {}

client::Action ClientSession::step(const client::Event& event) {
    if (std::holds_alternative<client::event::Connected>(event)) {
        PH_ASSERT(script_.done() && !greeted_);
        script_ = run();
    }
    return talk_.step(event, script_);
}

Script ClientSession::run() {
    co_await greet();
    while (greeted_) {
        transaction_ = co_await talk_.next_transaction();
        if (transaction_ == nullptr) break;
        co_await transact();
        if (open_) co_await reset();
    }
    if (!talk_.usable()) co_return;
    // RFC 5321 4.1.1.10: also after a refused greeting (3.1) the client says QUIT and waits for the answer.
    talk_.out() += "QUIT\r\n";
    co_await talk_.reply(params_.quit_timeout);
}

Script ClientSession::greet() {
    PeerReply greeting = co_await talk_.reply(params_.greeting_timeout);
    if (greeting.code != 220) {
        if (greeting.code < 400 && greeting.lost == Lost::no) greeting = PeerReply::gone(Lost::garbage, std::move(greeting.text));
        refusal_.emplace(Refusal{std::move(greeting), Command::greeting});
        co_return;
    }
    const bool lmtp = protocol_ == Protocol::lmtp;
    talk_.out() += (lmtp ? "LHLO " : "EHLO ") + hostname_ + "\r\n";
    PeerReply hello = co_await talk_.reply(params_.hello_timeout);
    if (accept_hello(hello)) {
        offers_ = client::parse_offers(hello.text);
        co_return;
    }
    // RFC 5321 3.2: a server without extensions gets HELO. RFC 2033 4.1: LMTP knows no such way out.
    if (!hello.permanent() || lmtp || !talk_.usable()) {
        refusal_.emplace(Refusal{checked(std::move(hello)), lmtp ? Command::lhlo : Command::ehlo});
        co_return;
    }
    talk_.out() += "HELO " + hostname_ + "\r\n";
    hello = co_await talk_.reply(params_.hello_timeout);
    if (!accept_hello(hello)) refusal_.emplace(Refusal{checked(std::move(hello)), Command::helo});
}

bool ClientSession::accept_hello(const PeerReply& reply) {
    greeted_ = reply.positive();
    return greeted_;
}

// A go-ahead where none was asked for: we no longer know what the peer answers to.
PeerReply ClientSession::checked(PeerReply reply) {
    if (!reply.go_ahead()) return reply;
    PeerReply garbage = PeerReply::gone(Lost::garbage, std::move(reply.text));
    talk_.abandon(garbage);
    return garbage;
}

// A peer that does not even take RSET is left: with it we would never know which recipients a next message has.
Script ClientSession::reset() {
    open_ = false;
    if (!talk_.usable()) co_return;
    talk_.out() += "RSET\r\n";
    PeerReply reply = co_await talk_.reply(params_.quit_timeout);
    if (!reply.positive()) talk_.abandon(std::move(reply));
}

}  // namespace ph::smtp

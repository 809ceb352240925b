// smtp/server/ehlo.cc: the greeting, and HELO, EHLO and LHLO with what this server offers (RFC 5321 3.1, 3.2, 4.1.1.1; RFC 2033 4.1).
// A name that is no domain is refused; whether a good name is true is a question for policy.
#include "catalogue/replies.h"
#include "mail/mailbox.h"
#include "smtp/server/state.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

// RFC 9422: what a client learns before it runs into it.
std::string limits(const ServerParams& params) {
    std::string text = "\nLIMITS";
    if (params.max_messages != 0) text += " MAILMAX=" + std::to_string(params.max_messages);
    return text + " RCPTMAX=" + std::to_string(params.max_recipients);
}

std::string offers(const ServerParams& params) {
    std::string text = "\nPIPELINING";                            // RFC 2920
    text += "\nSIZE " + std::to_string(params.max_message_size);  // RFC 1870
    text += "\n8BITMIME";                                         // RFC 6152
    text += "\nENHANCEDSTATUSCODES";                              // RFC 2034
    text += "\nCHUNKING";                                         // RFC 3030
    text += "\nBINARYMIME";                                       // RFC 3030
    text += "\nSMTPUTF8";                                         // RFC 6531
    if (params.dsn) text += "\nDSN";                              // RFC 3461
    return text + limits(params) + "\nHELP";
}

}  // namespace

std::string_view check_banner(std::string_view text) {
    for (const char c : text) {
        if (c < 0x20 || c > 0x7E) return "must be printable ASCII";
    }
    return text.size() > 200 ? "must not be longer than 200 characters" : "";
}

// RFC 5321 3.1: a server that wants nothing from this client says 554 and waits for QUIT; 421 and 521 end the session at once.
void ServerSession::State::after_connect(const Reply& answer) {
    if (answer.positive()) {
        say(accept(reply::greeting, {{"host", hostname}, {"text", (lmtp() ? "LMTP " : "ESMTP ") + params.banner}}));
        return;
    }
    Reply greeting = answer;
    if (!greeting.closes()) greeting.code = *status::ReplyCode::from(greeting.code.value() < 500 ? 421 : 554);
    append_wire(out, greeting);
    if (greeting.closes()) {
        closing = true;
        return;
    }
    greeting.code = *status::ReplyCode::from(503);
    greeting_refusal = std::make_unique<Reply>(std::move(greeting));
}

std::optional<Action> ServerSession::State::on_helo(std::string_view argument) {
    if (argument.empty()) return say(refuse(refusal::helo_missing_name));
    return greet(argument, false);
}

std::optional<Action> ServerSession::State::on_ehlo(std::string_view argument) {
    if (argument.empty()) return say(refuse(refusal::ehlo_missing_name));
    return greet(argument, true);
}

std::optional<Action> ServerSession::State::greet(std::string_view name, bool with_extensions) {
    // RFC 2920 3.1: EHLO is the last of its group, as the client cannot know yet what may follow.
    if (!input.rest().empty() && params.pipelining_check == "reject") {
        close_after(refuse(refusal::pipelining));
        return std::nullopt;
    }
    if (name.starts_with('[') && !mail::is_address_literal(name)) return say(refuse(refusal::helo_invalid_address, {{"text", name}}));
    if (!name.starts_with('[') && !mail::is_domain(name)) return say(refuse(refusal::helo_invalid_name, {{"host", name}}));
    if (++commands_without_mail > params.max_commands_without_mail) return say(refuse(refusal::too_many_commands));
    previous_helo = std::exchange(helo, std::string(name));
    asked_extended = with_extensions;
    return ask(Awaits::helo, Stage::helo);
}

// RFC 5321 4.1.4: a name that is not accepted leaves everything as it was; one that is ends the transaction like RSET.
void ServerSession::State::after_helo(const Reply& answer) {
    const std::string previous = std::exchange(previous_helo, {});
    if (!answer.positive()) {
        helo = previous;
        say(answer);
        return;
    }
    end_transaction();
    phase = Phase::greeted;
    extended = asked_extended;
    Reply greeting = accept(reply::helo, {{"host", hostname}});
    if (extended) greeting.text += offers(params);
    say(greeting);
}

}  // namespace ph::smtp

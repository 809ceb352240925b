// smtp/server/rcpt.cc: the RCPT verb: forward-path, NOTIFY and ORCPT (RFC 5321 4.1.1.3, RFC 3461 4.1, 4.2). Asks policy stage "rcpt" last, so
// that a recipient which policy let pass is accepted.
#include <algorithm>

#include "base/ascii.h"
#include "catalogue/replies.h"
#include "smtp/server/state.h"
#include "smtp/syntax/command.h"
#include "smtp/syntax/dsn.h"
#include "smtp/syntax/parameters.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;
using Refusal = std::optional<Reply>;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Refusal take_notify(const Parameter& parameter, mail::Recipient& recipient) {
    const auto notify = parse_notify(parameter.value.value_or(""));
    if (!notify || recipient.notify.bits != 0) return refuse(refusal::bad_notify);  // RFC 3461 4.1: not more than once
    recipient.notify = *notify;
    return std::nullopt;
}

Refusal take_orcpt(const Parameter& parameter, bool smtputf8, mail::Recipient& recipient) {
    const std::string_view value = parameter.value.value_or("");
    if (!smtputf8 && !is_ascii(value)) return refuse(refusal::utf8_not_declared);  // RFC 6533 3: utf-8-addr-unitext
    auto orcpt = parse_orcpt(value);
    if (!orcpt || !recipient.orcpt.empty()) return refuse(refusal::bad_orcpt);
    recipient.orcpt = *std::move(orcpt);
    return std::nullopt;
}

Refusal take_parameter(const Parameter& parameter, const ServerParams& params, bool smtputf8, mail::Recipient& recipient) {
    const bool notify = equals_ignoring_case(parameter.keyword, "NOTIFY");
    const bool orcpt = equals_ignoring_case(parameter.keyword, "ORCPT");
    if (!notify && !orcpt) return refuse(refusal::parameter_unknown, {{"text", parameter.text}});
    if (!params.dsn) return refuse(refusal::dsn_not_allowed);
    return notify ? take_notify(parameter, recipient) : take_orcpt(parameter, smtputf8, recipient);
}

Refusal take_parameters(std::string_view rest, const ServerParams& params, bool smtputf8, mail::Recipient& recipient) {
    Parameter parameter;
    while (true) {
        const NextParameter next = next_parameter(rest, parameter);
        if (next == NextParameter::end) return std::nullopt;
        if (next == NextParameter::malformed) {
            if (starts_with_ignoring_case(parameter.text, "NOTIFY=")) return refuse(refusal::bad_notify);
            if (starts_with_ignoring_case(parameter.text, "ORCPT=")) return refuse(refusal::bad_orcpt);
            return refuse(refusal::parameter_syntax, {{"text", parameter.text}});
        }
        if (Refusal refused = take_parameter(parameter, params, smtputf8, recipient)) return refused;
    }
}

Refusal take_path(std::string_view path, std::size_t& length, mail::Mailbox& address) {
    Result<mail::Mailbox> mailbox = mail::parse_path(path, length);
    if (!mailbox) {
        if (mailbox.error().kind != FaultKind::missing) return refuse(refusal::recipient_syntax);
        return refuse(refusal::recipient_not_fqdn, {{"address", inside_brackets(path)}});
    }
    if (mailbox->is_null()) return refuse(refusal::recipient_syntax);
    if (path.size() > length && !is_separator(path[length])) return refuse(refusal::recipient_syntax);
    address = *std::move(mailbox);
    return std::nullopt;
}

}  // namespace

std::optional<Action> ServerSession::State::on_rcpt(std::string_view argument) {
    mail::Recipient recipient;
    if (Refusal refused = parse_recipient(argument, recipient)) {
        ++refused_recipients;
        return say(*refused);
    }
    asked_recipient = std::make_unique<mail::Recipient>(std::move(recipient));
    return ask(Awaits::rcpt, Stage::rcpt, asked_recipient.get());
}

std::optional<Reply> ServerSession::State::parse_recipient(std::string_view argument, mail::Recipient& recipient) {
    constexpr std::string_view to = "TO:";
    if (!starts_with_ignoring_case(argument, to)) return refuse(refusal::recipient_syntax);
    const std::string_view path = skip_separators(argument.substr(to.size()));
    std::size_t length = 0;
    if (Refusal refused = take_path(path, length, recipient.address)) return refused;
    const std::string_view rest = skip_separators(path.substr(length));
    if (!extended && !rest.empty()) return refuse(refusal::parameter_unknown, {{"text", rest}});
    if (!envelope.smtputf8 && !recipient.address.is_ascii()) return refuse(refusal::utf8_not_declared);  // RFC 6531 3.4
    if (Refusal refused = take_parameters(rest, params, envelope.smtputf8, recipient)) return refused;
    // RFC 5321 4.5.3.1.10: 452, so that the client sends the rest in another transaction.
    if (recipients.size() >= params.max_recipients) {
        if (++commands_without_mail > params.max_commands_without_mail) return refuse(refusal::too_many_commands);
        return refuse(refusal::too_many_recipients);
    }
    if (envelope.reverse_path.is_null() && !recipients.empty() && !lmtp() && params.null_sender_many == "refuse") {
        return refuse(refusal::null_sender_many, {{"address", to_text(recipient.address)}});
    }
    return std::nullopt;
}

void ServerSession::State::after_rcpt(const Reply& answer) {
    const std::unique_ptr<mail::Recipient> asked = std::move(asked_recipient);
    if (!answer.positive()) {
        ++refused_recipients;
        say(answer);
        return;
    }
    recipients.push_back(std::move(*asked));
    phase = Phase::rcpt;
    if (errors != 0) --errors;
    say(accept(reply::recipient_ok));
}

}  // namespace ph::smtp

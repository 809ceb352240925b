// smtp/server/mail.cc: the MAIL verb: reverse-path and the parameters of RFC 1870, 6152, 3030, 6531 and 3461. Asks policy stage "mail".
#include <array>

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

Refusal malformed(const Parameter& parameter) {
    return refuse(refusal::parameter_syntax, {{"text", parameter.text}});
}

// RFC 1870 6.1.
Refusal take_size(const Parameter& parameter, const ServerParams& params, mail::Envelope& envelope) {
    const auto size = parameter.value ? parse_size(*parameter.value) : std::nullopt;
    if (!size) return malformed(parameter);
    if (*size > params.max_message_size) {
        return refuse(refusal::size_declared, {{"size", std::to_string(*size)}, {"limit", std::to_string(params.max_message_size)}});
    }
    envelope.declared_size = *size;
    return std::nullopt;
}

// RFC 6152 2, RFC 3030 3.
Refusal take_body(const Parameter& parameter, const ServerParams&, mail::Envelope& envelope) {
    const std::string_view value = parameter.value.value_or("");
    if (equals_ignoring_case(value, "7BIT")) {
        envelope.body = mail::BodyType::seven_bit;
    } else if (equals_ignoring_case(value, "8BITMIME")) {
        envelope.body = mail::BodyType::eight_bit_mime;
    } else if (equals_ignoring_case(value, "BINARYMIME")) {
        envelope.body = mail::BodyType::binary_mime;
    } else {
        return malformed(parameter);
    }
    return std::nullopt;
}

// RFC 6531 3.4: no value.
Refusal take_smtputf8(const Parameter& parameter, const ServerParams&, mail::Envelope& envelope) {
    if (parameter.value) return malformed(parameter);
    envelope.smtputf8 = true;
    return std::nullopt;
}

// RFC 3461 4.3.
Refusal take_ret(const Parameter& parameter, const ServerParams& params, mail::Envelope& envelope) {
    if (!params.dsn) return refuse(refusal::dsn_not_allowed);
    const std::string_view value = parameter.value.value_or("");
    if (equals_ignoring_case(value, "FULL")) {
        envelope.ret = mail::Ret::full;
    } else if (equals_ignoring_case(value, "HDRS")) {
        envelope.ret = mail::Ret::headers;
    } else {
        return refuse(refusal::bad_ret);
    }
    return std::nullopt;
}

// RFC 3461 4.4.
Refusal take_envid(const Parameter& parameter, const ServerParams& params, mail::Envelope& envelope) {
    if (!params.dsn) return refuse(refusal::dsn_not_allowed);
    auto envid = parse_envid(parameter.value.value_or(""));
    if (!envid) return refuse(refusal::bad_envid);
    envelope.envid = *std::move(envid);
    return std::nullopt;
}

struct MailParameter {
    std::string_view keyword;
    Refusal (*take)(const Parameter&, const ServerParams&, mail::Envelope&);
};
constexpr std::array mail_parameters = {
    MailParameter{"SIZE", take_size}, MailParameter{"BODY", take_body},   MailParameter{"SMTPUTF8", take_smtputf8},
    MailParameter{"RET", take_ret},   MailParameter{"ENVID", take_envid},
};

Refusal take_parameters(std::string_view rest, const ServerParams& params, mail::Envelope& envelope) {
    unsigned seen = 0;
    Parameter parameter;
    while (true) {
        const NextParameter next = next_parameter(rest, parameter);
        if (next == NextParameter::end) return std::nullopt;
        if (next == NextParameter::malformed) return malformed(parameter);
        std::size_t index = 0;
        while (index < mail_parameters.size() && !equals_ignoring_case(mail_parameters[index].keyword, parameter.keyword)) ++index;
        // RFC 5321 4.1.1.11: 555 for a parameter that EHLO did not offer. AUTH= is one of them.
        if (index == mail_parameters.size()) return refuse(refusal::parameter_unknown, {{"text", parameter.text}});
        if ((seen >> index & 1U) != 0) return malformed(parameter);  // RFC 3461 4.3, 4.4: not more than once
        seen |= 1U << index;
        if (Refusal refused = mail_parameters[index].take(parameter, params, envelope)) return refused;
    }
}

}  // namespace

std::optional<Action> ServerSession::State::on_mail(std::string_view argument) {
    if (params.max_messages != 0 && messages >= params.max_messages) {
        return say(refuse(refusal::too_many_messages, {{"limit", std::to_string(params.max_messages)}}));
    }
    constexpr std::string_view from = "FROM:";
    if (!starts_with_ignoring_case(argument, from)) return say(refuse(refusal::mail_syntax));
    // RFC 5321 3.3: no blank belongs behind the colon, but too many programs put one there.
    const std::string_view path = skip_separators(argument.substr(from.size()));
    if (path.empty()) return say(refuse(refusal::mail_syntax));

    std::size_t length = 0;
    mail::Envelope asked;
    Result<mail::Mailbox> mailbox = mail::parse_path(path, length);
    if (!mailbox) {
        if (mailbox.error().kind != FaultKind::missing) return say(refuse(refusal::sender_syntax));
        return say(refuse(refusal::sender_not_fqdn, {{"address", inside_brackets(path)}}));
    }
    const std::string_view rest = path.substr(length);
    if (!rest.empty() && !is_separator(rest.front())) return say(refuse(refusal::sender_syntax));
    if (!mailbox->is_null() && mailbox->domain.empty()) return say(refuse(refusal::sender_not_fqdn, {{"address", mailbox->local_part}}));
    // RFC 5321 3.2: parameters belong to EHLO.
    if (!extended && !skip_separators(rest).empty()) return say(refuse(refusal::parameter_unknown, {{"text", skip_separators(rest)}}));
    if (auto refused = take_parameters(rest, params, asked)) return say(*refused);
    if (!asked.smtputf8 && !mailbox->is_ascii()) return say(refuse(refusal::utf8_not_declared));  // RFC 6531 3.4
    asked.reverse_path = *std::move(mailbox);
    envelope = std::move(asked);
    return ask(Awaits::mail, Stage::mail);
}

void ServerSession::State::after_mail(const Reply& answer) {
    if (!answer.positive()) {
        say(answer);
        end_transaction();
        return;
    }
    phase = Phase::mail;
    say(accept(reply::sender_ok));
}

}  // namespace ph::smtp

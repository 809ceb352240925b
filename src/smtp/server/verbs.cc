// smtp/server/verbs.cc: the table. A verb in the wrong phase is answered from here, so a handler never asks which phase it is in (but BDAT).
#include "smtp/server/verbs.h"

#include <algorithm>

#include "base/ascii.h"
#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;
using State = ServerSession::State;

constexpr std::array<const status::OwnReply*, phases> always{};
constexpr std::array<const status::OwnReply*, phases> never(const status::OwnReply& reply) {
    return {&reply, &reply, &reply, &reply, &reply};
}

// clang-format off
constexpr std::array table = {
    //   word        in which dialect    argument        refused when fresh     greeted              mail                               rcpt                               in chunks
    Verb{"HELO",     Spoken::smtp,       Argument::any,  always,                                                                                                                        &State::on_helo, "RFC 5321 4.1.1.1"},
    Verb{"EHLO",     Spoken::smtp,       Argument::any,  always,                                                                                                                        &State::on_ehlo, "RFC 5321 4.1.1.1"},
    Verb{"LHLO",     Spoken::lmtp,       Argument::any,  always,                                                                                                                        &State::on_ehlo, "RFC 2033 4.1"},
    Verb{"MAIL",     Spoken::everywhere, Argument::any,  {&refusal::helo_first, nullptr, &refusal::mail_inside_transaction, &refusal::mail_inside_transaction, &refusal::mail_inside_transaction}, &State::on_mail, "RFC 5321 4.1.1.2"},
    Verb{"RCPT",     Spoken::everywhere, Argument::any,  {&refusal::helo_first, &refusal::need_mail, nullptr, nullptr, &refusal::mixed_bdat_recipient},                         &State::on_rcpt, "RFC 5321 4.1.1.3"},
    Verb{"DATA",     Spoken::everywhere, Argument::none, {&refusal::helo_first, &refusal::need_mail, nullptr, nullptr, &refusal::mixed_bdat},                                   &State::on_data, "RFC 5321 4.1.1.4"},
    Verb{"BDAT",     Spoken::everywhere, Argument::any,  {&refusal::helo_first, &refusal::need_mail, nullptr, nullptr, nullptr},                                                &State::on_bdat, "RFC 3030 2", Listed::in_help, Follows::content},
    Verb{"RSET",     Spoken::everywhere, Argument::none, always,                                                                                                                        &State::on_rset, "RFC 5321 4.1.1.5"},
    Verb{"NOOP",     Spoken::everywhere, Argument::any,  always,                                                                                                                        &State::on_noop, "RFC 5321 4.1.1.9"},
    Verb{"VRFY",     Spoken::everywhere, Argument::any,  always,                                                                                                                        &State::on_vrfy, "RFC 5321 4.1.1.6"},
    Verb{"EXPN",     Spoken::everywhere, Argument::any,  never(refusal::expn_disabled),                                                                                                 &State::on_noop, "RFC 5321 4.1.1.7", Listed::not_in_help},
    Verb{"HELP",     Spoken::everywhere, Argument::any,  always,                                                                                                                        &State::on_help, "RFC 5321 4.1.1.8"},
    Verb{"QUIT",     Spoken::everywhere, Argument::none, always,                                                                                                                        &State::on_quit, "RFC 5321 4.1.1.10"},
    Verb{"STARTTLS", Spoken::everywhere, Argument::any,  never(refusal::tls_not_offered),                                                                                               &State::on_noop, "RFC 3207 4", Listed::not_in_help},
    Verb{"AUTH",     Spoken::everywhere, Argument::any,  never(refusal::login_not_offered),                                                                                             &State::on_noop, "RFC 4954 4", Listed::not_in_help},
};
// clang-format on

}  // namespace

std::string_view to_text(Phase phase) {
    constexpr std::array<std::string_view, phases> names = {"fresh", "greeted", "mail", "rcpt", "bdat"};
    return names[static_cast<std::size_t>(phase)];
}

std::span<const Verb> verbs() {
    return table;
}

const Verb* find_verb(std::string_view word, Dialect dialect) {
    const auto* const found =
        std::find_if(table.begin(), table.end(), [&](const Verb& verb) { return verb.spoken_in(dialect) && equals_ignoring_case(verb.word, word); });
    return found == table.end() ? nullptr : found;
}

std::string verbs_for_help(Dialect dialect) {
    std::string words;
    for (const Verb& verb : table) {
        if (verb.listed != Listed::in_help || !verb.spoken_in(dialect)) continue;
        if (!words.empty()) words += ' ';
        words += verb.word;
    }
    return words;
}

}  // namespace ph::smtp

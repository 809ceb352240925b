// smtp/server/verbs.h: the verbs of the server, and in which phase of a session each is allowed. docs/smtp-states.md, HELP and the test of
// every phase with every verb are made of this table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtp/server/session.h"
#include "status/cause.h"

namespace ph::smtp {

enum class Phase : std::uint8_t {
    fresh,    // greeted by us, no HELO yet
    greeted,  // HELO, EHLO or LHLO was accepted
    mail,     // MAIL was accepted, no RCPT yet
    rcpt,     // at least one recipient was accepted
    bdat,     // the first chunk has come, the last one has not
};
inline constexpr std::size_t phases = 5;
std::string_view to_text(Phase phase);

enum class Spoken : std::uint8_t { everywhere, smtp, lmtp };  // smtp: submission too
enum class Argument : std::uint8_t { none, any };
enum class Listed : std::uint8_t { in_help, not_in_help };
// A verb that content follows (BDAT) runs in every phase: it must take the content away, and refuses by itself.
enum class Follows : std::uint8_t { nothing, content };

using Handler = std::optional<Action> (ServerSession::State::*)(std::string_view argument);

struct Verb {
    std::string_view word;
    Spoken spoken;
    Argument argument;
    std::array<const status::OwnReply*, phases> refusals;  // by Phase; nullptr: allowed
    Handler run;
    std::string_view rfc;
    Listed listed = Listed::in_help;
    Follows follows = Follows::nothing;

    const status::OwnReply* refusal(Phase phase) const { return refusals[static_cast<std::size_t>(phase)]; }
    bool spoken_in(Dialect dialect) const { return spoken == Spoken::everywhere || (spoken == Spoken::lmtp) == (dialect == Dialect::lmtp); }
};

std::span<const Verb> verbs();
// nullptr: the dialect has no such verb.
const Verb* find_verb(std::string_view word, Dialect dialect);
// "EHLO HELO MAIL ...".
std::string verbs_for_help(Dialect dialect);

}  // namespace ph::smtp

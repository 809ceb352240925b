// smtp/server/vrfy.cc: VRFY (RFC 5321 3.5, 4.1.1.6): 252, which is true of any address and tells a harvester nothing, or 502. EXPN is refused in
// the table: lists are nobody's business (RFC 5321 7.3). Asks policy stage "vrfy".
#include "base/ascii.h"
#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

}  // namespace

std::optional<Action> ServerSession::State::on_vrfy(std::string_view argument) {
    if (params.vrfy == "disabled") return say(refuse(refusal::vrfy_disabled));
    constexpr std::string_view smtputf8 = " SMTPUTF8";  // RFC 6531 3.7.4.2
    if (ends_with_ignoring_case(argument, smtputf8)) argument = trim(argument.substr(0, argument.size() - smtputf8.size()));
    if (argument.empty()) return say(refuse(refusal::recipient_syntax));
    if (++commands_without_mail > params.max_commands_without_mail) return say(refuse(refusal::too_many_commands));
    previous_helo = argument;
    return ask(Awaits::vrfy, Stage::vrfy, nullptr, previous_helo);
}

void ServerSession::State::after_vrfy(const Reply& answer) {
    const std::string asked = std::exchange(previous_helo, {});
    say(answer.positive() ? refuse(refusal::vrfy_unverified, {{"address", asked}}) : answer);
}

}  // namespace ph::smtp

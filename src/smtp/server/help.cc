// smtp/server/help.cc: HELP lists the verbs of this dialect, from the table (RFC 5321 4.1.1.8).
#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {

std::optional<Action> ServerSession::State::on_help(std::string_view) {
    if (++commands_without_mail > params.max_commands_without_mail) return say(refuse(catalogue::reply::too_many_commands));
    return say(accept(reply::help, {{"text", verbs_for_help(dialect)}}));
}

}  // namespace ph::smtp

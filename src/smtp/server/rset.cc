// smtp/server/rset.cc: RSET and NOOP (RFC 5321 4.1.1.5, 4.1.1.9).
#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {

std::optional<Action> ServerSession::State::on_rset(std::string_view) {
    end_transaction();
    return on_noop({});
}

std::optional<Action> ServerSession::State::on_noop(std::string_view) {
    if (++commands_without_mail > params.max_commands_without_mail) return say(refuse(catalogue::reply::too_many_commands));
    return say(accept(reply::ok));
}

}  // namespace ph::smtp

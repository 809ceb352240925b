// smtp/server/quit.cc: QUIT (RFC 5321 4.1.1.10): what was not finished is dropped, the answer goes out, the connection ends.
#include "smtp/server/state.h"

namespace ph::smtp {

std::optional<Action> ServerSession::State::on_quit(std::string_view) {
    say(accept(reply::bye, {{"host", hostname}}));
    closing = true;
    return std::nullopt;
}

}  // namespace ph::smtp

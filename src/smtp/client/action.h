// smtp/client/action.h: what a ClientSession asks of its driver, and what the driver comes back with. There is always exactly one action
// outstanding; after Close there is none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "smtp/peer_reply.h"

namespace ph::smtp::client {

struct Transaction;

namespace event {
struct Connected {};  // the first one
struct Received {     // octets from the peer, at least one; the view must live until step() returns
    std::string_view bytes;
};
struct Written {};  // to Write and WriteBody: all of it
struct Gone {       // the connection is of no use any more: the end of the stream, a timeout, a network error
    Lost how = Lost::closed;
    std::string text;
};
struct BodyFailed {};  // to WriteBody: our own store did not give the content; what was sent of it is useless
struct Transact {      // to Idle; the transaction must live until the next Idle or Close
    const Transaction* transaction = nullptr;
};
struct Quit {};  // to Idle
}  // namespace event
using Event = std::variant<event::Connected, event::Received, event::Written, event::Gone, event::BodyFailed, event::Transact, event::Quit>;

// How the content goes over the wire.
enum class Framing : std::uint8_t {
    dots,  // DATA: long lines are wrapped, dots doubled, CRLF "." CRLF at the end (RFC 5321 4.5.2)
    raw,   // BDAT: exactly the octets announced (RFC 3030)
};

namespace action {
struct Write {  // send all of it; the view lives until the next step()
    std::string_view bytes;
    Milliseconds timeout{};
};
struct Read {
    Milliseconds timeout{};
    bool goes_on = false;  // for more of the same reply: the timeout runs since the first Read of it, however slowly octets trickle
};
struct WriteBody {  // send `before`, then the content of the transaction
    std::string_view before;
    Framing framing = Framing::dots;
    Milliseconds timeout{};
};
struct Idle {};   // ready for a transaction; the result of the one before is in result()
struct Close {};  // the last action; the result of the transaction under way, if there was one, is in result()
}  // namespace action
using Action = std::variant<action::Write, action::Read, action::WriteBody, action::Idle, action::Close>;

}  // namespace ph::smtp::client

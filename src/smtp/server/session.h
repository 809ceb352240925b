// smtp/server/session.h: the server side of SMTP and LMTP without I/O (RFC 5321, RFC 2033): `Action step(Event)`.
// The caller performs each action and comes back with the event it led to; there is always exactly one action outstanding.
// A session never owns more than its limits allow: one line, its envelope, and at most `server_buffer` octets of content on the way out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mail/envelope.h"
#include "smtp/reply.h"
#include "smtp/server/params.h"

namespace ph::smtp {

enum class Dialect : std::uint8_t { smtp, submission, lmtp };

// Who is at the other end; set once, the session keeps its own copy.
struct Client {
    std::string address;  // "192.0.2.1", "2001:db8::1", or "" for a local socket
    std::uint16_t port = 0;
};

// What the content showed on its way through, for the checks at its end and for what is put before it. Bounded.
struct ContentFacts {
    std::uint64_t size = 0;         // octets as stored, after dots were taken off
    std::uint32_t received = 0;     // Received: fields (RFC 5321 6.3)
    std::uint32_t longest_line = 0; // octets without CRLF
    std::uint32_t mime_depth = 0;   // nesting of multiparts, as far as the headers tell
    bool has_from = false;
    bool has_date = false;
    bool has_message_id = false;
    bool eight_bit = false;
    bool bare_line_feed = false;    // a CR or LF that stood alone (they were made CRLF)
    bool bad_header = false;        // a line of the header section that is neither field nor continuation
    std::vector<std::string> delivered_to;      // the first 20 Delivered-To: values, in lower case
    std::vector<std::string> received_by;       // the "by" host of the first 100 Received: fields, to name the loop
};

namespace event {
struct Connected {};
struct Received {  // octets from the peer; the view must live until step() returns
    std::string_view bytes;
};
struct PeerClosed {};    // end of stream or a broken connection
struct TimedOut {};      // no octet for the time that Read gave
struct Stopping {};      // the server ends: may come in place of the answer to Read
struct Answered {        // to Ask: positive() lets it pass
    Reply reply;
};
struct Written {};       // to Write and to Append
struct AppendFailed {    // to Append or Begin: the reply that the client gets at the end of the content
    Reply reply;
};
struct Committed {       // to Commit: one reply, or for LMTP one for each accepted recipient in order
    std::vector<Reply> replies;
};
}  // namespace event
using Event = std::variant<event::Connected, event::Received, event::PeerClosed, event::TimedOut, event::Stopping, event::Answered, event::Written,
                           event::AppendFailed, event::Committed>;

enum class Stage : std::uint8_t { connect, helo, mail, rcpt, data, vrfy };  // the end of the data is asked within Commit

namespace action {
struct Read {  // wait for octets, at most this long
    Seconds timeout;
};
struct Write {  // send all of it; the view lives until the next step()
    std::string_view bytes;
};
struct Ask {  // a question to policy; the session's accessors have the facts, `recipient` is the one in question at Stage::rcpt
    Stage stage;
    const mail::Recipient* recipient = nullptr;
    std::string_view argument = {};  // Stage::vrfy: what was asked
};
struct Append {  // content without dot-stuffing; the view lives until the next step(). The first one of a message begins it.
    std::string_view bytes;
};
struct Commit {};  // the content is whole: ask policy about it, keep it safe, answer with Committed
struct Discard {}; // the content that was appended is not wanted any more; answer with Written
struct Close {};   // flush nothing more; the last action
}  // namespace action
using Action = std::variant<action::Read, action::Write, action::Ask, action::Append, action::Commit, action::Discard, action::Close>;

class ServerSession {
  public:
    ServerSession(Dialect dialect, const ServerParams& params, std::string hostname, Client client);
    ~ServerSession();
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;

    Action step(Event event);

    // Facts for policy and for the trace header; valid until the next step().
    const Client& client() const;
    std::string_view hostname() const;
    std::string_view helo() const;           // as the client gave it; "" before
    bool extended() const;                   // EHLO or LHLO rather than HELO
    Dialect dialect() const;
    const mail::Envelope& envelope() const;
    const std::vector<mail::Recipient>& recipients() const;  // accepted ones, in order
    const ContentFacts& content() const;
    // "ESMTP", "SMTP", "LMTP", "UTF8SMTP" … for the with clause (RFC 5321 4.4, RFC 3848, RFC 6531 4.3).
    std::string_view protocol() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ph::smtp

// smtp/server/session.h: the server side of SMTP and LMTP without I/O (RFC 5321, RFC 2033): `Action step(Event)`.
// The caller performs each action and comes back with the event it led to; there is always exactly one action outstanding.
// A session never owns more than its limits allow: one line, its envelope, and copies of what one Received brought. While it waits for a
// command it owns no buffer at all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mail/content_facts.h"
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

using mail::ContentFacts;

namespace event {
struct Connected {};
struct Received {  // octets from the peer; the view must live until step() returns
    std::string_view bytes;
};
struct PeerClosed {};  // end of stream or a broken connection; may come in place of any answer
struct TimedOut {};    // no octet for the time that Read gave
struct Stopping {};    // the server ends: may come in place of the answer to Read
struct Answered {      // to Ask: positive() lets it pass
    Reply reply;
};
struct Written {};     // to Write and to Append
struct AppendFailed {  // to Append or Begin: the reply that the client gets at the end of the content
    Reply reply;
};
struct Committed {  // to Commit: one reply, or for LMTP one for each accepted recipient in order
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
struct Ask {  // a question to policy; the session's accessors have the facts, `recipient` is the one in question at Stage::rcpt.
              // A recipient that is let pass is accepted: nothing of ours refuses it afterwards
    Stage stage;
    const mail::Recipient* recipient = nullptr;
    std::string_view argument = {};  // Stage::vrfy: what was asked
};
// Content without dot-stuffing. The view is often into the octets of the Received that it answers, so take them before awaiting anything;
// at the latest it ends with the next step(). The first one of a message begins it, and may be empty.
struct Append {
    std::string_view bytes;
};
struct Commit {};   // the content is whole: ask policy about it, keep it safe, answer with Committed
struct Discard {};  // the content that was appended is not wanted any more; answer with Written
struct Close {};    // flush nothing more; the last action
}  // namespace action
using Action = std::variant<action::Read, action::Write, action::Ask, action::Append, action::Commit, action::Discard, action::Close>;

class ServerSession {
  public:
    struct State;  // smtp/server/state.h

    // `params` must outlive the session.
    ServerSession(Dialect dialect, const ServerParams& params, std::string hostname, Client client);
    ~ServerSession();
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;

    Action step(Event event);

    // Facts for policy and for the trace header; valid until the next step().
    const Client& client() const;
    std::string_view hostname() const;
    std::string_view helo() const;  // as the client gave it; "" before
    bool extended() const;          // EHLO or LHLO rather than HELO
    Dialect dialect() const;
    const mail::Envelope& envelope() const;
    const std::vector<mail::Recipient>& recipients() const;  // accepted ones, in order
    const ContentFacts& content() const;
    std::uint64_t commands() const;  // taken so far, whatever came of them
    // "ESMTP", "SMTP", "LMTP", "UTF8SMTP" … for the with clause (RFC 5321 4.4, RFC 3848, RFC 6531 4.3).
    std::string_view protocol() const;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace ph::smtp

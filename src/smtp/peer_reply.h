// smtp/peer_reply.h: a reply as another server sent it, whole and bounded, or the way in which none came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "status/enhanced_code.h"
#include "status/reply_code.h"

namespace ph::smtp {

// What stood between us and a reply. Not an error: an outcome of a delivery attempt (situations 105, 106, 115).
enum class Lost : std::uint8_t {
    no,           // there is a reply
    refused,      // nobody listens there
    unreachable,  // no route, or the network said no
    timed_out,    // no answer within the time of this command (RFC 5321 4.5.3.2)
    closed,       // the connection ended before the reply was whole
    garbage,      // what came is not SMTP
};

struct PeerReply {
    Lost lost = Lost::no;
    std::uint16_t code = 0;                        // 200 to 599; 0 when lost
    std::optional<status::EnhancedCode> enhanced;  // only if its class agrees with the code (RFC 2034 4)
    std::string text;                              // the lines as they came, with their codes, '\n' between; at most 4096 octets

    static PeerReply gone(Lost how, std::string text = {}) { return {how, 0, std::nullopt, std::move(text)}; }
    bool positive() const { return code >= 200 && code < 300; }
    bool go_ahead() const { return code >= 300 && code < 400; }
    bool transient() const { return lost != Lost::no || (code >= 400 && code < 500); }
    bool permanent() const { return code >= 500; }
};

// Puts replies together from bytes as they come (RFC 5321 4.2.1): bounded lines and number of lines, CRLF or bare LF at their ends.
class PeerReplyParser {
  public:
    // Takes bytes up to the end of one reply; returns how many, the rest belongs to the next one. Check done() after it.
    std::size_t feed(std::string_view bytes);
    bool done() const { return done_; }
    // The reply; garbage becomes Lost::garbage with what came. The parser is then ready for the next reply.
    PeerReply take();

    // At the end of the stream: what came of an unfinished reply, for a person; "" if nothing did.
    std::string remains() const;

  private:
    void end_line();
    void keep(std::string_view line);

    std::string line_;         // the line under way, cut
    std::string text_;         // the lines before it
    std::uint16_t code_ = 0;   // of the first line
    std::uint16_t lines_ = 0;  // so far
    std::size_t octets_ = 0;   // so far, kept or not
    bool garbage_ = false;
    bool done_ = false;
};

}  // namespace ph::smtp

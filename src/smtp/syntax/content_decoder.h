// smtp/syntax/content_decoder.h: message content as SMTP carries it, turned into the content itself: dots taken off (RFC 5321 4.5.2), a CR or
// LF that stands alone made CRLF. Only CRLF "." CRLF ends a message; that LF "." LF and its kin do not is what keeps smuggling out.
#pragma once

#include <cstdint>
#include <string_view>

namespace ph::smtp {

enum class Framing : std::uint8_t { dots, chunks };  // DATA; BDAT, whose end is counted (RFC 3030 2)

class ContentDecoder {
  public:
    explicit ContentDecoder(Framing framing) : framing_(framing) {}

    struct Piece {
        std::size_t taken;       // octets of the input it stands for
        std::string_view bytes;  // content; a view into the input, or constant
    };
    // The longest piece at the head of `in` that needs no change, or one change. `in` must not be empty, and ended() false.
    Piece next(std::string_view in);
    // After the last chunk: what a CR at the very end stands for.
    std::string_view finish();

    bool ended() const { return state_ == State::ended; }
    bool bare_newline() const { return bare_newline_; }

  private:
    enum class State : std::uint8_t {
        line_start,  // behind CRLF, or at the beginning
        text,
        cr,      // a CR was taken, nothing given for it yet
        dot,     // at a line's start a "." was taken
        dot_cr,  // then a CR
        ended,
    };
    Piece in_text(std::string_view in);
    Piece bare(std::size_t taken);

    State state_ = State::line_start;
    Framing framing_;
    bool bare_newline_ = false;
};

// Octets at the head of `in` that pass unchanged: up to a CR or LF that stands alone, a CR that is the last octet, and, if `dots`, a "." at
// the start of a line. `line_start`: the first octet is one. This runs over every octet that is received.
std::size_t transparent_run(std::string_view in, bool line_start, bool dots);

}  // namespace ph::smtp

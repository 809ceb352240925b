// mail/line_wrap.h: content on its way to the wire of SMTP: no line over 998 octets (RFC 5321 4.5.3.1.6), dots doubled (RFC 5321 4.5.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ph::mail {

enum class Dots : std::uint8_t {
    stuff,  // for DATA
    keep,   // for BDAT (RFC 3030 2) and files
};

// One per message and transmission. Content comes with CRLF line ends in pieces of any size; the output does not depend on where it was cut.
// A longer line is broken with CRLF and a blank, not within a character of UTF-8. The blank makes it a folded line where it is in a header.
class LineWrap {
  public:
    static constexpr std::size_t max_line = 998;

    explicit LineWrap(Dots dots) : dots_(dots) {}

    void append(std::string& out, std::string_view piece);
    // Ends the last line if it is open, and with Dots::stuff the message: ".\r\n".
    void finish(std::string& out);

  private:
    void append_long(std::string& out, std::string_view text);
    void hold(std::string& out, char c);
    void break_line(std::string& out);

    Dots dots_;
    std::size_t column_ = 0;  // octets of the line that are out
    std::string held_;        // those behind column `held_from`, until it is known whether the line fits
};

}  // namespace ph::mail

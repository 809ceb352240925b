// mail/transfer_encoding.h: quoted-printable and base64 (RFC 2045 6.7, 6.8), whole texts in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ph::mail {

// Line ends (CRLF or LF) stay line ends and become CRLF; lines have at most 76 octets. A text without a line end at its end gets none.
std::string encode_quoted_printable(std::string_view text);
// Octets above 127 are let through; blanks at line ends go (RFC 2045 6.7). A fault if '=' is followed by neither digits nor line end.
Result<std::string> decode_quoted_printable(std::string_view text);

// Lines of 76 octets with CRLF, also behind the last.
std::string encode_base64(std::string_view octets);
// In one piece, without line ends.
std::string encode_base64_word(std::string_view octets);
// Blanks and line ends are passed over; a fault for anything else that is not of the alphabet, and for wrong padding.
Result<std::string> decode_base64(std::string_view text);

// The octets that encode_quoted_printable makes of a line, at most, for choosing the shorter encoding.
std::size_t quoted_printable_size(std::string_view text);
std::size_t base64_size(std::string_view octets);

}  // namespace ph::mail

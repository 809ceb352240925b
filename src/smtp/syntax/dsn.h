// smtp/syntax/dsn.h: values of the DSN parameters (RFC 3461 4) and their encodings: xtext, and those of UTF-8 addresses (RFC 6533 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/envelope.h"

namespace ph::smtp {

// RFC 3461 4: xtext, decoded; nullopt if it is malformed or hides anything but printable ASCII.
std::optional<std::string> decode_xtext(std::string_view text);
// RFC 6533 3: utf-8-addr-xtext and utf-8-addr-unitext, "\x{5B66}" for a character; decoded, without control characters.
std::optional<std::string> decode_utf8_address(std::string_view text);

// NEVER, or a list of SUCCESS, FAILURE and DELAY (RFC 3461 4.1).
std::optional<mail::Notify> parse_notify(std::string_view text);
// "rfc822;xtext" or "utf-8;…", decoded (RFC 3461 4.2, RFC 6533 3).
std::optional<std::string> parse_orcpt(std::string_view text);
// At most 100 characters of xtext, decoded (RFC 3461 4.4).
std::optional<std::string> parse_envid(std::string_view text);

}  // namespace ph::smtp

// mail/downgrade.h: makes a message fit for a next hop that lacks 8BITMIME or BINARYMIME by encoding its parts (RFC 6152 3, RFC 3030 3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ph::mail {

enum class NextHop : std::uint8_t {
    seven_bit,  // octets up to 127 in lines
    eight_bit,  // 8BITMIME without BINARYMIME: any octets but NUL, in lines
};

// `message` with the parts that would not pass encoded as quoted-printable or base64, whichever is shorter; as it is if all of it passes.
// A fault (5.6.3) where that would change what must not change: signed and encrypted parts, raw 8-bit header fields, broken MIME.
// At most 50 levels and 10 000 parts. The result is at most four times as large. Signatures over the whole message (DKIM) do not survive.
Result<std::string> downgrade(std::string_view message, NextHop next_hop);

}  // namespace ph::mail

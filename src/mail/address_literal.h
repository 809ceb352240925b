// mail/address_literal.h: the syntax of IPv4 and IPv6 addresses (RFC 5321 4.1.3, RFC 4291 2.2), without a socket library.
#pragma once

#include <string>
#include <string_view>

namespace ph::mail {

// Four numbers up to 255 without leading zeros: "010" is eight to some and ten to others, so it is not taken.
bool is_ipv4(std::string_view text);
// Eight groups of hexadecimal digits, "::" once, an IPv4 address at the end; no zone.
bool is_ipv6(std::string_view text);
// "[192.0.2.1]" or "[IPv6:2001:db8::1]" of an address; "" of anything else.
std::string address_literal(std::string_view address);

}  // namespace ph::mail

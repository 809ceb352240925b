// io/dns_wire.h: names as text and record data as octets (RFC 1035 3.1, 3.3). Everything here comes from strangers; what is malformed is
// nothing. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "io/resolver.h"

namespace ph::io {

// Lower case, without the final dot; nullopt for what can be no host's or policy's name: labels of 1 to 63 letters, digits, - and _, at most
// 253 octets.
std::optional<std::string> plain_name(std::string_view text);
// "1.2.0.192.in-addr.arpa"
std::string reverse_name(const IpAddress& address);

// Data of one record; names in it are not compressed.
std::optional<IpAddress> parse_a(std::string_view data);
std::optional<IpAddress> parse_aaaa(std::string_view data);
std::optional<MxRecord> parse_mx(std::string_view data);
std::optional<std::string> parse_ptr(std::string_view data);
std::optional<std::string> parse_txt(std::string_view data);  // its strings, joined

}  // namespace ph::io

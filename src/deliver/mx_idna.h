// deliver/mx_idna.h: domains in UTF-8 as DNS knows them: A-labels (RFC 5890, RFC 5891 5, RFC 3492).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ph::deliver {

// "例子.example" becomes "xn--fsqu00a.example"; ASCII stays as it is, in lower case. nullopt for what cannot be a name in DNS: broken UTF-8, an
// empty label, one of more than 63 octets, more than 253 in all. Scripts and bidi rules are not checked: a name that breaks them is not found.
std::optional<std::string> to_ascii_domain(std::string_view domain);

}  // namespace ph::deliver

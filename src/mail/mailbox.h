// mail/mailbox.h: Mailbox = local-part "@" domain, as RFC 5321 4.1.2 and RFC 6531 3.3 have it, taken apart and written again.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ph::mail {

// The local part is kept without quotes and escapes, so that "a b"@x and a\ b@x are the same; to_text() quotes again where needed.
// The domain is kept as given but in lower case (ASCII); an address literal with its brackets: "[192.0.2.1]", "[IPv6:2001:db8::1]".
// Both empty: the null reverse-path "<>". Domain empty alone: a mailbox of this host, "Postmaster" (RFC 5321 4.1.1.3).
struct Mailbox {
    std::string local_part;
    std::string domain;

    bool is_null() const { return local_part.empty() && domain.empty(); }
    bool is_postmaster() const;  // the local part, without regard to case
    bool is_ascii() const;
    friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

// RFC 5321 4.5.3.1.2, 4.5.3.1.3, in octets. The 64 of 4.5.3.1.1 is what a server must take at least; the local parts of returned mail (VERP,
// SRS) are longer in practice, so only the path as a whole has a bound.
inline constexpr std::size_t max_local_part = 254;
inline constexpr std::size_t max_domain = 255;
inline constexpr std::size_t max_path = 256;

// The whole of `text` is one mailbox; the domain may lack only for the name "postmaster". UTF-8 is taken (the caller asks is_ascii()).
// Faults: missing, a local part without a domain (504 5.5.2 rather than 501); too_large, over a limit; malformed, anything else.
Result<Mailbox> parse_mailbox(std::string_view text);
// "<" [ "@a,@b:" ] mailbox ">" at the head of `text`; the source route is dropped (RFC 5321 4.1.1.3, appendix C). "<>" gives the null
// mailbox: who may not have it asks is_null(). `length` gets the octets taken. Missing angle brackets are a fault.
Result<Mailbox> parse_path(std::string_view text, std::size_t& length);
// A domain as RFC 5321 4.1.2 has it, or UTF-8 labels (RFC 6531 3.3): labels of letters, digits, hyphens, 63 octets each. No literals.
bool is_domain(std::string_view text);
// "[192.0.2.1]" or "[IPv6:...]" with a valid address in it.
bool is_address_literal(std::string_view text);

// local@domain, the local part quoted where it must be; "" for the null path. Put the angle brackets around it yourself.
std::string to_text(const Mailbox& mailbox);

}  // namespace ph::mail

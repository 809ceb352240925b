// smtp/client/offers.h: what another server offers in its answer to EHLO or LHLO (RFC 5321 4.1.1.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ph::smtp::client {

struct Offers {
    bool extended = false;        // EHLO or LHLO was accepted, not only HELO
    bool pipelining = false;      // RFC 2920
    bool eight_bit = false;       // 8BITMIME, RFC 6152
    bool smtputf8 = false;        // RFC 6531
    bool dsn = false;             // RFC 3461
    bool chunking = false;        // RFC 3030
    bool binary_mime = false;     // RFC 3030
    bool enhanced = false;        // ENHANCEDSTATUSCODES, RFC 2034
    bool starttls = false;        // RFC 3207
    bool auth = false;            // RFC 4954
    std::uint64_t size = 0;       // the largest message it takes; 0: it does not say (RFC 1870)
    bool size_parameter = false;  // SIZE= may be given with MAIL
    std::uint32_t rcpt_max = 0;   // LIMITS (RFC 9422); 0: it does not say
    std::uint32_t mail_max = 0;
    std::string name;  // the domain in the first line; at most 255 octets, not verified
};

// `reply`: the lines with their codes, '\n' between, as PeerReply has them. Unknown and broken keywords are passed over.
Offers parse_offers(std::string_view reply);

}  // namespace ph::smtp::client

// mail/envelope.h: what SMTP says about a message beside its content: the mail transaction of RFC 5321 3.3 with the DSN wishes of RFC 3461.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mail/mailbox.h"

namespace ph::mail {

enum class BodyType : std::uint8_t { seven_bit, eight_bit_mime, binary_mime };  // RFC 6152, RFC 3030
enum class Ret : std::uint8_t { unset, full, headers };                         // RFC 3461 4.3

// RFC 3461 4.1: a set of wishes; empty (0) means that the sender said nothing, which is failure and perhaps delay.
struct Notify {
    static constexpr std::uint8_t never = 1;
    static constexpr std::uint8_t success = 2;
    static constexpr std::uint8_t failure = 4;
    static constexpr std::uint8_t delay = 8;
    std::uint8_t bits = 0;

    bool wants_success() const { return (bits & success) != 0; }
    bool wants_failure() const { return bits == 0 || (bits & failure) != 0; }
    bool wants_delay() const { return bits == 0 || (bits & delay) != 0; }
    friend bool operator==(Notify, Notify) = default;
};

struct Recipient {
    Mailbox address;  // where it goes
    Notify notify;
    std::string orcpt;  // "rfc822;user@example.org", xtext already decoded; "" if none was given (RFC 3461 4.2)
    friend bool operator==(const Recipient&, const Recipient&) = default;
};

struct Envelope {
    Mailbox reverse_path;
    BodyType body = BodyType::seven_bit;
    bool smtputf8 = false;
    Ret ret = Ret::unset;
    std::string envid;                // xtext decoded; "" if none (RFC 3461 4.4)
    std::uint64_t declared_size = 0;  // SIZE=; 0 if not given
    friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace ph::mail

// smtp/client/transaction.h: one mail transaction as the client is asked to do it (RFC 5321 3.3), and what came of it for each recipient.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/envelope.h"
#include "smtp/peer_reply.h"

namespace ph::smtp::client {

enum class Protocol : std::uint8_t { smtp, lmtp };

// What a reply answered, or what was being sent when none came.
enum class Command : std::uint8_t { greeting, ehlo, helo, lhlo, mail, rcpt, data, bdat, content };
// "RCPT TO", "end of DATA", as logs of mail servers say it; "" for the greeting.
std::string_view to_text(Command command);

struct Transaction {
    mail::Mailbox reverse_path;
    std::vector<mail::Recipient> recipients;
    mail::Ret ret = mail::Ret::unset;
    std::string envid;
    std::uint64_t size = 0;  // of the content in octets, without doubled dots (RFC 1870 5)
    bool eight_bit = false;  // octets above 127 in it
    bool binary = false;     // lines longer than 998 octets, bare CR or LF, NUL: only BDAT carries it (RFC 3030)
    bool smtputf8 = false;   // the header section needs it (RFC 6531 3.2); for the addresses the session sees by itself
};

enum class Fate : std::uint8_t {
    pending,       // only while the transaction is under way
    delivered,     // accepted by the peer, who now answers for it
    refused,       // `reply` says why: refused, refused for now, or the connection was lost
    postponed,     // the peer takes no more recipients with this copy: begin another transaction at once (RFC 5321 4.5.3.1.10)
    too_large,     // larger than the peer's SIZE; nothing was sent (RFC 1870 6.1)
    no_smtputf8,   // needs SMTPUTF8, which the peer lacks; nothing was sent (RFC 6531 3.2)
    no_eight_bit,  // needs 8BITMIME or BINARYMIME; nothing was sent: re-encode the content (RFC 6152 3)
    bad_address,   // an address that cannot be written into a command
    body_failed,   // our own store did not give the content
};

struct RecipientResult {
    Fate fate = Fate::pending;
    PeerReply reply;
    Command command = Command::mail;
};

struct TransactionResult {
    std::vector<RecipientResult> recipients;  // as many as in the transaction, in its order
    bool answered = false;                    // the peer answered MAIL, with whatever
};

}  // namespace ph::smtp::client

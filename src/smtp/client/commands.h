// smtp/client/commands.h: MAIL and RCPT with their parameters, as lines for the wire.
#pragma once

#include <string>
#include <string_view>

#include "smtp/client/offers.h"
#include "smtp/client/transaction.h"

namespace ph::smtp::client {

// What of a transaction goes into its commands with this peer.
struct Wishes {
    bool smtputf8 = false;  // the SMTPUTF8 parameter
    bool dsn = false;       // RET, ENVID, NOTIFY, ORCPT
};

// "MAIL FROM:<...>" with SIZE, BODY, SMTPUTF8, RET and ENVID as far as they are offered and needed; ends in CRLF.
void append_mail(std::string& out, const Transaction& transaction, const Offers& offers, Wishes wishes);
// "RCPT TO:<...>" with NOTIFY and ORCPT; ends in CRLF.
void append_rcpt(std::string& out, const mail::Recipient& recipient, Wishes wishes);

// Nothing in it could end the command or the path early: no control characters, no unquoted brackets.
bool is_writable(const mail::Mailbox& mailbox);

}  // namespace ph::smtp::client

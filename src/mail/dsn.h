// mail/dsn.h: Dsn, a delivery status notification (RFC 3464) in a multipart/report (RFC 6522), built from values. Ids, dates and the boundary
// come from the caller, so the same Dsn gives the same octets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "mail/envelope.h"
#include "mail/mailbox.h"
#include "status/bilingual.h"
#include "status/enhanced_code.h"

namespace ph::mail {

enum class DsnAction : std::uint8_t { failed, delayed, delivered, relayed, expanded };  // RFC 3464 2.3.3
std::string_view to_text(DsnAction action);

// What a recipient's fields say. Values come from peers and are made harmless here; more than 1000 octets of a diagnostic are cut.
struct DsnRecipient {
    std::string original_recipient;  // as mail::Recipient::orcpt: "rfc822;user@example.org", decoded; "" if none was given
    Mailbox final_recipient;
    DsnAction action = DsnAction::failed;
    status::EnhancedCode status{5, 0, 0};
    std::string remote_mta;       // "mx.example.org"; "" if none was reached
    std::string diagnostic_type;  // "smtp", "x-posthorn"
    std::string diagnostic;       // the peer's words or ours; lines are joined by blanks
    std::optional<TimePoint> last_attempt;
    std::optional<TimePoint> will_retry_until;  // told of delayed recipients alone (RFC 3464 2.3.9)
};

struct Dsn {
    std::string reporting_mta;  // our host name
    Mailbox reverse_path;       // to whom it goes
    std::string envelope_id;    // ENVID, decoded; "" if none (RFC 3464 2.2.1)
    TimePoint arrival{};        // of the message that is reported on
    TimePoint now{};
    std::string unique;              // left part of the Message-ID, a dot-atom
    std::string boundary;            // 1 to 60 letters and digits nobody can guess
    std::vector<std::string> texts;  // for a person, UTF-8, '\n' at line ends: English, then Chinese; wider lines are wrapped at 76 columns
    std::vector<DsnRecipient> recipients;
    std::string_view original;   // the message, or as much of its head as was read
    bool original_whole = true;  // `original` is all of it
    Ret ret = Ret::unset;        // full: the message if it fits, else, and for headers and unset, its header section
    bool smtputf8 = false;       // the message came with SMTPUTF8, so its sender takes such an answer (RFC 6533 4.1)
};

inline constexpr std::size_t max_dsn_size = 256 * 1024;
inline constexpr std::size_t max_dsn_recipients = 50;  // the caller makes several notices of more

// "Mail not delivered / 邮件未送达".
status::Bilingual dsn_subject(DsnAction action);

struct DsnMessage {
    std::string content;     // at most max_dsn_size octets, CRLF line ends
    bool eight_bit = false;  // goes out with BODY=8BITMIME
    bool smtputf8 = false;   // goes out with SMTPUTF8
};
// A fault if there is no recipient, there are too many, or the boundary is not one.
Result<DsnMessage> build_dsn(const Dsn& dsn);

// RFC 6533 3: utf-8-addr-xtext, an address with characters beyond ASCII in ASCII: "\x{7528}\x{6237}@example.org".
std::string utf8_address_xtext(std::string_view address);

}  // namespace ph::mail

// smtp/reply.h: a reply as our server sends it (RFC 5321 4.2). Refusals come from the catalogue (catalogue/replies.h), so that each has a
// cause that explains it; what is positive comes from smtp/replies.h. Nowhere else is reply text typed.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "status/cause.h"
#include "status/enhanced_code.h"
#include "status/reply_code.h"

namespace ph::smtp {

struct Reply {
    status::ReplyCode code = *status::ReplyCode::from(250);
    std::optional<status::EnhancedCode> enhanced;  // none in greetings, EHLO and 3yz replies (RFC 2034 4)
    std::string text;                              // lines are separated by '\n'; ASCII, or UTF-8 when the client asked for SMTPUTF8
    std::string_view name;                         // "relay-denied"; constant data
    std::string_view cause;                        // "relay.denied"; "" for positive replies

    bool positive() const { return code.value() < 400; }
    // 421 and 521: the connection is closed after it.
    bool closes() const { return code.value() == 421 || code.value() == 521; }
};

// A value for a {place} of the reply's line. What could break the line (control characters, CR, LF) is replaced by '?', and it is cut at 200
// octets: values come from the client.
struct Value {
    std::string_view place;  // "address"
    std::string_view text;
};

// The catalogue's reply with its values put in. A place without a value is a bug (PH_ASSERT).
Reply refuse(const status::OwnReply& own, std::initializer_list<Value> values = {});
// "250-..." lines with the enhanced code in each (RFC 2034 4), each ended by CRLF, none longer than 512 octets (RFC 5321 4.5.3.1.5).
void append_wire(std::string& out, const Reply& reply);

}  // namespace ph::smtp

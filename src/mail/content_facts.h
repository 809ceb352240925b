// mail/content_facts.h: what the content of a message showed on its way through: for the checks at its end and for what is put before it.
// Filled by mail::ContentScanner; bounded, whatever the message.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ph::mail {

struct ContentFacts {
    std::uint64_t size = 0;          // octets as stored, after dots were taken off
    std::uint64_t header_size = 0;   // octets of the header section with the empty line that ends it; all of them if none does
    std::uint32_t received = 0;      // Received: fields (RFC 5321 6.3)
    std::uint32_t longest_line = 0;  // octets without CRLF
    std::uint32_t mime_depth = 0;    // nesting of multiparts, as far as the headers tell
    bool has_from = false;
    bool has_date = false;
    bool has_message_id = false;
    bool eight_bit = false;                 // an octet above 127, in header or body
    bool eight_bit_header = false;          // one in the header section of the message (RFC 6532)
    bool bare_line_feed = false;            // a CR or LF that stood alone (they were made CRLF); the session knows, the scanner does not
    bool bad_header = false;                // a line of the header section that is neither field nor continuation
    std::string message_id;                 // the value of the first Message-ID: field, with its brackets; at most 255 octets
    std::vector<std::string> delivered_to;  // the first 20 Delivered-To: values, in lower case
    std::vector<std::string> received_by;   // the "by" host of the first 100 Received: fields, to name the loop

    friend bool operator==(const ContentFacts&, const ContentFacts&) = default;
};

}  // namespace ph::mail

// mail/content_type.h: what a MIME entity says of itself: Content-Type and Content-Transfer-Encoding (RFC 2045 5, 6), and the delimiter lines
// between the parts of a multipart (RFC 2046 5.1.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ph::mail {

// RFC 2046 5.1.1: a boundary has 1 to 70 characters. Longer ones are not followed.
inline constexpr std::size_t max_boundary = 70;

struct ContentType {
    std::string type = "text";                                    // in lower case
    std::string subtype = "plain";                                // in lower case
    std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, values without quotes; the first 20

    // The value of a Content-Type: field. What cannot be read as one is text/plain, as RFC 2045 5.2 advises.
    static ContentType parse(std::string_view value);

    bool is(std::string_view a_type, std::string_view a_subtype) const { return type == a_type && subtype == a_subtype; }
    bool is_multipart() const { return type == "multipart"; }
    // message/rfc822 and message/global: the content is a message again (RFC 2046 5.2.1, RFC 6532 3.7).
    bool is_message() const { return type == "message" && (subtype == "rfc822" || subtype == "global"); }
    std::string_view parameter(std::string_view name) const;
    // "" if there is none that can be followed.
    std::string_view boundary() const;
};

enum class Delimiter : std::uint8_t { none, open, close };

// Whether `line` (without its end) is "--boundary" or "--boundary--", with nothing but blanks behind it.
Delimiter delimiter_of(std::string_view line, std::string_view boundary);

}  // namespace ph::mail

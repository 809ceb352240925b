// mail/field_writer.h: header fields as we write them. Values come from clients and peers, so nothing in a value can end its field.
#pragma once

#include <string>
#include <string_view>

namespace ph::mail {

// `text` as one line of UTF-8: control characters become '?', octets that are not UTF-8 U+FFFD; cut between characters at `max` octets.
std::string clean_value(std::string_view text, std::size_t max);
// The same in ASCII: each character above 127 becomes '?'.
std::string clean_ascii_value(std::string_view text, std::size_t max);

// "Name: value\r\n", folded at blanks so that no line has more than 76 octets, if the words allow (RFC 5322 2.2.3). A word of more than 900
// octets is broken, for a line must not have more than 998. The value has to be clean.
void append_field(std::string& out, std::string_view name, std::string_view value);

}  // namespace ph::mail

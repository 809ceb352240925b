// mail/encoded_word.h: text beyond ASCII in header fields (RFC 2047): written for our own notices, read for lists that a person sees.
#pragma once

#include <string>
#include <string_view>

namespace ph::mail {

// `text` (UTF-8) as the value of an unstructured field, to be given to append_field(): as it is if that is unambiguous ASCII, else in encoded
// words with blanks between them, each of at most 60 octets and of whole characters.
std::string encode_words(std::string_view text);

// The value of a field as UTF-8 on one line. Words of a charset other than UTF-8, ASCII and ISO 8859-1 give their octets as they are;
// whatever is not UTF-8 in the end becomes U+FFFD. Broken words stay as they stand; 10 000 octets are looked at.
std::string decode_words(std::string_view value);

}  // namespace ph::mail

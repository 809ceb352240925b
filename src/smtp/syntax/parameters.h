// smtp/syntax/parameters.h: the parameters behind a path in MAIL and RCPT (RFC 5321 4.1.2: esmtp-param), one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ph::smtp {

struct Parameter {
    std::string_view keyword;
    std::optional<std::string_view> value;  // never empty
    std::string_view text;                  // both, as written
};

enum class NextParameter : std::uint8_t { found, end, malformed };

// Takes one parameter from the head of `rest`, blanks before it too. When it is malformed, `out.text` has the word that is.
NextParameter next_parameter(std::string_view& rest, Parameter& out);

// SIZE=: decimal digits, at most 20 (RFC 1870 6); what is beyond 64 bits becomes the largest number.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace ph::smtp

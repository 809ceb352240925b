// smtp/syntax/parameters.cc: the grammar of RFC 5321 4.1.2 (esmtp-keyword, esmtp-value), with UTF-8 in values (RFC 6531 3.3).
#include "smtp/syntax/parameters.h"

#include <algorithm>
#include <limits>

#include "base/ascii.h"
#include "smtp/syntax/command.h"

namespace ph::smtp {
namespace {

// RFC 5321 4.1.2: esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-").
bool is_keyword(std::string_view text) {
    if (text.empty() || !is_alnum(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

// RFC 5321 4.1.2: esmtp-value = 1*(%d33-60 / %d62-126), and RFC 6531 3.3: UTF8-non-ascii.
bool is_value(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet > 32 && octet != 127 && octet != '=';
    });
}

}  // namespace

NextParameter next_parameter(std::string_view& rest, Parameter& out) {
    rest = skip_separators(rest);
    if (rest.empty()) return NextParameter::end;
    const auto* const end = std::find_if(rest.begin(), rest.end(), is_separator);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    out.text = rest.substr(0, length);
    rest.remove_prefix(length);

    const std::size_t equals = out.text.find('=');
    out.keyword = out.text.substr(0, equals);
    out.value.reset();
    if (!is_keyword(out.keyword)) return NextParameter::malformed;
    if (equals == std::string_view::npos) return NextParameter::found;
    out.value = out.text.substr(equals + 1);
    return is_value(*out.value) ? NextParameter::found : NextParameter::malformed;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    if (text.empty() || text.size() > 20 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (largest - digit) / 10) return largest;
        value = value * 10 + digit;
    }
    return value;
}

}  // namespace ph::smtp

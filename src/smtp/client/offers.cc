// smtp/client/offers.cc: EHLO keywords (RFC 5321 4.1.1.1). A keyword we cannot read counts as not offered: the session then does without.
#include "smtp/client/offers.h"

#include <charconv>

#include "base/ascii.h"

namespace ph::smtp::client {
namespace {

std::string_view next_word(std::string_view& text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    std::size_t end = 0;
    while (end < text.size() && !is_blank(text[end])) ++end;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

template <typename Number>
Number number_of(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

struct Keyword {
    std::string_view name;
    bool Offers::*offered;
};
constexpr Keyword keywords[] = {
    {"PIPELINING", &Offers::pipelining}, {"8BITMIME", &Offers::eight_bit},
    {"SMTPUTF8", &Offers::smtputf8},     {"DSN", &Offers::dsn},
    {"CHUNKING", &Offers::chunking},     {"BINARYMIME", &Offers::binary_mime},
    {"STARTTLS", &Offers::starttls},     {"ENHANCEDSTATUSCODES", &Offers::enhanced},
    {"SIZE", &Offers::size_parameter},   {"AUTH", &Offers::auth},
};

// RFC 9422 4: LIMITS RCPTMAX=100 MAILMAX=20
void take_limits(std::string_view words, Offers& offers) {
    for (std::string_view word = next_word(words); !word.empty(); word = next_word(words)) {
        const std::string_view name = word.substr(0, word.find('='));
        if (name.size() == word.size()) continue;
        const auto value = number_of<std::uint32_t>(word.substr(name.size() + 1));
        if (equals_ignoring_case(name, "RCPTMAX")) offers.rcpt_max = value;
        if (equals_ignoring_case(name, "MAILMAX")) offers.mail_max = value;
    }
}

void take_keyword(std::string_view line, Offers& offers) {
    const std::string_view name = next_word(line);
    for (const Keyword& keyword : keywords) {
        if (equals_ignoring_case(name, keyword.name)) offers.*keyword.offered = true;
    }
    if (equals_ignoring_case(name, "SIZE")) offers.size = number_of<std::uint64_t>(next_word(line));
    if (equals_ignoring_case(name, "LIMITS")) take_limits(line, offers);
}

}  // namespace

Offers parse_offers(std::string_view reply) {
    Offers offers;
    offers.extended = true;
    bool first = true;
    while (!reply.empty()) {
        const std::size_t end = reply.find('\n');
        std::string_view line = reply.substr(0, end);
        reply.remove_prefix(end == std::string_view::npos ? reply.size() : end + 1);
        line.remove_prefix(line.size() < 4 ? line.size() : 4);
        if (first) {
            offers.name = next_word(line).substr(0, 255);
        } else {
            take_keyword(line, offers);
        }
        first = false;
    }
    return offers;
}

}  // namespace ph::smtp::client

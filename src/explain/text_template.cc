// explain/text_template.cc: one scanner for {name|fallback}, used as it goes and for JSON ahead of time.
#include "explain/text_template.h"

#include "base/json_writer.h"
#include "explain/reply_values.h"

namespace ph::explain {
namespace {

struct Place {
    std::string_view literal;  // what stands before it
    std::optional<status::Placeholder> placeholder;
    std::string_view fallback;
};

// Takes the text up to and with the next placeholder off the front of `rest`. The catalogue's loader has checked the form.
Place next_place(std::string_view& rest) {
    const std::size_t open = rest.find('{');
    const std::size_t close = open == std::string_view::npos ? open : rest.find('}', open);
    if (close == std::string_view::npos) {
        const Place last{rest, std::nullopt, {}};
        rest = {};
        return last;
    }
    const std::string_view inner = rest.substr(open + 1, close - open - 1);
    const std::size_t bar = inner.find('|');
    const Place place{rest.substr(0, open), status::parse_placeholder(inner.substr(0, bar)),
                      bar == std::string_view::npos ? inner : inner.substr(bar + 1)};
    rest.remove_prefix(close + 1);
    return place;
}

bool is_wide(unsigned char byte) {
    return byte >= 0x80;
}

// In Chinese a blank parts Chinese from Latin text, and never Chinese from Chinese: whichever of value and fallback is put in, the
// blanks that the catalogue has around its place are taken out where they would do that.
void append_joined(std::string& out, std::string_view text, status::Language language) {
    if (language == status::Language::zh && !out.empty() && !text.empty()) {
        const auto last = [&](std::size_t back) { return static_cast<unsigned char>(out.size() >= back ? out[out.size() - back] : ' '); };
        if (last(1) == ' ' && is_wide(last(2)) && is_wide(static_cast<unsigned char>(text.front()))) out.pop_back();
        if (text.size() > 1 && text.front() == ' ' && is_wide(last(1)) && is_wide(static_cast<unsigned char>(text[1]))) text.remove_prefix(1);
    }
    out += text;
}

}  // namespace

void append_filled(std::string& out, std::string_view text, const Diagnosis& diagnosis, status::Language language) {
    while (!text.empty()) {
        const Place place = next_place(text);
        append_joined(out, place.literal, language);
        const std::string_view value = place.placeholder ? value_of(*place.placeholder, diagnosis, language) : std::string_view{};
        append_joined(out, value.empty() ? place.fallback : value, language);
    }
}

JsonTemplate::JsonTemplate(std::string_view text, status::Language language) : language_(language) {
    while (!text.empty()) {
        const Place place = next_place(text);
        Piece& piece = pieces_.emplace_back();
        append_json_escaped(piece.literal, place.literal);
        piece.placeholder = place.placeholder;
        append_json_escaped(piece.fallback, place.fallback);
    }
}

void JsonTemplate::append(std::string& out, const Diagnosis& diagnosis) const {
    std::string escaped;
    for (const Piece& piece : pieces_) {
        append_joined(out, piece.literal, language_);
        if (!piece.placeholder) continue;
        const std::string_view value = value_of(*piece.placeholder, diagnosis, language_);
        escaped.clear();
        append_json_escaped(escaped, value);
        append_joined(out, value.empty() ? piece.fallback : escaped, language_);
    }
}

}  // namespace ph::explain

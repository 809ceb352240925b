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
    const Place place{rest.substr(0, open), status::parse_placeholder(inner.substr(0, bar)), bar == std::string_view::npos ? inner : inner.substr(bar + 1)};
    rest.remove_prefix(close + 1);
    return place;
}

}  // namespace

void append_filled(std::string& out, std::string_view text, const Diagnosis& diagnosis, status::Language language) {
    while (!text.empty()) {
        const Place place = next_place(text);
        out += place.literal;
        const std::string_view value = place.placeholder ? value_of(*place.placeholder, diagnosis, language) : std::string_view{};
        out += value.empty() ? place.fallback : value;
    }
}

JsonTemplate::JsonTemplate(std::string_view text, status::Language language) : language_(language) {
    while (!text.empty()) {
        const Place place = next_place(text);
        Piece& piece = pieces_.emplace_back();
        append_json_escaped(piece.literal, place.literal);
        piece.has_value = place.placeholder.has_value();
        piece.placeholder = place.placeholder.value_or(status::Placeholder::address);
        append_json_escaped(piece.fallback, place.fallback);
    }
}

void JsonTemplate::append(std::string& out, const Diagnosis& diagnosis) const {
    for (const Piece& piece : pieces_) {
        out += piece.literal;
        if (!piece.has_value) continue;
        const std::string_view value = value_of(piece.placeholder, diagnosis, language_);
        if (value.empty()) {
            out += piece.fallback;
        } else {
            append_json_escaped(out, value);
        }
    }
}

}  // namespace ph::explain

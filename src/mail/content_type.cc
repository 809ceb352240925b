// mail/content_type.cc: reads the values of MIME fields with their comments, quotes and blanks (RFC 2045 5.1, RFC 5322 3.2.2).
#include "mail/content_type.h"

#include <algorithm>

#include "base/ascii.h"

namespace ph::mail {
namespace {

constexpr std::size_t max_parameters = 20;

// RFC 2045 5.1: a token has no blanks, controls and tspecials; octets above 127 are not asked for, but they come.
bool is_token(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

class ValueReader {
  public:
    explicit ValueReader(std::string_view text) : text_(text) {}

    bool take(char c) {
        skip();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    std::string_view token() {
        skip();
        const std::size_t start = at_;
        while (at_ < text_.size() && is_token(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }
    // A parameter's value: a quoted string, or all up to the next ';' or blank, for boundaries often stand there without their quotes.
    std::string value() {
        if (take('"')) return quoted('"');
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != ';' && !is_blank(text_[at_])) ++at_;
        return std::string(text_.substr(start, at_ - start));
    }
    // To the octet behind the next ';' outside of quotes and comments; false at the end.
    bool next_parameter() {
        for (skip(); at_ < text_.size(); skip()) {
            const char c = text_[at_++];
            if (c == ';') return true;
            if (c == '"') quoted('"');
        }
        return false;
    }

  private:
    std::string quoted(char end) {
        std::string text;
        while (at_ < text_.size()) {
            char c = text_[at_++];
            if (c == end) break;
            if (c == '\\' && at_ < text_.size()) c = text_[at_++];
            text += c;
        }
        return text;
    }
    // Blanks and comments, which nest.
    void skip() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(') {
                ++depth;
            } else if (depth == 0) {
                if (!is_blank(c)) return;
            } else if (c == '\\') {
                at_ += at_ + 1 < text_.size() ? 1U : 0U;
            } else if (c == ')') {
                --depth;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

ContentType ContentType::parse(std::string_view value) {
    ContentType content;
    ValueReader reader(value);
    const std::string_view type = reader.token();
    if (type.empty() || !reader.take('/')) return content;
    const std::string_view subtype = reader.token();
    if (subtype.empty()) return content;
    content.type = to_lower(type);
    content.subtype = to_lower(subtype);
    while (content.parameters.size() < max_parameters && reader.next_parameter()) {
        const std::string_view name = reader.token();
        if (!name.empty() && reader.take('=')) {
            std::string text = reader.value();
            content.parameters.emplace_back(to_lower(name), std::move(text));
        }
    }
    return content;
}

std::string_view ContentType::parameter(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& parameter) { return parameter.first == name; });
    return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view ContentType::boundary() const {
    std::string_view text = parameter("boundary");
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text.size() > max_boundary ? std::string_view() : text;
}

Delimiter delimiter_of(std::string_view line, std::string_view boundary) {
    if (boundary.empty() || line.size() < boundary.size() + 2 || line[0] != '-' || line[1] != '-') return Delimiter::none;
    if (line.substr(2, boundary.size()) != boundary) return Delimiter::none;
    std::string_view rest = line.substr(boundary.size() + 2);
    const bool close = rest.starts_with("--");
    if (close) rest.remove_prefix(2);
    if (!std::all_of(rest.begin(), rest.end(), is_blank)) return Delimiter::none;
    return close ? Delimiter::close : Delimiter::open;
}

}  // namespace ph::mail

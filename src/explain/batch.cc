// explain/batch.cc: simdjson's on-demand reader over a padded copy of the line; its exceptions and errors end here.
#include "explain/batch.h"

#include <simdjson.h>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "explain/charset.h"

namespace ph::explain {

namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

// The reader takes the first letter for the whole of a value that it does not convert; an id is passed on as it stands, of any size.
bool is_json_scalar(std::string_view text) {
    if (text == "true" || text == "false" || text == "null") return true;
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t integer = skip_digits(text, at);
    if (integer == at || (text[at] == '0' && integer > at + 1)) return false;  // RFC 8259 6
    at = integer;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = skip_digits(text, at + 1);
        if (fraction == at + 1) return false;
        at = fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        const std::size_t exponent = skip_digits(text, at);
        if (exponent == at) return false;
        at = exponent;
    }
    return at == text.size();
}

}  // namespace

struct Batch::Parser {
    simdjson::ondemand::parser parser;
    std::string line;  // with room behind it, as simdjson wants

    struct Request {
        std::string_view id;  // JSON, as it stands
        std::string_view text;
        Hints hints;
        bool has_text = false;
    };
    // The views are valid until the next call. An empty error means success.
    std::string_view read(std::string_view text, Request& request);
    static std::string_view read_field(simdjson::ondemand::field& field, Request& request);
};

// Strings may carry a lone surrogate or any other thing that has no UTF-8; simdjson refuses those, and so do we.
std::string_view Batch::Parser::read_field(simdjson::ondemand::field& field, Request& request) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return "a key is not a JSON string";
    auto& value = field.value();
    if (key == "id") {
        simdjson::ondemand::json_type type{};
        if (value.type().get(type) != simdjson::SUCCESS) return "'id' is not JSON";
        if (type == simdjson::ondemand::json_type::object || type == simdjson::ondemand::json_type::array) return "'id' must be a string or a number";
        request.id = trim(value.raw_json_token());
        std::string_view string;
        const bool good =
            type == simdjson::ondemand::json_type::string ? value.get_string().get(string) == simdjson::SUCCESS : is_json_scalar(request.id);
        return good ? std::string_view{} : "'id' is not JSON";
    }
    std::string_view* target = key == "text"       ? &request.text
                               : key == "provider" ? &request.hints.provider
                               : key == "host"     ? &request.hints.host
                               : key == "command"  ? &request.hints.command
                                                   : nullptr;
    if (target == nullptr) return {};  // fields of a later version
    if (value.get_string().get(*target) != simdjson::SUCCESS) return "'text', 'provider', 'host' and 'command' must be strings";
    request.has_text |= key == "text";
    return {};
}

std::string_view Batch::Parser::read(std::string_view text, Request& request) {
    line.assign(text);
    if (line.capacity() < line.size() + simdjson::SIMDJSON_PADDING) line.reserve(2 * line.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    if (parser.iterate(line.data(), line.size(), line.capacity()).get(document) != simdjson::SUCCESS) return "not JSON";
    simdjson::ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return "not a JSON object: {\"id\": …, \"text\": …}";
    for (auto field : object) {
        if (field.error() != simdjson::SUCCESS) return "not JSON";
        const std::string_view error = read_field(field.value_unsafe(), request);
        if (!error.empty()) return error;
    }
    if (document.current_location().error() == simdjson::SUCCESS) return "more than one JSON value on the line";
    return request.has_text ? std::string_view{} : "no \"text\"";
}

Batch::Batch(const status::Catalogue& catalogue) : explainer_(catalogue), parser_(std::make_unique<Parser>()) {}
Batch::~Batch() = default;

bool Batch::refuse(std::string& out, std::string_view why) const {
    std::string message = "line " + std::to_string(line_) + ": ";
    message += why;
    JsonWriter json(out);
    json.begin_object().key("id").null().field("error", message).end_object();
    out += '\n';
    return false;
}

bool Batch::answer(std::string_view line, std::string& out) {
    ++line_;
    if (trim(line).empty()) return true;
    // JSON is UTF-8 (RFC 8259 8.1), but a program that pastes a GB18030 reply into its JSON is helped, not sent away.
    std::string decoded;
    Parser::Request request;
    const std::string_view error = parser_->read(to_utf8(line, decoded), request);
    if (!error.empty()) return refuse(out, error);
    reporter_.append(out, explainer_.diagnose(request.text, request.hints), request.id.empty() ? "null" : request.id);
    out += '\n';
    return true;
}

void Batch::answer_too_long(std::string& out) {
    ++line_;
    refuse(out, "longer than 1 MiB");
}

}  // namespace ph::explain

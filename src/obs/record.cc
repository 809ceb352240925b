// obs/record.cc: the two forms of a log record. In the text form a value stands bare when it is one plain word; otherwise it is quoted, and
// inside the quotes everything that could end the line, forge a field or steer a terminal is escaped.
#include "obs/record.h"

#include <array>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace ph::obs {
namespace {

constexpr std::array<std::string_view, 5> level_names = {"debug", "info", "notice", "warning", "error"};

// `text` cut at max_value, never within a code point.
std::string_view cut(std::string_view text) {
    if (text.size() <= max_value) return text;
    std::size_t end = max_value;
    while (end > max_value - 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

bool is_plain(std::string_view value) {
    if (value.empty() || value.size() > max_value) return false;
    for (const char c : value) {
        if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\') return false;
    }
    return true;
}

// Invisible, or able to change how the rest of the line is shown: C1 controls, bidirectional controls, line and paragraph separator, BOM.
bool is_unsafe(char32_t c) {
    return (c >= 0x80 && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

void append_hex(std::string& out, char32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

void append_escaped_ascii(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    if (c >= ' ' && c <= '~') {
        out += c;
        return;
    }
    out += "\\x";
    append_hex(out, static_cast<unsigned char>(c), 2);
}

void append_quoted(std::string& out, std::string_view value) {
    const std::string_view text = cut(value);
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid || point.length == 1) {
            append_escaped_ascii(out, text[at]);
        } else if (is_unsafe(point.value)) {
            out += "\\u";
            append_hex(out, point.value, 4);
        } else {
            out += text.substr(at, point.length);
        }
        at += point.length;
    }
    out += text.size() < value.size() ? "…\"" : "\"";
}

}  // namespace

std::string_view to_text(Level level) {
    return level_names[static_cast<std::size_t>(level)];
}

std::optional<Level> parse_level(std::string_view text) {
    for (std::size_t i = 0; i < level_names.size(); ++i) {
        if (text == level_names[i]) return static_cast<Level>(i);
    }
    return std::nullopt;
}

std::optional<Format> parse_format(std::string_view text) {
    if (text == "text") return Format::text;
    if (text == "json") return Format::json;
    return std::nullopt;
}

void append_text_record(std::string& out, std::string_view time, Level level, std::string_view event, std::span<const Field> fields) {
    out.append(time).append(1, ' ').append(to_text(level)).append(1, ' ').append(event);
    for (const Field& field : fields) {
        out.append(1, ' ').append(field.key).append(1, '=');
        if (is_plain(field.value)) {
            out += field.value;
        } else {
            append_quoted(out, field.value);
        }
    }
    out += '\n';
}

void append_json_record(std::string& out, std::string_view time, Level level, std::string_view event, std::span<const Field> fields) {
    JsonWriter json(out);
    json.begin_object().field("time", time).field("level", to_text(level)).field("event", event);
    for (const Field& field : fields) {
        const std::string_view text = cut(field.value);
        if (text.size() == field.value.size()) {
            json.field(field.key, text);
        } else {
            json.field(field.key, std::string(text) + "…");
        }
    }
    json.end_object();
    out += '\n';
}

}  // namespace ph::obs

// base/json_writer.cc: escaping by runs: the bytes between two that need care are appended at once.
#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"
#include "base/utf8.h"

namespace ph {
namespace {

constexpr std::array<bool, 256> needs_care = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
    for (std::size_t c = 0x7F; c < 256; ++c) table[c] = true;
    table['"'] = table['\\'] = true;
    return table;
}();

// C1 controls (U+0080 to U+009F) too: a terminal obeys U+009B as it does ESC [.
void append_escaped_control(std::string& out, unsigned char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += hex[c >> 4U];
            out += hex[c & 0xFU];
    }
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
    const char* bytes = text.data();
    const std::size_t size = text.size();
    std::size_t run = 0;
    for (std::size_t at = 0; at < size;) {
        if (!needs_care[static_cast<unsigned char>(bytes[at])]) {
            ++at;
            continue;
        }
        const CodePoint point = decode_utf8(text, at);
        if (point.valid && point.value > 0x9F) {
            at += point.length;
            continue;
        }
        out.append(text, run, at - run);
        if (point.valid) {
            append_escaped_control(out, static_cast<unsigned char>(point.value));
        } else {
            out += "\xEF\xBF\xBD";
        }
        run = at += point.length;
    }
    out.append(text, run, text.size() - run);
}

void JsonWriter::separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    PH_ASSERT(name.size() <= 60);
    char text[64];
    char* end = text;
    if (needs_comma_) *end++ = ',';
    *end++ = '"';
    end = std::copy(name.begin(), name.end(), end);
    *end++ = '"';
    *end++ = ':';
    out_.append(text, end);
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
    out_.append(needs_comma_ ? ",\"" : "\"");
    needs_comma_ = true;
    append_json_escaped(out_, value);
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    separate();
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out_.append(digits, end);
    return *this;
}

JsonWriter& JsonWriter::decimal(double value, int digits) {
    separate();
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr;
    out_.append(text, end);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace ph

// base/json_writer.h: JSON out (RFC 8259), one pass into a string that the caller owns and may use again.
// Strings must be UTF-8; a byte that is not becomes U+FFFD, so that the output is always JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ph {

void append_json_escaped(std::string& out, std::string_view text);  // without the quotes

class JsonWriter {
  public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    // `name` is one of ours: letters, digits and _ only, at most 60.
    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& decimal(double value, int digits);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    // `json` is already JSON: a part of the input passed on, or a text escaped earlier.
    JsonWriter& raw(std::string_view json);

    JsonWriter& field(std::string_view name, std::string_view value) { return key(name).string(value); }
    JsonWriter& flag(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& count(std::string_view name, std::int64_t value) { return key(name).number(value); }

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string& out_;
    bool needs_comma_ = false;
};

}  // namespace ph

// obs/record.h: one log record: level, event name, fields; and its two forms, a line of text for people and a line of JSON for programs.
// Values come from peers: whatever they hold, a record stays one line and never carries a raw control character to a terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace ph::obs {

enum class Level : std::uint8_t { debug, info, notice, warning, error };
enum class Format : std::uint8_t { text, json };

std::string_view to_text(Level level);
std::optional<Level> parse_level(std::string_view text);
std::optional<Format> parse_format(std::string_view text);

// Views of the caller; they live until the record is written. Keys are ours: letters, digits and _.
struct Field {
    std::string_view key;
    std::string_view value;
};

// Longer values are cut there and end in "…"; a reply or an address is far shorter.
inline constexpr std::size_t max_value = 2048;

// Both append a whole line, its end included. `time` is already text (RFC 3339).
// 2026-11-24T19:06:31.042Z info smtp.accepted id=… client=192.0.2.1 helo="a b"
void append_text_record(std::string& out, std::string_view time, Level level, std::string_view event, std::span<const Field> fields);
// {"time":"2026-11-24T19:06:31.042Z","level":"info","event":"smtp.accepted","id":"…"}
void append_json_record(std::string& out, std::string_view time, Level level, std::string_view event, std::span<const Field> fields);

}  // namespace ph::obs

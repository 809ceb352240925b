// base/display.h: text on a terminal: how many columns it takes, and where its lines may break (wide characters count two).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ph {

// Columns that the UTF-8 text takes on a terminal; control characters take none.
std::size_t display_width(std::string_view text);

// `text` cut into lines of at most `columns`. Breaks at blanks and between Chinese characters, never before closing
// punctuation; a word longer than a line stands on a line of its own.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// `text` with blanks behind it up to `columns`, at least one.
std::string pad(std::string_view text, std::size_t columns);

// `text` without control characters (tabs and line ends become blanks): what may go to a terminal.
std::string printable(std::string_view text);

}  // namespace ph

// base/toml.h: TOML in, with the place of every value, so that a complaint can name file, line and column.
// The exceptions of the library end here.
#pragma once

#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "base/result.h"

namespace ph {

// Parses `text`; `file` is only for the messages.
Result<toml::table> parse_toml(std::string_view text, const std::string& file);

// Where `node` stands in `file`.
SourceLocation location_of(const toml::node& node, const std::string& file);

}  // namespace ph

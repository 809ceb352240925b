// base/toml.cc: toml++ behind Result.
#include "base/toml.h"

#include "base/utf8.h"

namespace ph {

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
    // toml++ would complain about a broken byte without saying which line a person has to look at.
    if (!is_utf8(text)) return fail(FaultKind::malformed, "not UTF-8; save the file as UTF-8", {file, 0, 0});
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        const auto& begin = error.source().begin;
        return fail(FaultKind::malformed, "not TOML: " + std::string(error.description()), {file, begin.line, begin.column});
    }
}

SourceLocation location_of(const toml::node& node, const std::string& file) {
    return {file, node.source().begin.line, node.source().begin.column};
}

}  // namespace ph

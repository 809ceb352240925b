// explain/rule_compile.h: what a catalogue rule says, made ready for matching: literals with their boundaries, patterns with the
// literal pieces that they cannot match without.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <re2/re2.h>

#include "base/result.h"
#include "status/catalogue.h"

namespace ph::explain {

// The options all patterns are compiled with: UTF-8, no captures beyond the whole match, bounded memory. Faults name the mistake.
Result<std::unique_ptr<RE2>> compile_pattern(std::string_view source);

// The longest phrase, URL or host of a rule in bytes; nothing of use is longer.
inline constexpr std::size_t max_literal = 1000;

// Rules see folded replies, so what they say is folded too: a phrase may be written with full-width or traditional characters.
std::string folded(std::string_view text);

// `text` is one entry of a rule's list; the result's views are in `arena`.
Result<status::Alternative> compile_text(std::string_view written, status::CatalogueArena& arena);
Result<status::Alternative> compile_regex(std::string_view written, status::CatalogueArena& arena);
Result<status::Alternative> compile_url(std::string_view text, status::CatalogueArena& arena);
Result<status::Alternative> compile_host(std::string_view host, status::CatalogueArena& arena);

// The tier that follows from what the rule says (catalogue/README.md, "The order is fixed").
status::Tier tier_of(const status::Rule& rule, bool weak);

// A phrase is kept as its literal segments with this byte between them: " * " in the catalogue.
inline constexpr char segment_mark = '\x01';

}  // namespace ph::explain

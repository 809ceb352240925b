// explain/fold.h: one spelling for what replies spell in several ways: full-width forms, typographic quotes, traditional characters.
#pragma once

#include <string>
#include <string_view>

namespace ph::explain {

// The character that stands for `point` in a normalised reply; U+0020 for every kind of blank. Letter case is folded too.
char32_t fold(char32_t point);

// True if `text` has full-width digits; narrow() then makes ASCII of all its full-width forms, so that a code typed on a Chinese
// keyboard is read as one.
bool has_wide_digits(std::string_view text);
std::string narrow(std::string_view text);

}  // namespace ph::explain

// explain/fold.h: one spelling for what replies spell in several ways: full-width forms, typographic quotes, traditional characters.
#pragma once

namespace ph::explain {

// The character that stands for `point` in a normalised reply; U+0020 for every kind of blank. Letter case is folded too.
char32_t fold(char32_t point);

}  // namespace ph::explain

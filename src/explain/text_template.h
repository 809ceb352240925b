// explain/text_template.h: a text of the catalogue with its {name|fallback} places, ready to be filled in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "explain/diagnosis.h"
#include "status/cause.h"

namespace ph::explain {

// Appends `text` to `out` with the values of `diagnosis` in place.
void append_filled(std::string& out, std::string_view text, const Diagnosis& diagnosis, status::Language language);

// As above with the text known ahead: literals are escaped for JSON once, so that filling in is copying. Owns its text.
class JsonTemplate {
  public:
    JsonTemplate(std::string_view text, status::Language language);
    void append(std::string& out, const Diagnosis& diagnosis) const;

  private:
    struct Piece {
        std::string literal;  // escaped; what stands before the place
        std::optional<status::Placeholder> placeholder;
        std::string fallback;  // escaped
    };
    std::vector<Piece> pieces_;
    status::Language language_;
};

}  // namespace ph::explain

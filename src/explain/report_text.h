// explain/report_text.h: a Diagnosis for a person at a terminal.
#pragma once

#include <string>

#include "explain/diagnosis.h"
#include "status/bilingual.h"

namespace ph::explain {

struct TextStyle {
    status::Language language = status::Language::en;
    std::size_t columns = 80;
    bool color = false;
};

// Appends the report, which ends in a line end. Nothing from the reply reaches the terminal as a control character.
void append_report(std::string& out, const Diagnosis& diagnosis, const TextStyle& style);

}  // namespace ph::explain

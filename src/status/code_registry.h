// status/code_registry.h: what the registered codes mean: the basic codes of RFC 5321 and its extensions, the IANA registry of
// enhanced status codes, and the codes that are seen in practice without any registration.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "status/bilingual.h"
#include "status/enhanced_code.h"
#include "status/reply_code.h"

namespace ph::status {

enum class Standing : std::uint8_t {
    registered,  // an RFC defines it
    dialect,     // servers send it, no RFC gives it a meaning
};

struct BasicCodeEntry {
    std::uint16_t code;
    Standing standing;
    Bilingual name;           // short
    Bilingual meaning;        // a sentence or two
    std::string_view source;  // "RFC 5321 4.2.2", or who sends a dialect code
};

struct EnhancedCodeEntry {
    std::uint16_t subject;
    std::uint16_t detail;
    Standing standing;
    std::string_view classes;      // the classes in use: "45", "5", "2"
    std::string_view basic_codes;  // associated basic codes as IANA lists them: "550, 551"; "any"; "" where none is given
    Bilingual name;                // short, the registry's "sample text" in our words
    Bilingual meaning;
    std::string_view source;  // "RFC 7372 3.3"
};

struct SubjectEntry {
    std::uint16_t subject;
    Bilingual name;
    Bilingual meaning;
};

struct ClassEntry {
    std::uint8_t code_class;
    Bilingual name;
    Bilingual meaning;
};

// Sorted by code; by subject, then detail.
std::span<const BasicCodeEntry> basic_codes();
std::span<const EnhancedCodeEntry> enhanced_codes();
std::span<const SubjectEntry> subjects();  // X.0 to X.7 (RFC 3463 3)
std::span<const ClassEntry> classes();     // 2, 4, 5 (RFC 3463 2), for the first digit of a reply code too: 2, 3, 4, 5

// nullptr where the code is neither registered nor known as dialect.
const BasicCodeEntry* find(ReplyCode code);
const EnhancedCodeEntry* find(EnhancedCode code);  // the class does not matter
const SubjectEntry* find_subject(std::uint16_t subject);
const ClassEntry* find_class(ReplyClass reply_class);

}  // namespace ph::status

// status/bilingual.h: a text that a person reads, in both languages from the start.
#pragma once

#include <cstdint>
#include <string_view>

namespace ph::status {

enum class Language : std::uint8_t { en, zh };

// Views into constant data, or into the arena of the catalogue that they came with.
struct Bilingual {
    std::string_view en;
    std::string_view zh;

    constexpr std::string_view in(Language language) const { return language == Language::zh ? zh : en; }
};

}  // namespace ph::status

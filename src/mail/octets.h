// mail/octets.h: questions about many octets at once. They run over every octet of mail, so they work on words, not characters.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace ph::mail {

// Whether an octet above 127 is among them. 64 octets a step without a branch between them, which compilers turn into vector instructions.
inline bool has_high_octet(std::string_view bytes) {
    constexpr std::uint64_t high = 0x8080808080808080U;
    constexpr std::size_t words = 8;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    while (left >= words * sizeof(std::uint64_t)) {
        std::uint64_t block[words];
        std::memcpy(block, at, sizeof block);
        std::uint64_t all = 0;
        for (const std::uint64_t word : block) all |= word;
        if ((all & high) != 0) return true;
        at += sizeof block;
        left -= sizeof block;
    }
    unsigned char all = 0;
    for (; left != 0; --left) all = static_cast<unsigned char>(all | static_cast<unsigned char>(*at++));
    return all >= 0x80;
}

}  // namespace ph::mail

// status/enhanced_code.h: class "." subject "." detail (RFC 3463 2): 5.7.25, 2.1.5.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "status/reply_code.h"

namespace ph::status {

// An enhanced status code. The class is 2, 4 or 5; subject and detail have one to three digits (RFC 3463 2).
struct EnhancedCode {
    std::uint8_t code_class = 0;
    std::uint16_t subject = 0;
    std::uint16_t detail = 0;

    // Exactly one code, nothing around it; leading zeros are not allowed (RFC 3463 2).
    static std::optional<EnhancedCode> parse(std::string_view text);
    // The code at the head of `text`, if one stands there and no further digit or ".digit" follows.
    // `length` gets the number of bytes taken.
    static std::optional<EnhancedCode> parse_head(std::string_view text, std::size_t& length);

    constexpr ReplyClass reply_class() const { return static_cast<ReplyClass>(code_class); }
    // Subject and detail as one number: what two codes that differ only in class have in common.
    constexpr std::uint32_t topic() const { return static_cast<std::uint32_t>(subject) * 1000U + detail; }

    friend constexpr auto operator<=>(EnhancedCode, EnhancedCode) = default;
};

std::string to_text(EnhancedCode code);

}  // namespace ph::status

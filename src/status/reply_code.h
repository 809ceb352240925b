// status/reply_code.h: the three digits at the head of an SMTP reply (RFC 5321 4.2.1).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ph::status {

// The first digit (RFC 5321 4.2.1). RFC 5321 knows no 1yz replies.
enum class ReplyClass : std::uint8_t { positive = 2, intermediate = 3, transient = 4, permanent = 5 };

// A reply code from 200 to 599. A value of this type is always in that range.
class ReplyCode {
  public:
    // nullopt unless 200 <= value <= 599.
    static constexpr std::optional<ReplyCode> from(int value) {
        if (value < 200 || value > 599) return std::nullopt;
        return ReplyCode(static_cast<std::uint16_t>(value));
    }
    // Exactly three digits, nothing around them (RFC 5321 4.2: Reply-code).
    static constexpr std::optional<ReplyCode> parse(std::string_view text) {
        if (text.size() != 3) return std::nullopt;
        int value = 0;
        for (const char c : text) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        return from(value);
    }

    constexpr int value() const { return value_; }
    constexpr ReplyClass reply_class() const { return static_cast<ReplyClass>(value_ / 100); }

    friend constexpr auto operator<=>(ReplyCode, ReplyCode) = default;

  private:
    constexpr explicit ReplyCode(std::uint16_t value) : value_(value) {}
    std::uint16_t value_;
};

inline std::string to_text(ReplyCode code) {
    return std::to_string(code.value());
}

}  // namespace ph::status

// status/reason.h: the taxonomy: the 42 reasons that every cause belongs to, with side, permanence and advice.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "status/bilingual.h"

namespace ph::status {

// Who can change the outcome.
enum class Side : std::uint8_t {
    sender,
    sender_admin,
    sender_list,
    recipient,
    recipient_admin,
    network,
    admin,
    nobody,
    unknown,
};

enum class Permanence : std::uint8_t { temporary, permanent, unknown };

// Whether trying again helps.
enum class Retry : std::uint8_t {
    automatic,  // the sending server tries again by itself, and that is enough
    slower,     // yes, at a lower rate
    later,      // yes, by hand or by the application, once the other side has changed something
    after_fix,  // only after somebody has mended what is named
    never,      // no
};

struct Reason {
    std::string_view id;
    std::string_view group;
    Side side;
    Permanence permanence;
    Retry retry;
    std::string_view advice;  // the taxonomy's word for the next step: "remove-address", "retry-later", …
    Bilingual gloss;
};

inline constexpr std::size_t reason_count = 42;
extern const Reason reason_table[reason_count];  // what the generated catalogue points into

inline std::span<const Reason> reasons() {
    return reason_table;
}
const Reason* find_reason(std::string_view id);  // nullptr if there is none

std::string_view to_text(Side side);    // "sender-admin"
std::string_view to_text(Retry retry);  // "after-fix"
std::optional<Side> parse_side(std::string_view text);
std::optional<Retry> parse_retry(std::string_view text);
Bilingual describe(Side side);  // "the administrator of the sending server"
Bilingual describe(Retry retry);

}  // namespace ph::status

// queue/judge.cc: the code's class, and its documented exceptions.
#include "queue/judge.h"

#include <algorithm>

namespace ph::queue {
namespace {

using deliver::Ending;
using deliver::RecipientOutcome;

constexpr Seconds no_address_grace{86400};
constexpr std::uint16_t tolerated_protocol_errors = 3;

constexpr std::uint8_t class_of(Ending ending) {
    return ending == Ending::delivered ? 2 : ending == Ending::deferred ? 4 : 5;
}

Judgement make(Ending ending, status::EnhancedCode status) {
    status.code_class = class_of(ending);
    return {ending, status};
}

}  // namespace

bool is_protocol_error(const RecipientOutcome& outcome) {
    return outcome.situation == 115 || outcome.reply.lost == smtp::Lost::garbage;
}

TimePoint since_when(const spool::PendingRecipient& pending, const RecipientOutcome& outcome, TimePoint now) {
    const bool same = pending.last_status.code_class != 0 && pending.last_status.topic() == outcome.status.topic();
    return same && pending.since != TimePoint() ? pending.since : now;
}

Judgement judge(const RecipientOutcome& outcome, const History& history) {
    if (outcome.ending == Ending::delivered) return make(Ending::delivered, outcome.status);
    // Row 115: a peer that talks nonsense to this message three times will not do better the fourth time.
    if (is_protocol_error(outcome)) {
        return make(history.protocol_errors >= tolerated_protocol_errors ? Ending::failed : Ending::deferred, {4, 5, 0});
    }
    // Row 113: a refusal at the greeting or EHLO speaks of us or of the host's state, not of this message.
    if (outcome.situation == 113) return make(Ending::deferred, outcome.status);
    const Milliseconds lasted = history.now - history.since;
    // Row 109: hosts without addresses are often a mistake that somebody mends within the day.
    if (outcome.situation == 109 && lasted >= no_address_grace) return make(Ending::failed, {5, 4, 4});
    // Rows 76, 124: a full mailbox of ours.
    if ((outcome.situation == 76 || outcome.situation == 124) && outcome.status.topic() == status::EnhancedCode{4, 2, 2}.topic() &&
        lasted >= history.mailbox_full_grace) {
        return make(Ending::failed, {5, 2, 2});
    }
    return make(outcome.ending, outcome.status);
}

shaping::HostNews host_news(const deliver::Attempt& attempt) {
    using shaping::HostNews;
    const auto& outcomes = attempt.outcomes;
    if (std::ranges::any_of(outcomes, [](const RecipientOutcome& one) { return one.ending == Ending::delivered; })) return HostNews::delivered;
    if (std::ranges::any_of(outcomes, is_protocol_error)) return HostNews::nothing;
    if (attempt.facts.host_trouble) return HostNews::trouble;
    return attempt.facts.reached ? HostNews::answered : HostNews::nothing;
}

std::string remote_text(const RecipientOutcome& outcome) {
    if (outcome.remote_address.empty()) return outcome.remote_host;
    std::string_view address = outcome.remote_address;
    const std::size_t colon = address.rfind(':');
    const std::string_view port = colon == std::string_view::npos || colon == 0 ? std::string_view() : address.substr(colon);
    address = address.substr(0, address.size() - port.size());
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
    return outcome.remote_host + '[' + std::string(address) + ']' + std::string(port);
}

std::string_view head_of(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0U) == 0x80U) --max;
    return text.substr(0, max);
}

}  // namespace ph::queue

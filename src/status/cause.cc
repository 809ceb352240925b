// status/cause.cc: the words for the small enums of the catalogue.
#include "status/cause.h"

#include <algorithm>

namespace ph::status {
namespace {

struct TierWords {
    std::string_view id;
    Bilingual description;
};

constexpr std::array<TierWords, 6> tier_words = {{
    {"host-text", {"known words of a known provider", "已知服务商的已知措辞"}},
    {"text", {"known words", "已知措辞"}},
    {"code", {"a specific enhanced status code", "含义明确的增强状态码"}},
    {"word", {"a general word", "笼统的字眼"}},
    {"general-code", {"an enhanced status code that says little", "含义笼统的增强状态码"}},
    {"basic-code", {"the reply code alone", "仅凭应答码"}},
}};

constexpr std::array<std::string_view, text_parts> part_words = {"title", "cause", "sender", "sender_admin", "receiver_admin"};

constexpr std::array<std::string_view, 9> placeholder_words = {"address", "domain", "ip", "host", "url", "list", "limit", "wait", "tag"};

}  // namespace

std::string_view to_text(Tier tier) {
    return tier_words[static_cast<std::size_t>(tier) - 1].id;
}
Bilingual describe(Tier tier) {
    return tier_words[static_cast<std::size_t>(tier) - 1].description;
}
std::string_view to_text(TextPart part) {
    return part_words[static_cast<std::size_t>(part)];
}

std::optional<Placeholder> parse_placeholder(std::string_view name) {
    const auto at = std::ranges::find(placeholder_words, name);
    if (at == placeholder_words.end()) return std::nullopt;
    return static_cast<Placeholder>(at - placeholder_words.begin());
}

}  // namespace ph::status

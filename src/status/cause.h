// status/cause.h: one entry of the catalogue: a cause that a reply can have, with its rules and texts (catalogue/README.md).
// All views point into constant data or into the CatalogueArena that the cause was loaded into; both outlive every use.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "status/bilingual.h"
#include "status/enhanced_code.h"
#include "status/reason.h"
#include "status/reply_code.h"

namespace ph::status {

using Words = std::span<const std::string_view>;

// The fixed order in which rules are tried; the first tier with a rule that holds decides.
enum class Tier : std::uint8_t { host_text = 1, text, code, word, general_code, basic_code };

std::string_view to_text(Tier tier);  // "host-text"
Bilingual describe(Tier tier);        // "known words of a known provider"

enum class AlternativeKind : std::uint8_t {
    phrase,   // literal text in the normalised reply, at word boundaries
    pattern,  // an RE2 expression over the normalised reply
    url,      // literal text in a URL of the reply
    host,     // the end of a host name of the reply
};

// One way for a rule to hold. Wherever it holds, at least one of the atoms stands in the text that it looks at.
struct Alternative {
    AlternativeKind kind;
    bool open_left = false;         // phrase: no word boundary needed where it starts
    bool open_right = false;        // phrase: no word boundary needed where it ends
    std::uint16_t specificity = 0;  // literal bytes, the measure of how much is known
    std::string_view text;          // the literal, or the source of the pattern
    std::string_view written;       // as the catalogue has it, for messages
    Words atoms;
};

struct CodeCondition {  // "550", "4xx"
    std::uint16_t low;
    std::uint16_t high;
    constexpr bool holds(std::optional<ReplyCode> code) const { return code && code->value() >= low && code->value() <= high; }
};

struct EnhancedCondition {  // "5.7.25", "X.7.25" (class 0)
    std::uint8_t code_class;
    std::uint16_t subject;
    std::uint16_t detail;
    constexpr bool holds(EnhancedCode code) const {
        return (code_class == 0 || code_class == code.code_class) && subject == code.subject && detail == code.detail;
    }
};

struct Rule {
    std::string_view id;  // "over-quota"; unique in its cause
    Tier tier;
    std::int8_t priority = 0;
    std::span<const Alternative> alternatives;  // empty: only the conditions count
    Words not_text;
    std::span<const CodeCondition> codes;
    std::span<const EnhancedCondition> enhanced;
    Words providers;
    Words hosts;
    Words commands;

    // Each condition counts as ten characters of known text.
    int condition_weight() const { return 10 * (!codes.empty() + !enhanced.empty() + !providers.empty() + !hosts.empty() + !commands.empty()); }
};

// A reply of our own server, declared with the cause it names.
struct OwnReply {
    std::string_view name;  // "relay-denied"
    std::string_view line;  // "554 5.7.1 {address}: Relay access denied"
    std::uint16_t situation;
    std::string_view cause;  // the id of the cause that it stands in
};

enum class TextPart : std::uint8_t { title, cause, sender, sender_admin, receiver_admin };
inline constexpr std::size_t text_parts = 5;
std::string_view to_text(TextPart part);  // "sender_admin"

enum class Confidence : std::uint8_t { by_tier, high, medium, low };

struct Cause {
    std::string_view id;
    const Reason* reason;
    Side side;
    Permanence permanence;
    Retry retry;
    std::uint32_t retry_after;  // seconds; 0: nothing known
    Confidence confidence;
    Words codes;
    std::span<const EnhancedCode> enhanced;
    Words rfc;
    std::span<const std::uint16_t> situations;
    Words examples;
    std::span<const Rule> rules;
    std::span<const OwnReply> replies;
    std::array<Bilingual, text_parts> texts;  // by TextPart; empty where it does not concern

    Bilingual text(TextPart part) const { return texts[static_cast<std::size_t>(part)]; }
};

// The names that a text may put in as {name|fallback}.
enum class Placeholder : std::uint8_t { address, domain, ip, host, url, list, limit, wait, tag };
std::optional<Placeholder> parse_placeholder(std::string_view name);

enum class ProviderKind : std::uint8_t { mailbox, filter, list, sender, software };

// Who wrote a reply, and by what it is known. Hosts are suffixes, urls and words lower-case literals.
struct Provider {
    std::string_view id;
    ProviderKind kind;
    Bilingual name;
    Words hosts;
    Words urls;
    Words words;
    Words aliases;  // other ids for the same: "outlook" for microsoft
};

}  // namespace ph::status

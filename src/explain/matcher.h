// explain/matcher.h: the rules of a catalogue in their fixed order, and the first one that holds for a reply.
// One Matcher per thread: it keeps buffers and compiles patterns when they are first needed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <re2/re2.h>

#include "explain/gram_index.h"
#include "explain/normal_text.h"
#include "explain/reply_text.h"
#include "status/catalogue.h"

namespace ph::explain {

// What is known about a reply beside its words.
struct ReplyFacts {
    std::optional<status::ReplyCode> code;
    std::optional<status::EnhancedCode> enhanced;
    Command command = Command::unknown;
    std::string_view provider;  // as the caller knows it; "" if he does not
    std::string_view host;      // the peer's name, where the caller knows it
};

struct Match {
    const status::Cause* cause = nullptr;
    const status::Rule* rule = nullptr;
    const status::Alternative* alternative = nullptr;  // nullptr for a rule of codes only
    std::size_t begin = 0;                             // what decided, in NormalText::text; begin == end where it is not there
    std::size_t end = 0;

    // "recipient.unknown/not-found"; without a rule the cause alone. cause must not be nullptr.
    std::string rule_name() const {
        std::string name(cause->id);
        if (rule != nullptr) name.append("/").append(rule->id);
        return name;
    }
};

class Matcher {
  public:
    // The catalogue must outlive the matcher.
    explicit Matcher(const status::Catalogue& catalogue);

    // cause is nullptr only if no rule holds, which a catalogue with rules for 4xx and 5xx allows for a reply without code only.
    Match find(const NormalText& text, const ReplyFacts& facts);

    // After find: whose words the reply carries; nullptr if nothing tells. A block list is no provider.
    const status::Provider* provider() const { return provider_; }
    // After find: the block list that the reply names, nullptr if none.
    const status::Provider* block_list() const { return list_; }

    // All rules in the order in which they are tried, for `posthorn catalogue order`.
    struct Entry {
        std::uint64_t order;
        const status::Cause* cause;
        const status::Rule* rule;
        const status::Alternative* alternative;
    };
    const std::vector<Entry>& entries() const { return entries_; }

  private:
    struct Span {
        std::uint32_t begin;
        std::uint32_t end;
    };

    void collect_entries();
    void index_entry(std::uint32_t rank);
    void index_codes(std::uint32_t rank);
    void index_providers(const status::Catalogue& catalogue);
    void index_host_conditions();
    void mark(std::uint32_t rank) { candidates_[rank / 64] |= std::uint64_t{1} << (rank % 64); }
    void mark_all(const std::vector<std::uint32_t>& ranks);
    void scan_text(std::string_view text);
    void collect_fact_hits(const NormalText& text, const ReplyFacts& facts);
    void mark_fact_hits();
    void mark_codes(const ReplyFacts& facts);
    void settle_provider(const ReplyFacts& facts);
    bool conditions_hold(std::uint32_t rank, const ReplyFacts& facts) const;
    bool alternative_holds(std::uint32_t rank, const NormalText& text, Span& span);
    Match decide(const NormalText& text, const ReplyFacts& facts);
    const RE2* pattern(std::uint32_t rank);

    const status::Catalogue& catalogue_;
    std::vector<Entry> entries_;  // in order; the index is the rank
    GramIndex text_index_;
    GramIndex facts_index_;
    std::vector<std::vector<std::uint32_t>> by_basic_;               // code - 200 → ranks of rules that look at codes only
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_topic_;  // EnhancedCode::topic → rank, sorted
    std::vector<std::uint32_t> unconditional_;
    std::unordered_map<std::uint32_t, std::unique_ptr<RE2>> patterns_;  // by rank, compiled when first needed
    std::vector<std::uint64_t> candidates_;                             // a bit for each rank
    std::vector<std::uint32_t> hit_at_;                                 // where a candidate's literal stands
    std::vector<std::uint8_t> whole_;                                   // for each rank whether its phrase has no gap
    std::vector<std::uint32_t> host_ids_;                               // the host conditions of the rules, rank by rank
    std::vector<std::uint32_t> first_host_;                             // for each rank where its own begin
    std::vector<std::uint8_t> seen_hosts_;                              // by host condition
    std::vector<std::uint8_t> seen_providers_;
    std::vector<std::uint32_t> fact_hits_;  // ids of the facts index, sorted

    // What was decided lately. Replies differ in their values, and the values are taken out before a rule sees them, so the same few
    // texts come again and again.
    struct Decided {
        std::string key;
        Match match;
        const status::Provider* provider = nullptr;
        const status::Provider* list = nullptr;
    };
    static constexpr std::size_t remembered = 16384;
    static constexpr std::size_t max_key = 1024;  // bytes; longer texts are decided anew
    std::vector<Decided> decided_;                // empty until a second reply comes
    bool used_ = false;
    std::string key_;
    const status::Provider* provider_ = nullptr;
    const status::Provider* list_ = nullptr;
};

}  // namespace ph::explain

// explain/matcher.cc: a scan of the words and one of the facts mark every rule whose literals are there; then the marked rules are
// tried from the first tier down, and the first that holds is the answer. No rule costs anything while its words are absent.
#include "explain/matcher.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "base/ascii.h"
#include "base/assert.h"
#include "explain/rule_compile.h"

namespace ph::explain {
namespace {

using status::Alternative;
using status::AlternativeKind;
using status::Rule;

// Ids in the indexes: the rank of a rule's alternative, or a provider's signature, or a host condition.
constexpr std::uint32_t provider_bit = 1U << 31U;
constexpr std::uint32_t host_bit = 1U << 30U;
constexpr std::uint32_t id_bits = host_bit - 1;

// Where `segment` stands at word boundaries from `from` on; the open sides need none.
std::size_t find_segment(std::string_view text, std::string_view segment, std::size_t from, bool open_left, bool open_right) {
    for (std::size_t at = text.find(segment, from); at != std::string_view::npos; at = text.find(segment, at + 1)) {
        if ((open_left || is_boundary(text, at)) && (open_right || is_boundary(text, at + segment.size()))) return at;
    }
    return std::string_view::npos;
}

// The segments one after the other: the earliest place for each leaves most room for the next, so this is linear and complete.
bool find_phrase(std::string_view text, const Alternative& phrase, std::size_t& begin, std::size_t& end) {
    std::string_view rest = phrase.text;
    std::size_t from = 0;
    bool first = true;
    while (true) {
        const std::size_t mark = rest.find(segment_mark);
        const bool last = mark == std::string_view::npos;
        const std::string_view segment = rest.substr(0, mark);
        const std::size_t at = find_segment(text, segment, from, first && phrase.open_left, last && phrase.open_right);
        if (at == std::string_view::npos) return false;
        if (first) begin = at;
        end = from = at + segment.size();
        if (last) return true;
        first = false;
        rest.remove_prefix(mark + 1);
    }
}

bool contains_phrase(std::string_view text, std::string_view phrase) {
    const bool open_left = phrase.starts_with('*');
    const bool open_right = phrase.ends_with('*');
    phrase = phrase.substr(open_left, phrase.size() - open_left - open_right);
    return find_segment(text, phrase, 0, open_left, open_right) != std::string_view::npos;
}

// A phrase without a gap: where its literal is found, it holds.
bool is_whole(const Alternative& alternative) {
    return alternative.kind == AlternativeKind::phrase && alternative.text.find(segment_mark) == std::string_view::npos;
}

int weight(const Matcher::Entry& entry) {
    return entry.rule->condition_weight() + (entry.alternative != nullptr ? entry.alternative->specificity : 0);
}

// The order as one number: tier, priority, known text, then the order of the catalogue, which is that of the ids.
std::uint64_t order_key(const Matcher::Entry& entry, std::size_t sequence) {
    const auto tier = static_cast<std::uint64_t>(entry.rule->tier);
    const auto priority = static_cast<std::uint64_t>(16 - entry.rule->priority);
    const auto known = static_cast<std::uint64_t>(0xFFFF - weight(entry));
    return tier << 56U | priority << 48U | known << 32U | sequence;
}

}  // namespace

Matcher::Matcher(const status::Catalogue& catalogue) : catalogue_(catalogue), by_basic_(400) {
    collect_entries();
    candidates_.resize(entries_.size() / 64 + 1);
    hit_at_.resize(entries_.size());
    whole_.resize(entries_.size());
    for (std::uint32_t rank = 0; rank < entries_.size(); ++rank) index_entry(rank);
    index_host_conditions();
    std::ranges::sort(by_topic_);
    index_providers(catalogue);
}

void Matcher::collect_entries() {
    std::size_t count = 0;
    for (const status::Cause* cause : catalogue_.causes()) {
        for (const Rule& rule : cause->rules) count += std::max<std::size_t>(rule.alternatives.size(), 1);
    }
    entries_.reserve(count);
    text_index_.reserve(count);
    const auto add = [&](const status::Cause* cause, const Rule& rule, const Alternative* alternative) {
        Entry entry{0, cause, &rule, alternative};
        entry.order = order_key(entry, entries_.size());
        entries_.push_back(entry);
    };
    for (const status::Cause* cause : catalogue_.causes()) {
        for (const Rule& rule : cause->rules) {
            if (rule.alternatives.empty()) add(cause, rule, nullptr);
            for (const Alternative& alternative : rule.alternatives) add(cause, rule, &alternative);
        }
    }
    std::ranges::sort(entries_, {}, &Entry::order);
}

void Matcher::index_entry(std::uint32_t rank) {
    const Alternative* alternative = entries_[rank].alternative;
    if (alternative == nullptr) return index_codes(rank);
    const bool words = alternative->kind == AlternativeKind::phrase || alternative->kind == AlternativeKind::pattern;
    const bool whole = is_whole(*alternative);
    whole_[rank] = whole ? 1 : 0;
    const Edges edges{!whole || alternative->open_left, !whole || alternative->open_right};
    for (const std::string_view atom : alternative->atoms) (words ? text_index_ : facts_index_).add(atom, edges, rank);
}

void Matcher::index_codes(std::uint32_t rank) {
    const Rule& rule = *entries_[rank].rule;
    for (const status::EnhancedCondition& condition : rule.enhanced) by_topic_.emplace_back(condition.subject * 1000U + condition.detail, rank);
    if (!rule.enhanced.empty()) return;
    for (const status::CodeCondition& condition : rule.codes) {
        for (std::uint32_t code = condition.low; code <= condition.high; ++code) by_basic_[code - 200].push_back(rank);
    }
    if (rule.codes.empty()) unconditional_.push_back(rank);
}

void Matcher::index_providers(const status::Catalogue& catalogue) {
    const auto providers = catalogue.providers();
    seen_providers_.resize(providers.size());
    for (std::uint32_t i = 0; i < providers.size(); ++i) {
        for (const std::string_view word : providers[i]->words) text_index_.add(word, {}, i | provider_bit);
        for (const std::string_view url : providers[i]->urls) facts_index_.add(url, {}, i | provider_bit);
        for (const std::string_view host : providers[i]->hosts) facts_index_.add(host, {}, i | provider_bit);
    }
}

void Matcher::index_host_conditions() {
    std::map<std::string_view, std::uint32_t> ids;
    first_host_.reserve(entries_.size() + 1);
    for (std::size_t rank = 0; rank < entries_.size(); ++rank) {
        first_host_.push_back(static_cast<std::uint32_t>(host_ids_.size()));
        for (const std::string_view suffix : entries_[rank].rule->hosts) {
            const auto [at, fresh] = ids.emplace(suffix, static_cast<std::uint32_t>(ids.size()));
            if (fresh) facts_index_.add(suffix, {}, at->second | host_bit);
            host_ids_.push_back(at->second);
        }
    }
    first_host_.push_back(static_cast<std::uint32_t>(host_ids_.size()));
    seen_hosts_.resize(ids.size());
}

void Matcher::mark_all(const std::vector<std::uint32_t>& ranks) {
    for (const std::uint32_t rank : ranks) mark(rank);
}

void Matcher::scan_text(std::string_view text) {
    text_index_.scan(text, [&](std::uint32_t id, std::size_t begin) {
        if ((id & provider_bit) != 0) {
            seen_providers_[id & id_bits] = 1;
            return;
        }
        // The first place counts; whether there was one is what the candidate's bit tells.
        const bool seen = (candidates_[id / 64] >> (id % 64) & 1U) != 0;
        if (!seen || begin < hit_at_[id]) hit_at_[id] = static_cast<std::uint32_t>(begin);
        mark(id);
    });
}

void Matcher::collect_fact_hits(const NormalText& text, const ReplyFacts& facts) {
    fact_hits_.clear();
    const auto collect = [&](std::uint32_t id, std::size_t) { fact_hits_.push_back(id); };
    facts_index_.scan(text.facts, collect);
    if (!facts.host.empty()) facts_index_.scan('.' + to_lower(facts.host) + '\n', collect);
    std::ranges::sort(fact_hits_);
    fact_hits_.erase(std::unique(fact_hits_.begin(), fact_hits_.end()), fact_hits_.end());
}

void Matcher::mark_fact_hits() {
    for (const std::uint32_t id : fact_hits_) {
        if ((id & provider_bit) != 0) {
            seen_providers_[id & id_bits] = 1;
        } else if ((id & host_bit) != 0) {
            seen_hosts_[id & id_bits] = 1;
        } else {
            mark(id);
        }
    }
}

// The caller's word counts most; else the first provider of the list whose signature is there.
void Matcher::settle_provider(const ReplyFacts& facts) {
    provider_ = facts.provider.empty() ? nullptr : catalogue_.find_provider(facts.provider);
    list_ = nullptr;
    const auto providers = catalogue_.providers();
    for (std::size_t i = 0; i < providers.size(); ++i) {
        if (seen_providers_[i] == 0) continue;
        const bool is_list = providers[i]->kind == status::ProviderKind::list;
        if (is_list && list_ == nullptr) list_ = providers[i];
        if (!is_list && provider_ == nullptr) provider_ = providers[i];
    }
}

void Matcher::mark_codes(const ReplyFacts& facts) {
    if (facts.code) mark_all(by_basic_[static_cast<std::size_t>(facts.code->value() - 200)]);
    if (facts.enhanced) {
        const std::uint32_t topic = facts.enhanced->topic();
        for (auto at = std::ranges::lower_bound(by_topic_, std::pair(topic, 0U)); at != by_topic_.end() && at->first == topic; ++at) mark(at->second);
    }
    mark_all(unconditional_);
}

bool Matcher::conditions_hold(std::uint32_t rank, const ReplyFacts& facts) const {
    const Rule& rule = *entries_[rank].rule;
    const auto any = [](const auto& conditions, auto holds) { return conditions.empty() || std::ranges::any_of(conditions, holds); };
    if (!any(rule.codes, [&](const status::CodeCondition& condition) { return condition.holds(facts.code); })) return false;
    if (!any(rule.enhanced, [&](const status::EnhancedCondition& condition) { return facts.enhanced && condition.holds(*facts.enhanced); }))
        return false;
    if (!any(rule.commands, [&](std::string_view name) { return name == to_text(facts.command); })) return false;
    const std::span<const std::uint32_t> hosts(host_ids_.data() + first_host_[rank], host_ids_.data() + first_host_[rank + 1]);
    if (!any(hosts, [&](std::uint32_t id) { return seen_hosts_[id] != 0; })) return false;
    const auto is_provider = [&](std::string_view id) {
        if (provider_ != nullptr && provider_->id == id) return true;
        const auto providers = catalogue_.providers();
        for (std::size_t i = 0; i < providers.size(); ++i) {
            if (seen_providers_[i] != 0 && providers[i]->id == id) return true;
        }
        return false;
    };
    return any(rule.providers, is_provider);
}

const RE2* Matcher::pattern(std::uint32_t rank) {
    std::unique_ptr<RE2>& kept = patterns_[rank];
    if (!kept) {
        auto compiled = compile_pattern(entries_[rank].alternative->text);
        PH_ASSERT(compiled.has_value());  // the loader compiled it before
        kept = std::move(*compiled);
    }
    return kept.get();
}

bool Matcher::alternative_holds(std::uint32_t rank, const NormalText& text, Span& span) {
    const Alternative* alternative = entries_[rank].alternative;
    span = {0, 0};
    if (alternative == nullptr || alternative->kind == AlternativeKind::url || alternative->kind == AlternativeKind::host) return true;
    if (whole_[rank] != 0) {
        span = {hit_at_[rank], hit_at_[rank] + static_cast<std::uint32_t>(alternative->text.size())};
        return true;
    }
    if (alternative->kind == AlternativeKind::phrase) {
        std::size_t begin = 0;
        std::size_t end = 0;
        if (!find_phrase(text.text, *alternative, begin, end)) return false;
        span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
        return true;
    }
    const re2::StringPiece subject(text.text);
    re2::StringPiece found;
    if (!pattern(rank)->Match(subject, 0, subject.size(), RE2::UNANCHORED, &found, 1)) return false;
    const auto begin = static_cast<std::uint32_t>(found.data() - subject.data());
    span = {begin, begin + static_cast<std::uint32_t>(found.size())};
    return true;
}

Match Matcher::decide(const NormalText& text, const ReplyFacts& facts) {
    std::ranges::fill(candidates_, 0);
    std::ranges::fill(seen_providers_, 0);
    std::ranges::fill(seen_hosts_, 0);
    scan_text(text.text);
    mark_fact_hits();
    settle_provider(facts);
    mark_codes(facts);
    for (std::size_t word = 0; word < candidates_.size(); ++word) {
        for (std::uint64_t bits = candidates_[word]; bits != 0; bits &= bits - 1) {
            const auto rank = static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
            const Entry& entry = entries_[rank];
            Span span{};
            if (!conditions_hold(rank, facts) || !alternative_holds(rank, text, span)) continue;
            const auto stands = [&](std::string_view phrase) { return contains_phrase(text.text, phrase); };
            if (std::ranges::any_of(entry.rule->not_text, stands)) continue;
            return {entry.cause, entry.rule, entry.alternative, span.begin, span.end};
        }
    }
    return {};
}

Match Matcher::find(const NormalText& text, const ReplyFacts& facts) {
    collect_fact_hits(text, facts);
    // Everything that a decision depends on.
    key_.assign(text.text);
    key_ += '\0';
    key_.append(reinterpret_cast<const char*>(fact_hits_.data()), fact_hits_.size() * sizeof(std::uint32_t));  // NOLINT: as bytes
    const status::EnhancedCode enhanced = facts.enhanced.value_or(status::EnhancedCode{});
    const std::uint32_t codes[] = {static_cast<std::uint32_t>(facts.code ? facts.code->value() : 0), enhanced.code_class, enhanced.topic(),
                                   static_cast<std::uint32_t>(facts.command)};
    key_.append(reinterpret_cast<const char*>(codes), sizeof codes);  // NOLINT: as bytes
    key_ += facts.provider;
    if (key_.size() > max_key || !std::exchange(used_, true)) return decide(text, facts);
    if (decided_.empty()) decided_.resize(remembered);
    // Two places for each key; the older one gives way.
    Decided* slot = &decided_[std::hash<std::string_view>{}(key_) % (remembered / 2) * 2];
    if (slot[0].key != key_) std::swap(slot[0], slot[1]);
    if (slot[0].key != key_ || slot[0].match.cause == nullptr) *slot = {key_, decide(text, facts), provider_, list_};
    provider_ = slot->provider;
    list_ = slot->list;
    return slot->match;
}

}  // namespace ph::explain

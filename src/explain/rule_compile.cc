// explain/rule_compile.cc: phrases need no expression engine: their segments are searched one after the other. Patterns are RE2's,
// whose FilteredRE2 tells which literal pieces a match must contain; a rule without such a piece would have to be tried on
// every reply, so it is refused.
#include "explain/rule_compile.h"

#include <algorithm>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "explain/fold.h"
#include "explain/gram_index.h"

namespace ph::explain {
namespace {

using status::Alternative;
using status::AlternativeKind;
using status::CatalogueArena;

constexpr std::size_t max_pattern = 8000;

RE2::Options pattern_options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    options.set_never_capture(true);
    options.set_dot_nl(true);
    return options;
}

std::vector<std::string> segments_of(std::string_view phrase) {
    std::vector<std::string> segments(1);
    for (std::size_t at = 0; at < phrase.size(); ++at) {
        if (phrase.substr(at, 3) == " * ") {
            segments.emplace_back();
            at += 2;
        } else {
            segments.back() += phrase[at];
        }
    }
    return segments;
}

tl::unexpected<Fault> too_long() {
    return fail(FaultKind::too_large, "longer than " + std::to_string(max_literal) + " bytes");
}

Result<Alternative> compile_phrase(std::string_view written, CatalogueArena& arena) {
    Alternative alternative{.kind = AlternativeKind::phrase};
    std::string_view phrase = written;
    if (phrase.starts_with('*')) {
        alternative.open_left = true;
        phrase.remove_prefix(1);
    }
    if (phrase.ends_with('*')) {
        alternative.open_right = true;
        phrase.remove_suffix(1);
    }
    std::string joined;
    std::string_view longest;
    const std::vector<std::string> segments = segments_of(phrase);
    for (const std::string& segment : segments) {
        if (segment.empty()) return fail(FaultKind::bad_value, "'*' needs words on both sides of it");
        if (!joined.empty()) joined += segment_mark;
        joined += segment;
        if (segment.size() > longest.size()) longest = segment;
    }
    if (joined.size() > max_literal) return too_long();
    if (longest.size() < GramIndex::min_length) return fail(FaultKind::bad_value, "a phrase needs at least three characters in a row");
    alternative.text = arena.keep(joined);
    alternative.written = arena.keep(written);
    alternative.specificity = static_cast<std::uint16_t>(joined.size() - (segments.size() - 1));
    alternative.atoms = arena.keep(std::vector{arena.keep(longest)});
    return alternative;
}

// "blacklist* by": a word that may go on in the middle of a phrase is one for RE2.
std::string phrase_as_pattern(std::string_view phrase) {
    std::string pattern = is_alnum(phrase.front()) ? "\\b" : "";
    for (std::size_t at = 0; at < phrase.size(); ++at) {
        if (phrase.substr(at, 3) == " * ") {
            pattern += "\\b.*\\b";
            at += 2;
        } else if (phrase[at] == '*') {
            pattern += "[^ ]*";
        } else {
            pattern += RE2::QuoteMeta(re2::StringPiece(&phrase[at], 1));
        }
    }
    return is_alnum(phrase.back()) ? pattern + "\\b" : pattern;
}

// Literal bytes that every match of the expression has: alternatives count by their shortest, optional parts not at all.
class LiteralLength {
  public:
    explicit LiteralLength(std::string_view pattern) : pattern_(pattern) {}
    std::size_t run() { return alternation(); }

  private:
    std::size_t alternation() {
        std::size_t least = sequence();
        while (at_ < pattern_.size() && pattern_[at_] == '|') {
            ++at_;
            least = std::min(least, sequence());
        }
        return least;
    }

    std::size_t sequence() {
        std::size_t length = 0;
        while (at_ < pattern_.size() && pattern_[at_] != '|' && pattern_[at_] != ')') {
            const std::size_t item = atom();
            length += quantified(item);
        }
        return length;
    }

    std::size_t atom() {
        const char c = pattern_[at_++];
        if (c == '(') {
            if (pattern_.substr(at_, 1) == "?") at_ = std::min(pattern_.size(), pattern_.find_first_of(":)", at_) + 1);
            const std::size_t length = alternation();
            if (at_ < pattern_.size()) ++at_;
            return length;
        }
        if (c == '[') {
            at_ = std::min(pattern_.size(), pattern_.find(']', at_ + 1));
            if (at_ < pattern_.size()) ++at_;
            return 0;
        }
        if (c == '\\') {
            const bool literal = at_ < pattern_.size() && !is_alnum(pattern_[at_]);
            ++at_;
            return literal ? 1 : 0;
        }
        return c == '.' || c == '^' || c == '$' ? 0 : 1;
    }

    std::size_t quantified(std::size_t length) {
        while (at_ < pattern_.size() && std::string_view("?*+").find(pattern_[at_]) != std::string_view::npos) {
            if (pattern_[at_++] != '+') length = 0;
        }
        if (at_ + 1 < pattern_.size() && pattern_[at_] == '{' && is_digit(pattern_[at_ + 1])) {
            if (pattern_[at_ + 1] == '0') length = 0;
            at_ = std::min(pattern_.size(), pattern_.find('}', at_));
            if (at_ < pattern_.size()) ++at_;
        }
        return length;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
};

// One of the atoms alone must be in every match, or all of them together as alternatives of one another: a set without which the
// filter says that no match is possible.
std::vector<std::string> required_atoms(const re2::FilteredRE2& filter, const std::vector<std::string>& atoms) {
    const auto possible_without = [&](const std::vector<std::size_t>& left_out) {
        std::vector<int> present;
        for (std::size_t i = 0; i < atoms.size(); ++i) {
            if (std::ranges::find(left_out, i) == left_out.end()) present.push_back(static_cast<int>(i));
        }
        std::vector<int> possible;
        filter.AllPotentials(present, &possible);
        return !possible.empty();
    };
    std::size_t best = atoms.size();
    for (std::size_t i = 0; i < atoms.size(); ++i) {
        if (!possible_without({i}) && (best == atoms.size() || atoms[i].size() > atoms[best].size())) best = i;
    }
    if (best < atoms.size()) return {atoms[best]};
    // No single one: drop those that the rest can do without, greedily, and keep a set that still cuts every match.
    std::vector<std::size_t> cut(atoms.size());
    for (std::size_t i = 0; i < atoms.size(); ++i) cut[i] = i;
    for (std::size_t i = atoms.size(); i-- > 0;) {
        std::vector<std::size_t> smaller = cut;
        std::erase(smaller, i);
        if (!possible_without(smaller)) cut = std::move(smaller);
    }
    std::vector<std::string> required;
    required.reserve(cut.size());
    for (const std::size_t i : cut) required.push_back(atoms[i]);
    return required;
}

}  // namespace

std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (point.value == U'…') {
            out += "...";
        } else {
            append_utf8(out, point.value < 0x80 ? point.value : fold(point.value));
        }
        at += point.length;
    }
    return out;
}

Result<std::unique_ptr<RE2>> compile_pattern(std::string_view source) {
    auto pattern = std::make_unique<RE2>(re2::StringPiece(source.data(), source.size()), pattern_options());
    if (!pattern->ok()) return fail(FaultKind::malformed, "not an RE2 expression: " + pattern->error());
    return pattern;
}

Result<Alternative> compile_text(std::string_view written, CatalogueArena& arena) {
    const std::string text = folded(written);
    std::string_view inner = text;
    if (inner.starts_with('*')) inner.remove_prefix(1);
    if (inner.ends_with('*')) inner.remove_suffix(1);
    std::string without_gaps;
    for (const std::string& segment : segments_of(inner)) without_gaps += segment;
    if (without_gaps.find('*') == std::string::npos) return compile_phrase(text, arena);
    PH_TRY(Alternative alternative, compile_regex(phrase_as_pattern(text), arena));
    alternative.written = arena.keep(written);
    return alternative;
}

Result<Alternative> compile_regex(std::string_view written, CatalogueArena& arena) {
    const std::string pattern = folded(written);
    if (pattern.size() > max_pattern) return fail(FaultKind::too_large, "longer than " + std::to_string(max_pattern) + " bytes");
    PH_TRY(const auto compiled, compile_pattern(pattern));
    re2::FilteredRE2 filter(static_cast<int>(GramIndex::min_length));
    int id = 0;
    filter.Add(re2::StringPiece(pattern.data(), pattern.size()), pattern_options(), &id);
    std::vector<std::string> atoms;
    filter.Compile(&atoms);
    std::vector<int> possible;
    if (!atoms.empty()) filter.AllPotentials({}, &possible);
    if (atoms.empty() || !possible.empty()) {
        return fail(FaultKind::bad_value,
                    "the expression can match without any literal run of three characters; put such a run into every alternative");
    }
    Alternative alternative{.kind = AlternativeKind::pattern};
    alternative.text = arena.keep(pattern);
    alternative.written = alternative.text;
    alternative.specificity = static_cast<std::uint16_t>(std::min<std::size_t>(LiteralLength(pattern).run(), 500));
    std::vector<std::string_view> kept;
    for (const std::string& atom : required_atoms(filter, atoms)) kept.push_back(arena.keep(atom));
    alternative.atoms = arena.keep(std::move(kept));
    return alternative;
}

Result<Alternative> compile_url(std::string_view text, CatalogueArena& arena) {
    if (text.size() > max_literal) return too_long();
    if (text.size() < GramIndex::min_length) return fail(FaultKind::bad_value, "a URL needs at least three characters");
    Alternative alternative{.kind = AlternativeKind::url};
    alternative.text = arena.keep(text);
    alternative.written = alternative.text;
    alternative.specificity = static_cast<std::uint16_t>(text.size());
    alternative.atoms = arena.keep(std::vector{alternative.text});
    return alternative;
}

Result<Alternative> compile_host(std::string_view host, CatalogueArena& arena) {
    if (host.size() > max_literal) return too_long();
    if (host.find('.') == std::string_view::npos) return fail(FaultKind::bad_value, "a host name needs a dot, as in 'example.com'");
    Alternative alternative{.kind = AlternativeKind::host};
    alternative.text = arena.keep('.' + std::string(host) + '\n');  // a line of NormalText::facts ends like this
    alternative.written = arena.keep(host);
    alternative.specificity = static_cast<std::uint16_t>(host.size());
    alternative.atoms = arena.keep(std::vector{alternative.text});
    return alternative;
}

status::Tier tier_of(const status::Rule& rule, bool weak) {
    using status::Tier;
    if (!rule.alternatives.empty()) {
        if (weak) return Tier::word;
        const bool only_host = rule.alternatives.front().kind == AlternativeKind::host;
        return !only_host && (!rule.providers.empty() || !rule.hosts.empty()) ? Tier::host_text : Tier::text;
    }
    if (rule.enhanced.empty()) return Tier::basic_code;
    // RFC 3463: detail 0 is "other or undefined", and 7.1 "not authorized" is what everybody sends for everything.
    const bool general = std::ranges::all_of(rule.enhanced, [](const status::EnhancedCondition& condition) {
        return condition.detail == 0 || (condition.subject == 7 && condition.detail == 1);
    });
    return general ? Tier::general_code : Tier::code;
}

}  // namespace ph::explain

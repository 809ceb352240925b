// explain/catalogue_loader.cc: one reader per kind of table: a cause, its texts, its rules, its replies, a provider.
#include "explain/catalogue_loader.h"

#include <algorithm>

#include "base/ascii.h"
#include "explain/gram_index.h"
#include "explain/reply_text.h"
#include "explain/rule_compile.h"

namespace ph::explain {
namespace {

using status::CatalogueArena;
using status::Cause;
using status::TextPart;
using status::Words;

Words keep_all(CatalogueArena& arena, const std::vector<std::string>& words) {
    std::vector<std::string_view> kept;
    kept.reserve(words.size());
    for (const std::string& word : words) kept.push_back(arena.keep(word));
    return arena.keep(std::move(kept));
}

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
}

bool is_cause_id(std::string_view id) {
    const std::size_t dot = id.find('.');
    return dot != std::string_view::npos && is_word(id.substr(0, dot)) && is_word(id.substr(dot + 1));
}

// "550" or "4xx"
std::optional<status::CodeCondition> parse_code_condition(std::string_view text) {
    if (text.size() == 3 && text.substr(1) == "xx" && text[0] >= '2' && text[0] <= '5') {
        const auto low = static_cast<std::uint16_t>((text[0] - '0') * 100);
        return status::CodeCondition{low, static_cast<std::uint16_t>(low + 99)};
    }
    const auto code = status::ReplyCode::parse(text);
    if (!code) return std::nullopt;
    const auto value = static_cast<std::uint16_t>(code->value());
    return status::CodeCondition{value, value};
}

// "5.7.25" or "X.7.25"
std::optional<status::EnhancedCondition> parse_enhanced_condition(std::string text) {
    const bool any = text.starts_with('X') || text.starts_with('x');
    if (any) text[0] = '5';
    const auto code = status::EnhancedCode::parse(text);
    if (!code) return std::nullopt;
    return status::EnhancedCondition{any ? std::uint8_t{0} : code->code_class, code->subject, code->detail};
}

template <typename Condition>
std::span<const Condition> read_conditions(TomlReader& reader, CatalogueArena& arena, std::string_view key, auto parse, std::string_view form) {
    std::vector<Condition> conditions;
    for (const std::string& text : reader.strings(key)) {
        if (const auto condition = parse(text)) {
            conditions.push_back(*condition);
        } else {
            reader.complain(key, FaultKind::bad_value, "'" + text + "' is not of the form " + std::string(form));
        }
    }
    return arena.keep(std::move(conditions));
}

void complain_unless_lower(TomlReader& reader, std::string_view key, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        if (text != to_lower(text)) reader.complain(key, FaultKind::bad_value, "'" + text + "': write it in lower case, as replies are seen");
    }
}

class RuleReader {
  public:
    RuleReader(const toml::table& table, const std::string& file, std::vector<Fault>& faults, CatalogueArena& arena)
        : reader_(table, file, faults), arena_(arena) {}

    status::Rule run() {
        reader_.only({"id", "text", "pattern", "not", "code", "enhanced", "provider", "host", "url", "command", "weak", "priority"});
        status::Rule rule{};
        const std::string id = reader_.required_string("id");
        if (!id.empty() && !is_word(id)) reader_.complain("id", FaultKind::bad_value, "a rule id has small letters, digits and '-' only");
        rule.id = arena_.keep(id);
        rule.priority = static_cast<std::int8_t>(reader_.integer("priority", -9, 9).value_or(0));
        read_conditions_into(rule);
        read_alternatives_into(rule);
        rule.tier = tier_of(rule, reader_.boolean("weak"));
        if (rule.alternatives.empty() && rule.codes.empty() && rule.enhanced.empty()) {
            reader_.complain("id", FaultKind::missing, "rule '" + id + "' says nothing: give it text, pattern, url, host, enhanced or code");
        }
        return rule;
    }

  private:
    void read_conditions_into(status::Rule& rule) {
        rule.codes = read_conditions<status::CodeCondition>(reader_, arena_, "code", parse_code_condition, "\"550\" or \"4xx\"");
        rule.enhanced = read_conditions<status::EnhancedCondition>(reader_, arena_, "enhanced", parse_enhanced_condition, "\"5.7.1\" or \"X.7.1\"");
        rule.providers = keep_all(arena_, reader_.strings("provider"));
        rule.commands = read_commands();
        rule.not_text = read_excluded();
        const bool host_is_condition = reader_.has("text") || reader_.has("pattern") || reader_.has("url");
        if (!host_is_condition) return;
        std::vector<std::string_view> suffixes;
        for (const std::string& host : reader_.strings("host")) {
            const auto compiled = compile_host(host, arena_);
            if (!compiled) reader_.complain("host", compiled.error().kind, "'" + host + "': " + compiled.error().message);
            if (compiled) suffixes.push_back(compiled->text);
        }
        rule.hosts = arena_.keep(std::move(suffixes));
    }

    Words read_commands() {
        const std::vector<std::string> commands = reader_.strings("command");
        for (const std::string& name : commands) {
            if (name.empty() || to_text(parse_command(name)) != name) {
                reader_.complain("command", FaultKind::bad_value,
                                 "'" + name + "' is not a command; known: CONNECT HELO AUTH STARTTLS MAIL RCPT DATA BDAT QUIT");
            }
        }
        return keep_all(arena_, commands);
    }

    Words read_excluded() {
        std::vector<std::string> excluded = reader_.strings("not");
        complain_unless_lower(reader_, "not", excluded);
        for (std::string& phrase : excluded) {
            phrase = folded(phrase);
            if (phrase.find_first_not_of('*') == std::string::npos ||
                std::string_view(phrase).substr(1, phrase.size() - 2).find('*') != std::string::npos) {
                reader_.complain("not", FaultKind::bad_value,
                                 "'" + phrase + "': a phrase of 'not' has words, and a '*' only at its ends; list the words one by one");
            }
        }
        return keep_all(arena_, excluded);
    }

    void read_alternatives_into(status::Rule& rule) {
        compile_list("text", compile_text);
        compile_list("pattern", compile_regex);
        compile_list("url", compile_url);
        if (alternatives_.empty()) compile_list("host", compile_host);
        rule.alternatives = arena_.keep(std::move(alternatives_));
    }

    void compile_list(std::string_view key, Result<status::Alternative> (*compile)(std::string_view, CatalogueArena&)) {
        const std::vector<std::string> texts = reader_.strings(key);
        if (key != "pattern") complain_unless_lower(reader_, key, texts);  // \S in a pattern is no letter
        for (const std::string& text : texts) {
            auto alternative = compile(text, arena_);
            if (alternative) {
                alternatives_.push_back(*alternative);
            } else {
                reader_.complain(key, alternative.error().kind, "'" + text + "': " + alternative.error().message);
            }
        }
    }

    TomlReader reader_;
    CatalogueArena& arena_;
    std::vector<status::Alternative> alternatives_;
};

// {name|fallback}: a name that is known, a fallback that is there, braces that close.
void check_placeholders(TomlReader& reader, std::string_view key, std::string_view text) {
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) return reader.complain(key, FaultKind::malformed, "'{' without '}'");
        const std::string_view inner = text.substr(at + 1, end - at - 1);
        const std::size_t bar = inner.find('|');
        if (bar == std::string_view::npos || bar + 1 == inner.size()) {
            reader.complain(key, FaultKind::bad_value,
                            "{" + std::string(inner) + "} needs a fallback: {" + std::string(inner.substr(0, bar)) +
                                "|the words to use when the reply has no such value}");
        } else if (!status::parse_placeholder(inner.substr(0, bar))) {
            reader.complain(key, FaultKind::bad_value,
                            "{" + std::string(inner) + "} is unknown; known: address domain ip host url list limit wait tag");
        }
    }
}

class CauseReader {
  public:
    CauseReader(std::string id, const toml::table& table, const std::string& file, std::vector<Fault>& faults, CatalogueArena& arena)
        : id_(std::move(id)), reader_(table, file, faults), faults_(faults), arena_(arena) {}

    std::optional<Cause> run() {
        const std::size_t complaints = faults_.size();
        reader_.only({"reason", "codes", "enhanced", "rfc", "situations", "examples", "match", "reply", "en", "zh", "side", "permanence", "retry",
                      "retry_after", "confidence"});
        cause_.id = arena_.keep(id_);
        if (!is_cause_id(id_)) reader_.complain("", FaultKind::bad_value, "'" + id_ + "' is no cause id; name the file family/name.toml");
        read_verdict();
        read_facts();
        read_rules();
        read_replies();
        read_texts();
        if (faults_.size() != complaints) return std::nullopt;
        return cause_;
    }

  private:
    void read_verdict() {
        const std::string name = reader_.required_string("reason");
        cause_.reason = status::find_reason(name);
        if (cause_.reason == nullptr) {
            if (!name.empty())
                reader_.complain("reason", FaultKind::bad_value,
                                 "'" + name + "' is not a reason of the taxonomy; 'posthorn catalogue reasons' lists them");
            return;
        }
        cause_.side = choice("side", status::parse_side, cause_.reason->side);
        cause_.retry = choice("retry", status::parse_retry, cause_.reason->retry);
        cause_.permanence = choice("permanence", parse_permanence, cause_.reason->permanence);
        cause_.confidence = choice("confidence", parse_confidence, status::Confidence::by_tier);
        cause_.retry_after = static_cast<std::uint32_t>(reader_.integer("retry_after", 1, 30L * 86400).value_or(0));
    }

    template <typename Enum>
    Enum choice(std::string_view key, std::optional<Enum> (*parse)(std::string_view), Enum otherwise) {
        const auto text = reader_.string(key);
        if (!text) return otherwise;
        const auto value = parse(*text);
        if (!value)
            reader_.complain(key, FaultKind::bad_value, "'" + *text + "' is not a value of '" + std::string(key) + "'; see posthorn-catalogue(5)");
        return value.value_or(otherwise);
    }

    static std::optional<status::Permanence> parse_permanence(std::string_view text) {
        if (text == "temporary") return status::Permanence::temporary;
        if (text == "permanent") return status::Permanence::permanent;
        return std::nullopt;
    }

    static std::optional<status::Confidence> parse_confidence(std::string_view text) {
        if (text == "high") return status::Confidence::high;
        if (text == "medium") return status::Confidence::medium;
        if (text == "low") return status::Confidence::low;
        return std::nullopt;
    }

    void read_facts() {
        const std::vector<std::string> codes = reader_.strings("codes");
        for (const std::string& code : codes) {
            if (!parse_code_condition(code)) reader_.complain("codes", FaultKind::bad_value, "'" + code + "' is not a reply code");
        }
        cause_.codes = keep_all(arena_, codes);
        std::vector<status::EnhancedCode> enhanced;
        for (const std::string& text : reader_.strings("enhanced")) {
            const auto code = status::EnhancedCode::parse(text);
            if (!code) reader_.complain("enhanced", FaultKind::bad_value, "'" + text + "' is not an enhanced status code");
            enhanced.push_back(code.value_or(status::EnhancedCode{}));
        }
        cause_.enhanced = arena_.keep(std::move(enhanced));
        cause_.rfc = keep_all(arena_, reader_.strings("rfc"));
        cause_.examples = keep_all(arena_, reader_.required_strings("examples"));
        std::vector<std::uint16_t> situations;
        for (const std::int64_t row : reader_.integers("situations", 1, 999)) situations.push_back(static_cast<std::uint16_t>(row));
        cause_.situations = arena_.keep(std::move(situations));
    }

    void read_rules() {
        std::vector<status::Rule> rules;
        for (const toml::table* table : reader_.tables("match")) {
            rules.push_back(RuleReader(*table, reader_.file(), faults_, arena_).run());
            const auto same = std::ranges::count(rules, rules.back().id, &status::Rule::id);
            if (same > 1)
                faults_.push_back(
                    {FaultKind::bad_value, "two rules are called '" + std::string(rules.back().id) + "'", location_of(*table, reader_.file())});
        }
        if (rules.empty()) reader_.complain("match", FaultKind::missing, "no [[match]] rule: nothing would ever be explained by this cause");
        cause_.rules = arena_.keep(std::move(rules));
    }

    void read_replies() {
        std::vector<status::OwnReply> replies;
        for (const toml::table* table : reader_.tables("reply")) {
            TomlReader reply(*table, reader_.file(), faults_);
            reply.only({"name", "line", "situation"});
            const std::string name = reply.required_string("name");
            if (!name.empty() && !is_word(name))
                reply.complain("name", FaultKind::bad_value, "a reply's name has small letters, digits and '-' only");
            const std::string line = reply.required_string("line");
            check_reply_line(reply, line);
            replies.push_back({arena_.keep(name), arena_.keep(line), static_cast<std::uint16_t>(reply.integer("situation", 1, 999).value_or(0)), cause_.id});
        }
        cause_.replies = arena_.keep(std::move(replies));
    }

    // RFC 2034 4: the class of the enhanced code is the first digit of the reply code.
    static void check_reply_line(TomlReader& reply, std::string_view line) {
        const auto code = status::ReplyCode::parse(line.substr(0, 3));
        std::size_t length = 0;
        const auto enhanced = line.size() > 4 ? status::EnhancedCode::parse_head(line.substr(4), length) : std::nullopt;
        if (!code || !enhanced || line[3] != ' ') {
            reply.complain("line", FaultKind::malformed, "a reply line is a code, an enhanced code and words: 550 5.1.1 User unknown");
        } else if (code->reply_class() != enhanced->reply_class()) {
            reply.complain("line", FaultKind::bad_value, "the enhanced code must begin with the first digit of the reply code (RFC 2034 4)");
        }
        for (const char c : line) {
            if (c < ' ' || c > '~') return reply.complain("line", FaultKind::bad_value, "a reply line is one line of ASCII");
        }
    }

    void read_texts() {
        constexpr std::array parts = {TextPart::title, TextPart::cause, TextPart::sender, TextPart::sender_admin, TextPart::receiver_admin};
        const std::array en = read_language("en");
        const std::array zh = read_language("zh");
        bool advice = false;
        for (const TextPart part : parts) {
            const auto i = static_cast<std::size_t>(part);
            cause_.texts[i] = {en[i], zh[i]};
            if (en[i].empty() != zh[i].empty()) {
                const std::string_view lacking = en[i].empty() ? "en" : "zh";
                reader_.complain(lacking, FaultKind::missing,
                                 "'" + std::string(to_text(part)) + "' is there in one language only; add it to [" + std::string(lacking) + "]");
            }
            advice |= part > TextPart::cause && !en[i].empty();
        }
        if (!advice) reader_.complain("en", FaultKind::missing, "nobody is told what to do: add sender, sender_admin or receiver_admin");
    }

    std::array<std::string_view, status::text_parts> read_language(std::string_view language) {
        std::array<std::string_view, status::text_parts> texts;
        const toml::table* table = reader_.table(language);
        if (table == nullptr) {
            if (!reader_.has(language))
                reader_.complain(language, FaultKind::missing, "no [" + std::string(language) + "] texts; every cause speaks English and Chinese");
            return texts;
        }
        TomlReader reader(*table, reader_.file(), faults_);
        reader.only({"title", "cause", "sender", "sender_admin", "receiver_admin"});
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::string_view key = to_text(static_cast<TextPart>(i));
            const std::string text = i < 2 ? reader.required_string(key) : reader.string(key).value_or("");
            check_placeholders(reader, key, text);
            texts[i] = arena_.keep(text);
        }
        return texts;
    }

    std::string id_;
    TomlReader reader_;
    std::vector<Fault>& faults_;
    CatalogueArena& arena_;
    Cause cause_{};
};

// What a provider is known by; the index cannot look for less than three bytes.
std::vector<std::string> signatures(TomlReader& reader, std::string_view key) {
    std::vector<std::string> texts = reader.strings(key);
    complain_unless_lower(reader, key, texts);
    for (const std::string& text : texts) {
        if (text.size() < GramIndex::min_length || text.size() > max_literal) {
            reader.complain(key, FaultKind::bad_value, "'" + text + "': give from three to " + std::to_string(max_literal) + " bytes");
        }
    }
    return texts;
}

std::optional<status::ProviderKind> parse_provider_kind(std::string_view text) {
    if (text == "mailbox") return status::ProviderKind::mailbox;
    if (text == "filter") return status::ProviderKind::filter;
    if (text == "list") return status::ProviderKind::list;
    if (text == "sender") return status::ProviderKind::sender;
    if (text == "software") return status::ProviderKind::software;
    return std::nullopt;
}

}  // namespace

void CatalogueLoader::add_file(std::string_view path, const std::string& shown, std::string_view text) {
    const auto table = parse_toml(text, shown);
    if (!table) {
        faults_.push_back(table.error());
        return;
    }
    if (path == "providers.toml") return add_providers(*table, shown);
    std::string id(path.substr(0, path.size() - std::min<std::size_t>(path.size(), 5)));  // without ".toml"
    std::ranges::replace(id, '/', '.');
    add_cause(std::move(id), *table, shown);
}

void CatalogueLoader::add_cause(std::string id, const toml::table& table, const std::string& file) {
    if (const auto cause = CauseReader(std::move(id), table, file, faults_, *arena_).run()) causes_.push_back(*cause);
}

void CatalogueLoader::add_providers(const toml::table& table, const std::string& file) {
    for (const auto& [id, node] : table) {
        const toml::table* entry = node.as_table();
        if (entry == nullptr) {
            faults_.push_back({FaultKind::bad_value, "a provider is a table: [" + std::string(id.str()) + "]", location_of(node, file)});
            continue;
        }
        const std::size_t complaints = faults_.size();
        TomlReader reader(*entry, file, faults_);
        reader.only({"kind", "en", "zh", "hosts", "urls", "words", "aliases"});
        status::Provider provider{};
        provider.id = arena_->keep(id.str());
        const std::string kind = reader.required_string("kind");
        const auto parsed = parse_provider_kind(kind);
        if (!parsed) reader.complain("kind", FaultKind::bad_value, "kind is one of mailbox, filter, list, sender, software");
        provider.kind = parsed.value_or(status::ProviderKind::mailbox);
        provider.name = {arena_->keep(reader.required_string("en")), arena_->keep(reader.required_string("zh"))};
        std::vector<std::string> hosts = signatures(reader, "hosts");
        for (std::string& host : hosts) host = '.' + host + '\n';  // as the lines of NormalText::facts end
        provider.hosts = keep_all(*arena_, hosts);
        provider.urls = keep_all(*arena_, signatures(reader, "urls"));
        provider.words = keep_all(*arena_, signatures(reader, "words"));
        provider.aliases = keep_all(*arena_, reader.strings("aliases"));
        if (faults_.size() == complaints) providers_.push_back(provider);
    }
}

status::CataloguePart CatalogueLoader::part() {
    if (!causes_.empty()) part_.causes = arena_->keep(std::move(causes_));
    if (!providers_.empty()) part_.providers = arena_->keep(std::move(providers_));
    causes_.clear();
    providers_.clear();
    return part_;
}

}  // namespace ph::explain

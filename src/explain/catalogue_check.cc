// explain/catalogue_check.cc: the examples are explained, and every phrase is tried as a reply of its own with what its rule asks for.
// A phrase that another cause takes even then would never decide anything: that is a mistake in one of the two.
#include "explain/catalogue_check.h"

#include <algorithm>
#include <set>

#include "explain/rule_compile.h"

namespace ph::explain {
namespace {

using status::Cause;
using status::Rule;

class Checker {
  public:
    explicit Checker(const status::Catalogue& catalogue) : catalogue_(catalogue), explainer_(catalogue) {}

    std::vector<Complaint> run(const std::vector<const Cause*>& causes) {
        for (const Cause* cause : causes) check(*cause);
        for (const Cause* cause : causes) {
            for (const Rule& rule : cause->rules) check_rule(*cause, rule);
        }
        return std::move(complaints_);
    }

  private:
    void complain(const Cause& cause, std::string message) { complaints_.push_back({std::string(cause.id), std::move(message)}); }

    static std::string rule_name(const Match& match) { return match.rule == nullptr ? std::string("no rule") : "rule " + match.rule_name(); }

    void expect(const Cause& cause, std::string_view what, std::string_view reply) {
        const Diagnosis& diagnosis = explainer_.diagnose(reply);
        if (diagnosis.match.rule != nullptr) fired_.insert(diagnosis.match.rule);
        if (diagnosis.match.cause == &cause) return;
        complain(cause, std::string(what) + " \"" + std::string(reply) + "\" is taken by " + rule_name(diagnosis.match) +
                            "; make the words of this cause more specific, or give the other rule a 'not'");
    }

    void check(const Cause& cause) {
        for (const std::string_view example : cause.examples) expect(cause, "the example", example);
        for (const status::OwnReply& reply : cause.replies) {
            expect(cause, "our reply", sample_reply(reply.line));
            if (sample_reply(reply.line).find('{') != std::string::npos)
                complain(cause, "our reply \"" + std::string(reply.line) + "\" has a place in braces that no server fills in");
            if (!names_.insert(reply.name).second) complain(cause, "a reply named '" + std::string(reply.name) + "' exists already");
        }
    }

    void check_rule(const Cause& cause, const Rule& rule) {
        check_providers(cause, rule);
        for (const status::Alternative& alternative : rule.alternatives) {
            if (alternative.kind == status::AlternativeKind::phrase) check_phrase(cause, rule, alternative);
        }
        if (rule.alternatives.empty()) check_codes(cause, rule);
    }

    void check_providers(const Cause& cause, const Rule& rule) {
        for (const std::string_view id : rule.providers) {
            const status::Provider* provider = catalogue_.find_provider(id);
            if (provider == nullptr || provider->id != id) {
                complain(cause,
                         "rule '" + std::string(rule.id) + "' names the provider '" + std::string(id) + "', which providers.toml does not have");
            }
        }
    }

    // The reply that has just these words and what the rule's conditions want.
    const Match& match_words(const Rule& rule, std::string text) {
        for (std::size_t at = text.find(segment_mark); at != std::string::npos; at = text.find(segment_mark)) text.replace(at, 1, " ");
        normal_.clear();
        normal_.text = std::move(text);
        for (const std::string_view host : rule.hosts) normal_.facts += host;
        ReplyFacts facts;
        if (!rule.codes.empty()) facts.code = status::ReplyCode::from(rule.codes.front().low);
        if (!rule.enhanced.empty()) {
            const auto& condition = rule.enhanced.front();
            facts.enhanced =
                status::EnhancedCode{condition.code_class == 0 ? std::uint8_t{5} : condition.code_class, condition.subject, condition.detail};
        }
        if (!rule.commands.empty()) facts.command = parse_command(rule.commands.front());
        if (!rule.providers.empty()) facts.provider = rule.providers.front();
        match_ = matcher().find(normal_, facts);
        return match_;
    }

    void check_phrase(const Cause& cause, const Rule& rule, const status::Alternative& alternative) {
        const Match& match = match_words(rule, std::string(alternative.text));
        if (match.cause == &cause) return;
        complain(cause, "the phrase \"" + std::string(alternative.written) + "\" of rule '" + std::string(rule.id) + "' never fires: " +
                            (match.rule == nullptr ? std::string("its own conditions exclude it") : rule_name(match) + " takes it first"));
    }

    void check_codes(const Cause& cause, const Rule& rule) {
        const Match& match = match_words(rule, "");
        if (match.cause == &cause || fired_.contains(&rule)) return;
        complain(cause, "rule '" + std::string(rule.id) + "' never fires: " + rule_name(match) + " has the same code");
    }

    Matcher& matcher() {
        if (!matcher_) matcher_ = std::make_unique<Matcher>(catalogue_);
        return *matcher_;
    }

    const status::Catalogue& catalogue_;
    Explainer explainer_;
    std::unique_ptr<Matcher> matcher_;
    NormalText normal_;
    Match match_;
    std::set<const Rule*> fired_;
    std::set<std::string_view> names_;
    std::vector<Complaint> complaints_;
};

struct SampleValue {
    std::string_view name;
    std::string_view value;
};

constexpr std::array sample_values = {
    SampleValue{"address", "<user@example.com>"},
    SampleValue{"ip", "192.0.2.1"},
    SampleValue{"host", "mail.example.com"},
    SampleValue{"user", "user"},
    SampleValue{"list", "bl.example.net"},
    SampleValue{"url", "https://bl.example.net/192.0.2.1"},
    SampleValue{"seconds", "300"},
    SampleValue{"size", "20971520"},
    SampleValue{"limit", "10485760"},
    SampleValue{"command", "XYZZY"},
    SampleValue{"filter", "rspamd"},
    SampleValue{"text", "see the log"},
};

}  // namespace

std::string sample_reply(std::string_view line) {
    std::string reply(line);
    for (const SampleValue& sample : sample_values) {
        const std::string place = '{' + std::string(sample.name) + '}';
        for (std::size_t at = reply.find(place); at != std::string::npos; at = reply.find(place)) reply.replace(at, place.size(), sample.value);
    }
    return reply;
}

std::vector<Complaint> check_catalogue(const status::Catalogue& catalogue, status::CataloguePart checked) {
    std::vector<const Cause*> causes;
    for (const Cause& cause : checked.causes) causes.push_back(&cause);
    if (causes.empty()) causes.assign(catalogue.causes().begin(), catalogue.causes().end());
    return Checker(catalogue).run(causes);
}

}  // namespace ph::explain

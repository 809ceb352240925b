// library/explain.cc: the public header over the rooms explain and catalogue.
#include "posthorn/explain.h"

#include "catalogue/builtin.h"
#include "explain/catalogue_loader.h"
#include "explain/explainer.h"
#include "explain/report_json.h"
#include "explain/text_template.h"

namespace posthorn {

namespace explain = ph::explain;
namespace status = ph::status;

struct Explainer::State {
    State() : catalogue(ph::catalogue::builtin()), explainer(std::make_unique<explain::Explainer>(catalogue)) {}

    status::Catalogue catalogue;
    std::unique_ptr<explain::Explainer> explainer;  // anew after each change of the catalogue
};

namespace {

std::string filled(std::string_view text, const explain::Diagnosis& diagnosis, status::Language language) {
    std::string out;
    explain::append_filled(out, text, diagnosis, language);
    return out;
}

void add_texts(Explanation& explanation, const explain::Diagnosis& diagnosis) {
    const status::Bilingual title = diagnosis.cause().text(status::TextPart::title);
    const auto text = [&](status::Language language) {
        return filled(explain::running_text(diagnosis.cause(), language, diagnosis.permanent), diagnosis, language);
    };
    explanation.title_en = filled(title.en, diagnosis, status::Language::en);
    explanation.title_zh = filled(title.zh, diagnosis, status::Language::zh);
    explanation.text_en = text(status::Language::en);
    explanation.text_zh = text(status::Language::zh);
}

}  // namespace

Explainer::Explainer() : state_(std::make_unique<State>()) {}
Explainer::~Explainer() = default;
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;

std::vector<std::string> Explainer::add_cause(std::string_view id, std::string_view toml) {
    explain::CatalogueLoader loader;
    loader.add_file(std::string(id) + ".toml", std::string(id), toml);
    std::vector<std::string> complaints;
    for (const ph::Fault& fault : loader.faults()) complaints.push_back(to_text(fault));
    if (!complaints.empty()) return complaints;
    state_->catalogue.add(loader.part(), loader.arena());
    state_->explainer = std::make_unique<explain::Explainer>(state_->catalogue);
    return complaints;
}

Explanation Explainer::explain(std::string_view reply, const ReplyHints& hints) {
    const explain::Diagnosis& diagnosis = state_->explainer->diagnose(reply, {hints.provider, hints.host, hints.command});
    const status::Cause& cause = diagnosis.cause();
    Explanation explanation;
    explanation.cause = cause.id;
    explanation.reason = cause.reason->id;
    explanation.fault = to_text(cause.side);
    explanation.advice = cause.reason->advice;
    explanation.retry = to_text(cause.retry);
    explanation.permanent = diagnosis.permanent;
    explanation.retry_after = diagnosis.retry_after;
    if (diagnosis.reply.code) explanation.smtp_code = to_text(*diagnosis.reply.code);
    explanation.status = diagnosis.status_text();
    if (diagnosis.provider != nullptr) explanation.provider = diagnosis.provider->id;
    explanation.confidence = diagnosis.confidence;
    explanation.rule = diagnosis.match.rule_name();
    explanation.evidence = diagnosis.evidence();
    add_texts(explanation, diagnosis);
    return explanation;
}

}  // namespace posthorn

// explain/report_json.cc: the fields and their order are the contract of `posthorn explain --json` and `--batch`.
#include "explain/report_json.h"

#include "base/ascii.h"
#include "base/json_writer.h"
#include "explain/reply_values.h"

namespace ph::explain {
namespace {

using status::Language;
using status::ReplyClass;
using status::TextPart;

enum class Claim : std::uint8_t { none, transient, permanent };  // what the code says

Claim claim_of(const Diagnosis& diagnosis) {
    const auto claimed = diagnosis.claimed();
    if (claimed == ReplyClass::transient) return Claim::transient;
    return claimed == ReplyClass::permanent ? Claim::permanent : Claim::none;
}

std::string_view to_text(Claim claim) {
    constexpr std::array<std::string_view, 3> words = {"none", "transient", "permanent"};
    return words[static_cast<std::size_t>(claim)];
}

bool is_failure(const Diagnosis& diagnosis) {
    const std::string_view reason = diagnosis.cause().reason->id;
    return reason != "delivered" && reason != "not_bounce";
}

std::string_view kind(const Diagnosis& diagnosis) {
    if (!is_failure(diagnosis)) return "success";
    return claim_of(diagnosis) == Claim::transient ? "delay" : "bounce";
}

std::string_view action(const Diagnosis& diagnosis) {
    if (!is_failure(diagnosis)) return "delivered";
    return claim_of(diagnosis) == Claim::transient ? "delayed" : "failed";
}

// `text` with every run of blanks and line ends as one blank.
void put_on_one_line(std::string& line, std::string_view text) {
    line.clear();
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !is_blank(text[end])) ++end;
        if (end != at && !line.empty()) line += ' ';
        line.append(text, at, end - at);
        at = end + 1;
    }
}

void append_block_list(JsonWriter& json, const Diagnosis& diagnosis) {
    if (diagnosis.block_list == nullptr) return;
    json.key("blocklist").begin_object();
    json.field("name", diagnosis.block_list->name.en);
    json.field("ip", value_of(status::Placeholder::ip, diagnosis, Language::en));
    json.field("url", value_of(status::Placeholder::url, diagnosis, Language::en));
    json.end_object();
}

void append_evidence(JsonWriter& json, const Diagnosis& diagnosis, std::string& scratch) {
    json.key("evidence").begin_object();
    scratch.assign(diagnosis.cause().id);
    if (diagnosis.match.rule != nullptr) {
        scratch += '/';
        scratch += diagnosis.match.rule->id;
    }
    json.field("rule", scratch);
    json.field("tier", diagnosis.match.rule != nullptr ? to_text(diagnosis.match.rule->tier) : "none");
    json.field("text", diagnosis.evidence());
    json.count("start", diagnosis.evidence_begin).count("end", diagnosis.evidence_end);
    json.end_object();
}

std::string_view label(TextPart part, Language language) {
    const bool zh = language == Language::zh;
    switch (part) {
        case TextPart::sender:
            return zh ? "发件人：" : "Sender: ";
        case TextPart::sender_admin:
            return zh ? "发信方管理员：" : "Sending server's administrator: ";
        case TextPart::receiver_admin:
            return zh ? "收信方管理员：" : "Receiving server's administrator: ";
        case TextPart::title:
        case TextPart::cause:
            break;
    }
    return {};
}

}  // namespace

std::string running_text(const status::Cause& cause, Language language, bool permanent) {
    const bool zh = language == Language::zh;
    std::string text(cause.text(TextPart::title).in(language));
    text += zh ? "。" : ". ";
    text += cause.text(TextPart::cause).in(language);
    text += zh ? "责任方：" : " Side: ";
    text += describe(cause.side).in(language);
    text += zh ? "。" : ". ";
    text += permanent ? (zh ? "永久失败。" : "Permanent. ") : (zh ? "暂时失败。" : "Temporary. ");
    text += zh ? "重试：" : "Retry: ";
    text += describe(cause.retry).in(language);
    for (const TextPart part : {TextPart::sender, TextPart::sender_admin, TextPart::receiver_admin}) {
        const std::string_view advice = cause.text(part).in(language);
        if (advice.empty()) continue;
        if (!zh) text += ' ';
        text += label(part, language);
        text += advice;
    }
    return text;
}

JsonReporter::Prepared& JsonReporter::prepared(const status::Cause& cause) {
    auto& entry = prepared_[&cause];
    if (entry) return *entry;
    const auto text = [&](Language in, bool permanent) { return JsonTemplate(running_text(cause, in, permanent), in); };
    entry = std::make_unique<Prepared>(
        Prepared{{}, {{{text(Language::en, false), text(Language::en, true)}, {text(Language::zh, false), text(Language::zh, true)}}}});
    return *entry;
}

// All of it follows from the cause and the claim: whether the failure is permanent too.
void JsonReporter::write_verdict(std::string& out, const Diagnosis& diagnosis) {
    const status::Cause& cause = diagnosis.cause();
    JsonWriter json(out);
    json.field("reason", cause.reason->id).field("cause", cause.id);
    json.field("kind", kind(diagnosis)).field("action", action(diagnosis));
    json.flag("permanent", diagnosis.permanent).field("code_says", to_text(claim_of(diagnosis)));
    json.field("fault", to_text(cause.side)).field("advice", cause.reason->advice).field("retry", to_text(cause.retry));
}

void JsonReporter::append(std::string& out, const Diagnosis& diagnosis, std::string_view id_json) {
    Prepared& ready = prepared(diagnosis.cause());
    std::string& verdict = ready.verdicts[static_cast<std::size_t>(claim_of(diagnosis))];
    if (verdict.empty()) write_verdict(verdict, diagnosis);
    JsonWriter json(out);
    json.begin_object();
    if (!id_json.empty()) json.key("id").raw(id_json);
    json.raw(verdict);
    if (diagnosis.retry_after != 0) json.count("retry_after", diagnosis.retry_after);
    json.field("smtp_code", diagnosis.reply.code ? to_text(*diagnosis.reply.code) : "");
    json.field("status", diagnosis.status_text());
    json.field("status_source", diagnosis.status_source == StatusSource::diagnostic ? "diagnostic" : "inferred");
    json.field("command", to_text(diagnosis.reply.command));
    json.field("recipient", value_of(status::Placeholder::address, diagnosis, Language::en));
    json.field("provider", diagnosis.provider != nullptr ? diagnosis.provider->id : "");
    append_block_list(json, diagnosis);
    json.key("confidence").decimal(diagnosis.confidence, 2);
    append_evidence(json, diagnosis, scratch_);
    put_on_one_line(scratch_, diagnosis.reply.whole);
    json.field("diagnostic", scratch_);
    json.key("explain").begin_object();
    for (const Language language : {Language::en, Language::zh}) {
        json.key(language == Language::en ? "en" : "zh").raw("\"");
        ready.texts[static_cast<std::size_t>(language)][diagnosis.permanent ? 1 : 0].append(out, diagnosis);
        out += '"';
    }
    json.end_object().end_object();
}

}  // namespace ph::explain

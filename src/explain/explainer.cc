// explain/explainer.cc: charset, reply, normal text, rule, judgement, in this order.
#include "explain/explainer.h"

#include <algorithm>

#include "base/assert.h"
#include "base/utf8.h"
#include "explain/charset.h"
#include "explain/fold.h"
#include "explain/reply_values.h"

namespace ph::explain {
namespace {

using status::Confidence;
using status::Permanence;
using status::ReplyClass;
using status::Tier;

double confidence_of(const Match& match) {
    switch (match.cause->confidence) {
        case Confidence::high:
            return 0.95;
        case Confidence::medium:
            return 0.6;
        case Confidence::low:
            return 0.35;
        case Confidence::by_tier:
            break;
    }
    if (match.rule == nullptr || match.cause->reason->id == "undetermined") return 0.2;
    switch (match.rule->tier) {
        case Tier::host_text:
            return 0.97;
        case Tier::text:
            return 0.9;
        case Tier::code:
            return 0.8;
        case Tier::word:
            return 0.6;
        case Tier::general_code:
            return 0.4;
        case Tier::basic_code:
            return 0.3;
    }
    return 0.2;
}

// A 4yz reply is retried whatever its cause; a 5yz reply is as permanent as the nature of its cause.
bool is_permanent(const Diagnosis& diagnosis) {
    const auto claimed = diagnosis.claimed();
    if (claimed && *claimed != ReplyClass::permanent) return false;
    const Permanence nature = diagnosis.cause().permanence;
    return nature == Permanence::permanent || (nature == Permanence::unknown && claimed.has_value());
}

// Where in the reply the thing ends that the byte `at` of the normal text came from: a value as a whole, or a character.
std::uint32_t end_of(const Diagnosis& diagnosis, std::size_t at) {
    const std::uint32_t origin = diagnosis.normal.origin[at];
    const auto value = std::ranges::find(diagnosis.normal.values, origin, &Value::begin);
    if (value != diagnosis.normal.values.end()) return value->end;
    return origin + decode_utf8(diagnosis.reply.whole, origin).length;
}

// The first max_reply_bytes of the reply, less the bytes of a UTF-8 character that the cut would halve.
std::string_view head_of(std::string_view reply) {
    if (reply.size() <= max_reply_bytes) return reply;
    std::size_t end = max_reply_bytes;
    while (end > max_reply_bytes - 3 && (static_cast<unsigned char>(reply[end]) & 0xC0U) == 0x80U) --end;
    return reply.substr(0, end);
}

status::EnhancedCode inferred_status(const Diagnosis& diagnosis) {
    const auto claimed = diagnosis.claimed();
    const auto usual = diagnosis.cause().enhanced;
    status::EnhancedCode code = usual.empty() ? status::EnhancedCode{5, 0, 0} : usual.front();
    if (claimed && *claimed != ReplyClass::intermediate) {
        const auto digit = static_cast<std::uint8_t>(*claimed);
        const auto same_class = std::ranges::find(usual, digit, &status::EnhancedCode::code_class);
        if (same_class != usual.end()) code = *same_class;
        code.code_class = digit;
    }
    return code;
}

}  // namespace

std::optional<ReplyClass> Diagnosis::claimed() const {
    if (reply.code) return reply.code->reply_class();
    if (enhanced) return enhanced->reply_class();
    return std::nullopt;
}

std::string Diagnosis::status_text() const {
    return !enhanced && claimed() == ReplyClass::intermediate ? std::string() : to_text(status);
}

Explainer::Explainer(const status::Catalogue& catalogue) : fallback_(catalogue.find("unstated.none")), matcher_(catalogue) {
    PH_ASSERT(fallback_ != nullptr);
}

void Explainer::read(std::string_view text) {
    parse_reply(text, diagnosis_.reply);
    NormalText& normal = diagnosis_.normal;
    normal.clear();
    for (const Stretch& words : diagnosis_.reply.words) append_normalized(text, words.begin, words.end, normal);
    const auto inside = normal.enhanced;
    for (const Stretch& around : diagnosis_.reply.around) append_facts(text, around.begin, around.end, normal);
    diagnosis_.enhanced = diagnosis_.reply.enhanced ? diagnosis_.reply.enhanced : inside;
}

const Diagnosis& Explainer::diagnose(std::string_view reply, const Hints& hints) {
    std::string_view text = to_utf8(head_of(reply), decoded_);
    if (has_wide_digits(text)) {
        narrowed_ = narrow(text);
        text = narrowed_;
    }
    read(text);
    const Command command = hints.command.empty() ? diagnosis_.reply.command : parse_command(hints.command);
    diagnosis_.reply.command = command;
    diagnosis_.match = matcher_.find(diagnosis_.normal, {diagnosis_.reply.code, diagnosis_.enhanced, command, hints.provider, hints.host});
    if (diagnosis_.match.cause == nullptr) diagnosis_.match.cause = fallback_;
    judge();
    return diagnosis_;
}

void Explainer::judge() {
    Diagnosis& diagnosis = diagnosis_;
    diagnosis.provider = matcher_.provider();
    diagnosis.block_list = matcher_.block_list();
    diagnosis.status_source = diagnosis.enhanced ? StatusSource::diagnostic : StatusSource::inferred;
    diagnosis.status = diagnosis.enhanced ? *diagnosis.enhanced : inferred_status(diagnosis);
    diagnosis.permanent = is_permanent(diagnosis);
    diagnosis.confidence = confidence_of(diagnosis.match);
    const auto wait = wait_seconds(diagnosis);
    diagnosis.wait_zh = wait ? wait_text(*wait, status::Language::zh) : std::string();
    diagnosis.retry_after = diagnosis.permanent ? 0 : wait.value_or(diagnosis.cause().retry_after);
    diagnosis.evidence_begin = diagnosis.evidence_end = 0;
    if (diagnosis.match.begin == diagnosis.match.end) return;
    diagnosis.evidence_begin = diagnosis.normal.origin[diagnosis.match.begin];
    diagnosis.evidence_end = end_of(diagnosis, diagnosis.match.end - 1);
}

}  // namespace ph::explain

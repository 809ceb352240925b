// explain/diagnosis.h: what a reply means: the cause, how sure, by which rule, and what the reply itself says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "explain/matcher.h"
#include "explain/normal_text.h"
#include "explain/reply_text.h"
#include "status/catalogue.h"

namespace ph::explain {

enum class StatusSource : std::uint8_t { diagnostic, inferred };  // in the reply, or what the cause usually comes with

// Belongs to the Explainer that made it and is valid until its next diagnose(); views point into the text that was given.
struct Diagnosis {
    ReplyText reply;
    NormalText normal;
    std::optional<status::EnhancedCode> enhanced;  // as the reply has it
    status::EnhancedCode status;                   // enhanced, or inferred
    StatusSource status_source = StatusSource::inferred;
    Match match;  // match.cause is never nullptr
    const status::Provider* provider = nullptr;
    const status::Provider* block_list = nullptr;
    bool permanent = false;         // whether this ends the delivery, which may differ from what the code claims
    double confidence = 0;          // 0 to 1
    std::uint32_t retry_after = 0;  // seconds; 0: neither the reply nor the cause gives a time
    std::string wait_zh;            // the time that the reply gives, in Chinese; "" if it gives none
    // The words that decided, as bytes of the reply; begin == end where a code decided.
    std::uint32_t evidence_begin = 0;
    std::uint32_t evidence_end = 0;

    const status::Cause& cause() const { return *match.cause; }
    std::string_view evidence() const { return reply.whole.substr(evidence_begin, evidence_end - evidence_begin); }
    // What the first digit claims; nullopt without a code and without an enhanced code.
    std::optional<status::ReplyClass> claimed() const;
    // `status` as text; "" for a go-ahead (3yz), for which RFC 3463 has no class.
    std::string status_text() const;
};

}  // namespace ph::explain

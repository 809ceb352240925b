// policy/checks/delivered_to.cc: situation 85: a message that was already delivered to the mailbox it is for goes in a circle. Refused only if that
// is so for every recipient; for some of several, delivery tells each (situation 127).
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::too_many_hops};

Answer decide(const Question& question) {
    const Facts& facts = question.facts;
    const auto& seen = facts.content->delivered_to;
    if (seen.empty() || facts.recipients->empty()) return std::nullopt;
    const auto loops = [&](const mail::Recipient& recipient) {
        if (!question.site.directory->is_local_domain(recipient.address.domain)) return false;
        return std::ranges::find(seen, to_lower(to_text(recipient.address))) != seen.end();
    };
    if (!std::ranges::all_of(*facts.recipients, loops)) return std::nullopt;
    return smtp::refuse(reply::too_many_hops, {{"host", facts.hostname}});
}

}  // namespace

extern const CheckInfo delivered_to;
const CheckInfo delivered_to{.name = "delivered_to",
                             .stage = Stage::end_of_data,
                             .replies = replies,
                             .mode = &PolicyParams::delivered_to,
                             .decide = decide,
                             .doc = {.en = "A message whose Delivered-To names its recipient has been here before and goes in a circle.",
                                     .zh = "Delivered-To 中已有收件人地址的邮件曾投递到此，说明存在转发环路。"}};

}  // namespace ph::policy::checks

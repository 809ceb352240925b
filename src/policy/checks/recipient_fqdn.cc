// policy/checks/recipient_fqdn.cc: situation 64: a recipient's domain without a dot, unless it is one of ours (localhost). <Postmaster> has none and
// is always taken (RFC 5321 4.1.1.3).
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::recipient_not_fqdn};

Answer decide(const Question& question) {
    const mail::Mailbox& recipient = question.facts.recipient->address;
    if (recipient.domain.empty() ? recipient.is_postmaster() : recipient.domain.find('.') != std::string::npos) return std::nullopt;
    if (mail::is_address_literal(recipient.domain)) return std::nullopt;
    if (!recipient.domain.empty() && question.site.directory->is_local_domain(recipient.domain)) return std::nullopt;
    return smtp::refuse(reply::recipient_not_fqdn, {{"address", to_text(recipient)}});
}

}  // namespace

extern const CheckInfo recipient_fqdn;
const CheckInfo recipient_fqdn{.name = "recipient_fqdn",
                               .stage = Stage::rcpt,
                               .replies = replies,
                               .mode = &PolicyParams::recipient_fqdn,
                               .decide = decide,
                               .doc = {.en = "The recipient's domain must be a full one, an address literal, or one of ours.",
                                       .zh = "收件人域名必须完整、为地址字面量，或属于本机。"}};

}  // namespace ph::policy::checks

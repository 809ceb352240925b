// policy/checks/sender_fqdn.cc: situation 48: a sender whom nobody could answer, because his domain has no dot. Programs on trusted hosts send as
// root@localhost; that is theirs.
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::sender_not_fqdn};

Answer decide(const Question& question) {
    const mail::Mailbox& sender = question.facts.envelope->reverse_path;
    if (question.facts.trusted || sender.is_null()) return std::nullopt;
    if (sender.domain.find('.') != std::string::npos || mail::is_address_literal(sender.domain)) return std::nullopt;
    return smtp::refuse(reply::sender_not_fqdn, {{"address", to_text(sender)}});
}

}  // namespace

extern const CheckInfo sender_fqdn;
const CheckInfo sender_fqdn{
    .name = "sender_fqdn",
    .stage = Stage::mail,
    .replies = replies,
    .mode = &PolicyParams::sender_fqdn,
    .decide = decide,
    .doc = {.en = "The sender's domain must be a full one, such as example.org, or an address literal. Trusted clients are not asked.",
            .zh = "发件人域名必须完整（如 example.org）或为地址字面量；可信客户端不受此限。"}};

}  // namespace ph::policy::checks

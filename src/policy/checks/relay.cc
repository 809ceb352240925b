// policy/checks/relay.cc: situation 65: mail for somebody else's domain is taken from trusted clients only. It cannot be switched off, and no
// access table opens it: one mistaken line would make an open relay.
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::relay_denied};

Answer decide(const Question& question) {
    const mail::Mailbox& recipient = question.facts.recipient->address;
    if (question.facts.trusted || question.site.directory->is_local_domain(recipient.domain)) return std::nullopt;
    return smtp::refuse(reply::relay_denied, {{"address", to_text(recipient)}});
}

}  // namespace

extern const CheckInfo relay;
const CheckInfo relay{
    .name = "relay",
    .stage = Stage::rcpt,
    .replies = replies,
    .decide = decide,
    .doc = {.en = "Mail for domains that are neither local, virtual nor in `relay.domains` is taken from `policy.trusted_networks` only.",
            .zh = "发往非本机、非虚拟、也不在 `relay.domains` 中的域的邮件，只接受来自 `policy.trusted_networks` 的客户端。"}};

}  // namespace ph::policy::checks

// policy/checks/default_action.cc: situation 24, the end of the access rules: what a recipient gets about whom no table said anything.
// RFC 5321 4.5.1 wants postmaster to be reachable, so he is.
#include <array>

#include "catalogue/replies.h"
#include "policy/access_ruling.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::access_denied_end, &reply::access_deferred_end};

Answer decide(const Question& question) {
    const std::string& action = question.site.params.default_action;
    const mail::Mailbox& recipient = question.facts.recipient->address;
    if (action == "permit" || question.facts.trusted || recipient.is_postmaster() || permitted_before(question, Stage::rcpt)) return std::nullopt;
    const auto& table = question.site.recipient_access;
    if (table && table->for_mailbox(recipient).ruling == Ruling::permit) return std::nullopt;
    return smtp::refuse(action == "reject" ? reply::access_denied_end : reply::access_deferred_end, {{"text", shown(recipient)}});
}

}  // namespace

extern const CheckInfo default_action;
const CheckInfo default_action{
    .name = "default_action",
    .stage = Stage::rcpt,
    .replies = replies,
    .decide = decide,
    .doc = {
        .en = "What `policy.default` says about recipients that no access table permitted. Trusted clients and mail for postmaster are not asked.",
        .zh = "访问表都未放行的收件人按 `policy.default` 处理；可信客户端和发给 postmaster 的邮件不受此限。"}};

}  // namespace ph::policy::checks

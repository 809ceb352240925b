// policy/checks/recipient_access.cc: situations 22 and 23 at RCPT: the table of forward-paths, as the client gave them, before aliases.
#include <array>

#include "catalogue/replies.h"
#include "policy/access_ruling.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::access_denied, &reply::access_deferred, &reply::misconfigured};

Answer decide(const Question& question) {
    if (!question.site.recipient_access || permitted_before(question, Stage::rcpt)) return std::nullopt;
    const mail::Mailbox& recipient = question.facts.recipient->address;
    return answer_to(question.site.recipient_access->for_mailbox(recipient), shown(recipient) + ": Recipient address");
}

}  // namespace

extern const CheckInfo recipient_access;
const CheckInfo recipient_access{
    .name = "recipient_access",
    .stage = Stage::rcpt,
    .replies = replies,
    .decide = decide,
    .doc = {.en = "The recipient's address in the table of `policy.recipient_access`.", .zh = "按 `policy.recipient_access` 表检查收件人地址。"}};

}  // namespace ph::policy::checks

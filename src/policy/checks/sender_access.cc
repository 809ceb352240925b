// policy/checks/sender_access.cc: situations 22 and 23 at MAIL: the table of reverse-paths.
#include <array>

#include "catalogue/replies.h"
#include "policy/access_ruling.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::access_denied, &reply::access_deferred, &reply::misconfigured};

Answer decide(const Question& question) {
    if (!question.site.sender_access || permitted_before(question, Stage::mail)) return std::nullopt;
    const mail::Mailbox& sender = question.facts.envelope->reverse_path;
    return answer_to(question.site.sender_access->for_mailbox(sender), shown(sender) + ": Sender");
}

}  // namespace

extern const CheckInfo sender_access;
const CheckInfo sender_access{
    .name = "sender_access",
    .stage = Stage::mail,
    .replies = replies,
    .decide = decide,
    .doc = {.en = "The sender's address in the table of `policy.sender_access`.", .zh = "按 `policy.sender_access` 表检查发件人地址。"}};

}  // namespace ph::policy::checks

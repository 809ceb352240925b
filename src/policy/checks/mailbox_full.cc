// policy/checks/mailbox_full.cc: situation 76: a mailbox without room is told at RCPT, so that nobody has to make a bounce. For some days it is put
// off, then refused. Only for a recipient who is one mailbox: a list is not refused for one of its members.
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::mailbox_full, &reply::mailbox_full_for_long};

io::Task<Answer> inquire(Question question) {
    Answer answer;
    if (question.site.quota == nullptr || question.targets.size() != 1) co_return answer;
    const directory::Target& target = question.targets.front();
    if (target.route.kind != directory::RouteKind::maildir) co_return answer;
    std::optional<directory::LocalUser> user = co_await question.site.directory->user(target.address);
    if (!user || user->quota_bytes == 0) co_return answer;
    const std::uint64_t size = question.facts.envelope->declared_size;
    const std::optional<TimePoint> since = co_await question.site.quota->full_since(*std::move(user), size);
    if (!since) co_return answer;
    const bool for_long = question.site.world->now() - *since > question.site.params.quota_grace;
    answer = smtp::refuse(for_long ? reply::mailbox_full_for_long : reply::mailbox_full, {{"address", to_text(question.facts.recipient->address)}});
    co_return answer;
}

}  // namespace

extern const CheckInfo mailbox_full;
const CheckInfo mailbox_full{.name = "mailbox_full",
                             .stage = Stage::rcpt,
                             .replies = replies,
                             .mode = &PolicyParams::mailbox_full,
                             .inquire = inquire,
                             .doc = {.en = "A mailbox that has reached its quota takes no more: put off for `policy.quota_grace`, then refused.",
                                     .zh = "信箱达到配额后不再接收：在 `policy.quota_grace` 期限内暂缓，之后拒收。"}};

}  // namespace ph::policy::checks

// policy/checks/client_access.cc: situations 22 and 23 at connect: the table of client addresses. Trusted clients are asked about too: the
// administrator who bars a host of his own means it.
#include <array>

#include "catalogue/replies.h"
#include "policy/access_ruling.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::access_denied, &reply::access_deferred, &reply::misconfigured};

Answer decide(const Question& question) {
    if (!question.site.client_access) return std::nullopt;
    const std::string& address = question.facts.client->address;
    return answer_to(question.site.client_access->for_client(address), "<[" + address + "]>: Client");
}

}  // namespace

extern const CheckInfo client_access;
const CheckInfo client_access{
    .name = "client_access",
    .stage = Stage::connect,
    .replies = replies,
    .decide = decide,
    .doc = {.en = "The client's address in the table of `policy.client_access`.", .zh = "按 `policy.client_access` 表检查客户端地址。"}};

}  // namespace ph::policy::checks

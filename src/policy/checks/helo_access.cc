// policy/checks/helo_access.cc: situations 22 and 23 at HELO and EHLO: the table of names that clients give themselves.
#include <array>

#include "catalogue/replies.h"
#include "policy/access_ruling.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::access_denied, &reply::access_deferred, &reply::misconfigured};

Answer decide(const Question& question) {
    if (!question.site.helo_access || permitted_before(question, Stage::helo)) return std::nullopt;
    const std::string_view name = question.facts.helo;
    return answer_to(question.site.helo_access->for_name(name), "<" + std::string(name) + ">: Helo name");
}

}  // namespace

extern const CheckInfo helo_access;
const CheckInfo helo_access{.name = "helo_access",
                            .stage = Stage::helo,
                            .replies = replies,
                            .decide = decide,
                            .doc = {.en = "The name given in HELO or EHLO in the table of `policy.helo_access`.",
                                    .zh = "按 `policy.helo_access` 表检查 HELO/EHLO 给出的主机名。"}};

}  // namespace ph::policy::checks

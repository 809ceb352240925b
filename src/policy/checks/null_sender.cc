// policy/checks/null_sender.cc: situation 77: a bounce goes to the one who sent (RFC 5321 4.5.5), so a second recipient of a message from <> is a
// sign of abuse. Refused at the second RCPT, so that the first still gets his.
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
constexpr std::array replies{&reply::null_sender_many};

Answer decide(const Question& question) {
    const Facts& facts = question.facts;
    if (facts.trusted || !facts.envelope->reverse_path.is_null() || facts.recipients == nullptr || facts.recipients->empty()) return std::nullopt;
    return smtp::refuse(reply::null_sender_many, {{"address", to_text(facts.recipient->address)}});
}

}  // namespace

extern const CheckInfo null_sender;
const CheckInfo null_sender{.name = "null_sender",
                            .stage = Stage::rcpt,
                            .replies = replies,
                            .mode = &PolicyParams::null_sender,
                            .decide = decide,
                            .doc = {.en = "A message from the null sender `<>` has one recipient. Trusted clients are not asked.",
                                    .zh = "空发件人 `<>` 的邮件只能有一个收件人；可信客户端不受此限。"}};

}  // namespace ph::policy::checks

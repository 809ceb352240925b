// policy/access_ruling.h: what the access tables say together. The first table in the order client, helo, sender, recipient that says "permit" ends
// the search, so the tables after it and policy.default are not asked.
#pragma once

#include <string>
#include <string_view>

#include "policy/check.h"

namespace ph::policy {

// Did a table of an earlier stage, or of this one before `stage`'s own, permit what this question is about?
bool permitted_before(const Question& question, Stage stage);
// The reply to an action of a table; `subject` is who it is about: "<bob@example.org>: Sender". Nothing for permit and none.
Answer answer_to(const Action& action, const std::string& subject);
// "user@domain" between angle brackets, as replies name an address; at most what a line bears.
std::string shown(const mail::Mailbox& mailbox);

}  // namespace ph::policy

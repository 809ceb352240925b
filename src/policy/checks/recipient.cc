// policy/checks/recipient.cc: does the recipient exist, and where does his mail go? Situations 66 to 68, 73, 78, 26, 27: an alias of ours that goes
// in a circle or a table that is down is a fault of ours, so it is never 5xx.
#include <algorithm>
#include <array>

#include "catalogue/replies.h"
#include "policy/check.h"

namespace ph::policy::checks {
namespace {

using namespace catalogue;
using directory::Existence;
constexpr std::array replies{&reply::recipient_unknown,
                             &reply::recipient_unknown_mailbox,
                             &reply::recipient_unknown_alias,
                             &reply::recipient_unknown_relay,
                             &reply::recipient_moved,
                             &reply::recipient_probe_failed,
                             &reply::recipient_probe_pending,
                             &reply::list_expansion_now,
                             &reply::lookup_table_down,
                             &reply::misconfigured,
                             &reply::relay_denied};

// A route "error:5.1.2 text" for all there is: better said now than in a bounce to a sender who may be forged.
Answer refuse_error_routes(const std::string& address, const std::vector<directory::Target>& targets) {
    const auto is_error = [](const directory::Target& target) { return target.route.kind == directory::RouteKind::error; };
    if (targets.empty() || !std::ranges::all_of(targets, is_error)) return std::nullopt;
    const std::string& text = targets.front().route.argument;
    const bool later = text.starts_with('4');
    return smtp::refuse(later ? reply::recipient_probe_pending : reply::recipient_probe_failed, {{"address", address}, {"text", text}});
}

Answer refuse_unless_deliverable(const mail::Mailbox& recipient, const directory::Resolution& resolution, bool trusted) {
    const std::string address = to_text(recipient);
    switch (resolution.existence) {
        case Existence::deliverable:
            return refuse_error_routes(address, resolution.targets);
        case Existence::not_ours:
            if (!trusted) return smtp::refuse(reply::relay_denied, {{"address", address}});
            return refuse_error_routes(address, resolution.targets);
        case Existence::unknown_local:
            return smtp::refuse(reply::recipient_unknown, {{"address", address}});
        case Existence::unknown_virtual:
            return smtp::refuse(reply::recipient_unknown_mailbox, {{"address", address}});
        case Existence::unknown_alias:
            return smtp::refuse(reply::recipient_unknown_alias, {{"address", address}});
        case Existence::unknown_relay:
            return smtp::refuse(reply::recipient_unknown_relay, {{"address", address}});
        case Existence::moved:
            return smtp::refuse(reply::recipient_moved, {{"address", address}, {"text", resolution.text}});
        case Existence::loop:
            return smtp::refuse(reply::list_expansion_now, {{"address", address}, {"text", resolution.text}});
        case Existence::table_down:
            return smtp::refuse(reply::lookup_table_down, {{"address", address}});
        case Existence::misconfigured:
            break;
    }
    return smtp::refuse(reply::misconfigured);
}

io::Task<Answer> inquire(Question question) {
    const mail::Mailbox& recipient = question.facts.recipient->address;
    directory::Resolution resolution = co_await question.site.directory->resolve(recipient);
    Answer answer = refuse_unless_deliverable(recipient, resolution, question.facts.trusted);
    if (!answer) question.targets = std::move(resolution.targets);
    co_return answer;
}

}  // namespace

extern const CheckInfo recipient;
const CheckInfo recipient{.name = "recipient",
                          .stage = Stage::rcpt,
                          .replies = replies,
                          .inquire = inquire,
                          .doc = {.en = "The recipient must exist: a user, an alias, an entry of the tables of virtual and relayed domains.",
                                  .zh = "收件人必须存在：用户、别名，或虚拟域、中转域表中的条目。"}};

}  // namespace ph::policy::checks

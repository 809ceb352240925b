// policy/registry.cc: the order of the checks. Within a stage what costs nothing stands before what has to be looked up; `relay` stands before
// everything that would tell a stranger who exists.
#include "policy/registry.h"

#include <array>

// A check is one line here, in the order of asking.
#define PH_POLICY_CHECKS(CHECK) \
    CHECK(client_access)        \
    CHECK(helo_access)          \
    CHECK(sender_fqdn)          \
    CHECK(sender_access)        \
    CHECK(recipient_fqdn)       \
    CHECK(relay)                \
    CHECK(recipient_access)     \
    CHECK(default_action)       \
    CHECK(null_sender)          \
    CHECK(recipient)            \
    CHECK(mailbox_full)         \
    CHECK(delivered_to)

namespace ph::policy {

namespace checks {
#define PH_DECLARE(check) extern const CheckInfo check;
PH_POLICY_CHECKS(PH_DECLARE)
#undef PH_DECLARE
}  // namespace checks

std::span<const CheckInfo* const> all_checks() {
#define PH_LIST(check) &checks::check,
    static constexpr std::array in_order{PH_POLICY_CHECKS(PH_LIST)};
#undef PH_LIST
    return in_order;
}

std::string_view to_text(Stage stage) {
    switch (stage) {
        case Stage::connect:
            return "connect";
        case Stage::helo:
            return "helo";
        case Stage::mail:
            return "mail";
        case Stage::rcpt:
            return "rcpt";
        case Stage::data:
            return "data";
        case Stage::end_of_data:
            return "end of data";
    }
    return "";
}

namespace {

void append_check(std::string& out, const CheckInfo& check) {
    out.append("## ").append(check.name).append("\n\n");
    out.append("Stage: ").append(to_text(check.stage)).append(". ");
    out.append(check.mode != nullptr ? "Parameter: `policy." + std::string(check.name) + "` (enforce, warn, off).\n\n" : "Always enforced.\n\n");
    out.append(check.doc.en).append("\n\n").append(check.doc.zh).append("\n\n");
    out.append("| situation | reply | cause |\n|---|---|---|\n");
    for (const status::OwnReply* reply : check.replies) {
        out.append("| ")
            .append(std::to_string(reply->situation))
            .append(" | `")
            .append(reply->line)
            .append("` | ")
            .append(reply->cause)
            .append(" |\n");
    }
    out += '\n';
}

}  // namespace

std::string checks_document() {
    std::string out =
        "# The checks of policy, in the order of asking\n\n"
        "Written by `checks_document()` (src/policy/registry.cc); a test compares. The first refusal ends a stage.\n"
        "本文由程序生成，按询问顺序列出各项检查；同一阶段中第一个拒绝即为结果。\n\n";
    for (const CheckInfo* check : all_checks()) append_check(out, *check);
    out.pop_back();
    return out;
}

}  // namespace ph::policy

// policy/access_ruling.cc: the tables asked again for a stage are the same tables: what they say about the same facts does not change on the way.
#include "policy/access_ruling.h"

#include "catalogue/replies.h"

namespace ph::policy {
namespace {

using namespace catalogue;

bool permits(const std::optional<AccessTable>& table, Action (AccessTable::*find)(std::string_view) const, std::string_view key) {
    return table && (*table.*find)(key).ruling == Ruling::permit;
}

smtp::Reply with_text(smtp::Reply reply, const std::string& text) {
    if (!text.empty()) reply.text += "; " + text;
    return reply;
}

}  // namespace

bool permitted_before(const Question& question, Stage stage) {
    const Facts& facts = question.facts;
    const Site& site = question.site;
    if (stage > Stage::connect && facts.client != nullptr && permits(site.client_access, &AccessTable::for_client, facts.client->address))
        return true;
    if (stage > Stage::helo && permits(site.helo_access, &AccessTable::for_name, facts.helo)) return true;
    if (stage <= Stage::mail || facts.envelope == nullptr || !site.sender_access) return false;
    return site.sender_access->for_mailbox(facts.envelope->reverse_path).ruling == Ruling::permit;
}

Answer answer_to(const Action& action, const std::string& subject) {
    switch (action.ruling) {
        case Ruling::reject:
            return with_text(smtp::refuse(reply::access_denied, {{"text", subject}}), action.text);
        case Ruling::defer:
            return with_text(smtp::refuse(reply::access_deferred, {{"text", subject}}), action.text);
        // Situation 27: a fault of ours is never 5xx.
        case Ruling::broken:
            return smtp::refuse(reply::misconfigured);
        case Ruling::permit:
        case Ruling::none:
            break;
    }
    return std::nullopt;
}

std::string shown(const mail::Mailbox& mailbox) {
    return '<' + to_text(mailbox) + '>';
}

}  // namespace ph::policy

// queue/plan.cc: grouping by destination and reverse-path, in the order in which they came.
#include "queue/plan.h"

#include <set>
#include <tuple>
#include <unordered_map>

namespace ph::queue {
namespace {

using Key = std::string;

Key key_of(const std::string& queue, const mail::Mailbox& reverse_path) {
    return queue + '\0' + reverse_path.local_part + '\0' + reverse_path.domain;
}

// RFC 3461 5.2.7.1, 5.2.7.2: one address for another keeps the wishes. Of several none promises success any more: the sender is told
// "expanded" once, with the first of them. RFC 3461 5.2.7.3: a list (it has an owner) is the end of the sender's wishes altogether.
spool::PendingRecipient pending_for(const mail::Recipient& recipient, const directory::Target& target, bool several, bool first) {
    spool::PendingRecipient pending;
    pending.recipient = recipient;
    pending.recipient.address = target.address;
    pending.original = recipient.address;
    pending.expanded = target.expanded;
    const bool is_list = !target.owner.is_null();
    if (!target.expanded || (!several && !is_list)) return pending;
    pending.tell_expanded = first && recipient.notify.wants_success();
    if (is_list) {
        pending.recipient.notify = {};
        pending.recipient.orcpt.clear();
        return pending;
    }
    pending.recipient.notify.bits &= static_cast<std::uint8_t>(~mail::Notify::success);
    // RFC 3461 4.1: without any keyword the wishes would be the default ones again.
    if (recipient.notify.bits == mail::Notify::success) pending.recipient.notify.bits = mail::Notify::never;
    return pending;
}

class Planner {
  public:
    // False if that target has the message already.
    bool add(const std::string& queue, const mail::Mailbox& reverse_path, spool::PendingRecipient pending) {
        const Key key = key_of(queue, reverse_path);
        if (!seen_.insert({key, pending.recipient.address.local_part, pending.recipient.address.domain}).second) return false;
        const auto found = open_.find(key);
        if (found == open_.end() || plans[found->second].data.recipients.size() >= recipients_per_job) {
            open_[key] = plans.size();
            spool::JobPlan& plan = plans.emplace_back();
            plan.queue = queue;
            plan.data.reverse_path = reverse_path;
            plan.data.recipients.push_back(std::move(pending));
            return true;
        }
        plans[found->second].data.recipients.push_back(std::move(pending));
        return true;
    }

    std::vector<spool::JobPlan> plans;

  private:
    std::unordered_map<Key, std::size_t> open_;
    std::set<std::tuple<Key, std::string, std::string>> seen_;
};

}  // namespace

std::vector<spool::JobPlan> plan_jobs(const std::vector<Accepted>& recipients, const mail::Mailbox& reverse_path) {
    Planner planner;
    for (const Accepted& accepted : recipients) {
        const bool several = accepted.targets.size() > 1;
        bool first = true;
        for (const directory::Target& target : accepted.targets) {
            const bool bounces_to_owner = !target.owner.is_null() && !reverse_path.is_null();
            const bool added = planner.add(to_text(target.route), bounces_to_owner ? target.owner : reverse_path,
                                           pending_for(accepted.recipient, target, several, first));
            first = first && !added;
        }
    }
    return std::move(planner.plans);
}

}  // namespace ph::queue

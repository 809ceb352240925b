// queue/params.cc: the parameters as the rules of shaping take them.
#include "queue/params.h"

namespace ph::queue {

Settings::Settings(QueueParams params) : params_(std::move(params)) {
    for (const std::string& text : params_.destinations) {
        if (auto rule = shaping::parse_destination_rule(text)) rules_.push_back(*std::move(rule));
    }
}

Limits Settings::limits_for(std::string_view queue) const {
    Limits limits;
    limits.retry = {params_.retry_first, params_.retry_max, params_.retry_factor};
    limits.window = {params_.destination_start, params_.destination_concurrency, params_.dead_after, params_.dead_retry_first,
                     params_.dead_retry_max};
    if (const shaping::DestinationRule* rule = shaping::find_rule(rules_, queue)) {
        limits.retry.first = rule->retry_first.value_or(limits.retry.first);
        limits.retry.max = rule->retry_max.value_or(limits.retry.max);
        limits.window.max = rule->concurrency.value_or(limits.window.max);
        limits.lifetime = rule->lifetime;
    }
    return limits;
}

spool::Lifetime Settings::lifetime(const mail::Mailbox& reverse_path, bool deliver_now) const {
    return {reverse_path.is_null() ? params_.bounce_lifetime : params_.lifetime, deliver_now && !params_.hold, lease};
}

}  // namespace ph::queue

// deliver/fixed_transport.cc: discard and error.
#include "deliver/fixed_transport.h"

#include "base/ascii.h"
#include "deliver/finding.h"

namespace ph::deliver {
namespace {

Attempt same_for_all(const spool::Work& work, const RecipientOutcome& outcome) {
    Attempt attempt;
    attempt.outcomes.assign(work.data.recipients.size(), outcome);
    attempt.facts.reached = true;
    return attempt;
}

RecipientOutcome error_of(std::string_view argument) {
    std::size_t length = 0;
    const auto status = status::EnhancedCode::parse_head(argument, length);
    const bool usable = status && status->code_class != 2;
    const std::string text = one_line(argument.substr(usable ? length : 0));
    return finding(usable ? *status : status::EnhancedCode{5, 0, 0}, 0, text.empty() ? "no mail is taken for this address" : text);
}

}  // namespace

io::Task<Attempt> DiscardTransport::attempt(const spool::Work& work, const directory::Route&) {
    co_return same_for_all(work, delivered_here("discarded by the transport table"));
}

io::Task<Attempt> ErrorTransport::attempt(const spool::Work& work, const directory::Route& route) {
    co_return same_for_all(work, error_of(route.argument));
}

}  // namespace ph::deliver

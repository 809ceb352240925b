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

}  // namespace

io::Task<Attempt> DiscardTransport::attempt(const spool::Work& work, const directory::Route&) {
    co_return same_for_all(work, delivered_here("discarded by the transport table"));
}

io::Task<Attempt> ErrorTransport::attempt(const spool::Work& work, const directory::Route& route) {
    std::size_t length = 0;
    const auto status = status::EnhancedCode::parse_head(route.argument, length);
    const bool usable = status && status->code_class != 2;
    std::string text = one_line(std::string_view(route.argument).substr(usable ? length : 0));
    if (text.empty()) text = "no mail is taken for this address";
    co_return same_for_all(work, finding(usable ? *status : status::EnhancedCode{5, 0, 0}, 0, std::move(text)));
}

}  // namespace ph::deliver

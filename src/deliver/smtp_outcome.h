// deliver/smtp_outcome.h: from what a session came to, to the outcome of a recipient: ending, status, and the text as logs of mail servers
// say it, so that people, their tools and our explainer know it (situations 105 to 123).
#pragma once

#include <string>

#include "deliver/mx_lookup.h"
#include "deliver/transport.h"
#include "smtp/client/session.h"

namespace ph::deliver {

// A connection could not be made (situation 105).
RecipientOutcome connect_failed(const Hop& hop, const io::IoFault& fault);
// The host refused at the greeting or EHLO (situation 113), or the connection was lost before (106, 115).
RecipientOutcome host_refused(const Hop& hop, const smtp::ClientSession::Refusal& refusal);
// Delivered, refused, or lost on the way (situations 106, 114, 115).
RecipientOutcome answered(const Hop& hop, const smtp::client::RecipientResult& result);
// A finding of ours about the host: it lacks what the message needs (situations 122, 123).
RecipientOutcome unfit(const Hop& hop, status::EnhancedCode status, std::uint32_t situation, std::string text);

// The outcome says more about the host or the way to it than about the message: another host may take it.
bool is_host_trouble(const smtp::client::RecipientResult& result);
// "mx.example.org[192.0.2.1]".
std::string name_of(const Hop& hop);
// The status that a reply without an enhanced code stands for.
status::EnhancedCode derived_status(std::uint16_t code, smtp::client::Command command);

}  // namespace ph::deliver

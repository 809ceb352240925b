// policy/policy.h: the questions that a session asks on its way, and who answers them. Checks run in the order of policy/registry.cc;
// each answers at the stages it declares; the first refusal ends the stage.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "directory/directory.h"
#include "mail/envelope.h"
#include "smtp/reply.h"
#include "smtp/server/session.h"

namespace ph::policy {

enum class Stage : std::uint8_t { connect, helo, mail, rcpt, data, end_of_data };

// What is known at a stage; views live until the answer. Later stages know everything of the earlier ones.
struct Facts {
    Stage stage = Stage::connect;
    const smtp::Client* client = nullptr;
    smtp::Dialect dialect = smtp::Dialect::smtp;
    std::string_view hostname;  // ours
    std::string_view helo;
    const mail::Envelope* envelope = nullptr;
    const mail::Recipient* recipient = nullptr;                // rcpt
    const std::vector<mail::Recipient>* recipients = nullptr;  // accepted so far
    const smtp::ContentFacts* content = nullptr;               // end_of_data
    bool trusted = false;                                      // from trusted networks: may relay
};

// What a stage came to: pass, or the reply. At rcpt, the targets that the recipient resolved to.
struct Verdict {
    std::optional<smtp::Reply> refusal;
    std::vector<directory::Target> targets;
};

class Policy {
  public:
    virtual ~Policy() = default;
    virtual io::Task<Verdict> ask(Facts facts) = 0;
    virtual bool trusts(std::string_view address) const = 0;
};

}  // namespace ph::policy

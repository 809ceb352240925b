// policy/access_table.h: tables that say who may (access(5) of Postfix): what a client, a HELO name, a sender or a recipient gets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/table.h"
#include "mail/mailbox.h"

namespace ph::policy {

enum class Ruling : std::uint8_t { none, permit, reject, defer, broken };  // broken: a value that $1 made is no action

struct Action {
    Ruling ruling = Ruling::none;
    std::string text;  // what the administrator wants said; printable ASCII
};

// "reject [text]", "defer [text]", "permit", "ok", "dunno", and the 4xx and 5xx of Postfix. nullopt for anything else.
std::optional<Action> parse_action(std::string_view value);

class AccessTable {
  public:
    // nullopt if `source` is empty or could not be read.
    static std::optional<AccessTable> open(const std::string& source, const SourceLocation& mentioned, std::vector<Fault>& faults);

    Action for_client(std::string_view address) const;       // the address, then its networks as Postfix writes them: 192.0.2, 192.0, 192
    Action for_name(std::string_view name) const;            // the name, then ".parent" and "parent" of each domain above it
    Action for_mailbox(const mail::Mailbox& mailbox) const;  // user@domain, domain and above, user@; "<>" for the null path

  private:
    explicit AccessTable(directory::Table table) : table_(std::move(table)) {}
    bool find(std::string_view key, Action& action) const;
    bool find_domain(std::string_view domain, Action& action) const;

    directory::Table table_;
};

}  // namespace ph::policy

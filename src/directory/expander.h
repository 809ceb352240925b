// directory/expander.h: from an address to its final recipients and their routes: virtual aliases, local aliases and lists, catch-all, users,
// transports (RFC 5321 3.9). Pure: it asks the maps and nothing else, but for users of the system, where Users says that it may wait.
#pragma once

#include <memory>
#include <optional>

#include "directory/directory.h"
#include "directory/maps.h"

namespace ph::directory {

inline constexpr std::size_t max_expansion_depth = 50;
inline constexpr std::size_t max_targets = 10'000;
inline constexpr std::size_t max_expansion_steps = 100'000;

class Expander {
  public:
    // `maps` outlives the expander.
    explicit Expander(const Maps& maps) : maps_(maps) {}

    Resolution resolve(const mail::Mailbox& address) const;
    std::optional<LocalUser> user(const mail::Mailbox& address) const;
    // The domain in lower case; the home domain where it lacks.
    mail::Mailbox normal(const mail::Mailbox& address) const;

  private:
    const Maps& maps_;
};

// The entry for an address in a table: user+ext@domain, user@domain, user+ext and user if `bare`, @domain. `extension` gets what was left
// unmatched of the local part, "" for @domain.
std::optional<std::string_view> find_address(const Table& table, const mail::Mailbox& address, const std::string& delimiters, bool bare,
                                             std::string& space, std::string* extension = nullptr);

}  // namespace ph::directory

// policy/quota_check.h: the question whether a mailbox has room, which only who writes mailboxes can answer; the server brings the answer in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "directory/directory.h"
#include "io/world.h"

namespace ph::policy {

class QuotaCheck {
  public:
    virtual ~QuotaCheck() = default;
    // Since when there has been no room for `size` octets more; nullopt if there is room, no quota, or no way to know.
    virtual io::Task<std::optional<TimePoint>> full_since(directory::LocalUser user, std::uint64_t size) = 0;
};

// Remembers since when mailboxes are full, by how full they are whenever somebody asks. Bounded; after a restart the grace begins anew. It outlives
// the policies of reloads. On the loop's thread only.
class FullMailboxes : public QuotaCheck {
  public:
    // Octets in the mailbox; nullopt if it cannot be known.
    using Usage = std::function<io::Task<std::optional<std::uint64_t>>(directory::LocalUser)>;

    FullMailboxes(io::World& world, Usage usage, std::size_t max_remembered = 100'000);
    io::Task<std::optional<TimePoint>> full_since(directory::LocalUser user, std::uint64_t size) override;

  private:
    io::World& world_;
    Usage usage_;
    std::size_t max_remembered_;
    std::unordered_map<std::string, TimePoint> since_;  // by Maildir
};

}  // namespace ph::policy

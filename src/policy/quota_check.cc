// policy/quota_check.cc: the memory of full mailboxes. Forgetting one only gives its owner more time.
#include "policy/quota_check.h"

#include <utility>

namespace ph::policy {

FullMailboxes::FullMailboxes(io::World& world, Usage usage, std::size_t max_remembered)
    : world_(world), usage_(std::move(usage)), max_remembered_(max_remembered) {}

io::Task<std::optional<TimePoint>> FullMailboxes::full_since(directory::LocalUser user, std::uint64_t size) {
    if (user.quota_bytes == 0) co_return std::nullopt;
    const std::string maildir = user.maildir;
    const std::uint64_t quota = user.quota_bytes;
    const std::optional<std::uint64_t> used = co_await usage_(std::move(user));
    if (!used || (*used < quota && size <= quota - *used)) {
        since_.erase(maildir);
        co_return std::nullopt;
    }
    // A message that is too large for what is left is no reason to call a mailbox full that takes smaller ones.
    if (*used < quota) co_return world_.now();
    if (since_.size() >= max_remembered_ && !since_.contains(maildir)) since_.erase(since_.begin());
    co_return since_.try_emplace(maildir, world_.now()).first->second;
}

}  // namespace ph::policy

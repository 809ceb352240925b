// deliver/maildir_quota.h: how full a Maildir is, kept in its file maildirsize as Maildir++ has it, so that IMAP servers and we count together.
// The user can write that file: what it says is checked, bounded, and counted anew when it looks wrong or when the mailbox seems full.
// Reading and counting wait for the disk: they run on a thread of World::blocking().
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "deliver/maildir_folder.h"

namespace ph::deliver {

struct MailboxUsage {
    std::uint64_t bytes = 0;
    std::uint64_t messages = 0;
};

// The sum of a maildirsize file; nullopt if it was written for another quota or is not what it should be.
struct SizeFile {
    MailboxUsage usage;
    std::size_t lines = 0;  // after the first
};
std::optional<SizeFile> parse_size_file(std::string_view text, std::uint64_t quota_bytes);

// Counts only if the file is not good enough, or if by it there is no room for `wanted` octets more.
Done<MailboxUsage> maildir_usage(int maildir, const Owner& owner, std::uint64_t quota_bytes, std::uint64_t wanted, TimePoint now);
// Adds a message that was delivered. A failure only makes the next count a full one.
void add_to_usage(int maildir, const Owner& owner, std::uint64_t bytes);

// For checks before a message is taken (situation 76): nullopt if the user has no quota, or if it cannot be known.
io::Task<std::optional<MailboxUsage>> mailbox_usage(io::World& world, directory::LocalUser user);

}  // namespace ph::deliver

// directory/users.h: the mailboxes of local domains, by name: those of the system's users, those of a table, or one for whatever name is asked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/directory.h"
#include "directory/params.h"
#include "directory/table.h"

namespace ph::directory {

// "maildir[:uid:gid][:quota]", a value of the tables of users and of virtual mailboxes.
struct MailboxEntry {
    std::string maildir;  // "" or "-": as local.maildir says
    std::optional<std::uint32_t> uid;
    std::optional<std::uint32_t> gid;
    std::optional<std::uint64_t> quota;
};
Result<MailboxEntry> parse_mailbox_entry(std::string_view text);

// May this be one name in a path? A local part comes from anybody and may be "../../etc".
bool is_path_part(std::string_view name);
// The pattern with {user}, {domain} and {home} put in, '/' at its end; nullopt if a name may not stand in a path.
std::optional<std::string> fill_maildir(std::string_view pattern, std::string_view user, std::string_view domain, std::string_view home);

// Who writes a mailbox, unless its table says so.
struct MailboxOwner {
    std::optional<std::uint32_t> uid;
    std::optional<std::uint32_t> gid;
};

class Users {
  public:
    virtual ~Users() = default;
    // `name` without extension, in lower case. `trouble` is set if it could not be found out.
    virtual std::optional<LocalUser> find(const std::string& name, std::string_view domain, std::string& trouble) const = 0;
    // True if find() may wait for somebody: it is then asked off the loop.
    virtual bool may_block() const = 0;
};

// nullptr when the table could not be read. Mistakes are told in `faults`.
std::unique_ptr<Users> make_users(const DirectoryParams& params, const MailboxOwner& owner, const SourceLocation& mentioned,
                                  std::vector<Fault>& faults);

}  // namespace ph::directory

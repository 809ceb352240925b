// server/privileges.h: from root to the user that the server runs as, once its ports are bound and its folders are there.
#pragma once

#include <string>

#include "base/result.h"

namespace ph::server {

// Which of root's powers are kept after the change.
enum class Keep : std::uint8_t {
    nothing,
    mailboxes,  // writing into the mailboxes of system users and running pipe commands as them: CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER,
                // CAP_SETUID, CAP_SETGID, CAP_KILL
};

struct Account {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string name;
};

// The account called `name`; a fault with the remedy if there is none.
Result<Account> find_account(const std::string& name);
// Makes `path` (and what is missing above it) with mode 0700, owned by `account`; does nothing to a folder that is there.
Result<void> make_private_directory(const std::string& path, const Account& account);
// Becomes `account` for good: groups, gid, uid, capabilities, no_new_privs. Only for root; anyone else keeps what he is.
Result<void> drop_privileges(const Account& account, Keep keep);
bool is_root();

}  // namespace ph::server

// server/privileges.cc: setgid, setuid and the capability sets, by the system calls themselves: libcap would be a library for thirty lines.
#include "server/privileges.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "directory/account.h"

namespace ph::server {
namespace {

tl::unexpected<Fault> system_fault(const std::string& what) {
    return fail(FaultKind::unreadable, what + ": " + std::strerror(errno));
}

constexpr std::array mailbox_powers = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_KILL, CAP_SETGID, CAP_SETUID};

Result<void> set_capabilities(Keep keep) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    if (keep == Keep::mailboxes) {
        for (const int power : mailbox_powers) sets[0].permitted |= 1U << static_cast<unsigned>(power);
        sets[0].effective = sets[0].permitted;
    }
    if (syscall(SYS_capset, &header, sets.data()) != 0) return system_fault("cannot give up root's capabilities");
    return {};
}

}  // namespace

bool is_root() {
    return geteuid() == 0;
}

Result<Account> find_account(const std::string& name) {
    directory::Account found;
    std::string why;
    const directory::AccountAnswer answer = directory::find_account(name, found, why);
    if (answer == directory::AccountAnswer::failed) return fail(FaultKind::unreadable, "cannot look up the user '" + name + "': " + why);
    if (answer == directory::AccountAnswer::unknown) {
        return fail(FaultKind::missing, "server.user is '" + name + "', and there is no such user; make it with: useradd --system --home-dir " +
                                            "/var/spool/posthorn --shell /usr/sbin/nologin " + name);
    }
    return Account{found.uid, found.gid, name};
}

Result<void> make_private_directory(const std::string& path, const Account& account) {
    if (path.empty() || path == "/") return {};
    struct stat info {};
    if (stat(path.c_str(), &info) == 0) {
        if (!S_ISDIR(info.st_mode)) return fail(FaultKind::bad_value, path + " is in the way: it is not a directory");
        return {};
    }
    const std::size_t slash = path.find_last_not_of('/') == std::string::npos ? 0 : path.rfind('/', path.find_last_not_of('/'));
    if (slash != std::string::npos && slash != 0) {
        if (auto made = make_private_directory(path.substr(0, slash), account); !made) return made;
    }
    if (mkdir(path.c_str(), 0700) != 0) return system_fault("cannot make the directory " + path);
    if (is_root() && chown(path.c_str(), account.uid, account.gid) != 0) return system_fault("cannot give " + path + " to " + account.name);
    return {};
}

Result<void> drop_privileges(const Account& account, Keep keep) {
    // Programs that are run (pipes) can never gain more than the server has.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_fault("cannot set no_new_privs");
    if (!is_root() || account.uid == 0) return {};
    if (keep == Keep::mailboxes && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return system_fault("cannot keep capabilities");
    if (setgroups(0, nullptr) != 0) return system_fault("cannot leave root's groups");
    if (setresgid(account.gid, account.gid, account.gid) != 0) return system_fault("cannot become group of " + account.name);
    if (setresuid(account.uid, account.uid, account.uid) != 0) return system_fault("cannot become " + account.name);
    if (auto set = set_capabilities(keep); !set) return set;
    // A server that can still become root would only look safe.
    if (keep == Keep::nothing && setuid(0) == 0) return fail(FaultKind::unreadable, "root's powers did not go; refusing to run");
    return {};
}

}  // namespace ph::server

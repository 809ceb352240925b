// directory/account.cc: getpwnam_r with a buffer that grows, bounded. An unknown name and an answer that did not come are different things: the
// first bounces mail, the second lets it wait.
#include "directory/account.h"

#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <vector>

namespace ph::directory {
namespace {

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t last_buffer = 1024UL * 1024;

}  // namespace

AccountAnswer find_account(const std::string& name, Account& account, std::string& why) {
    std::vector<char> buffer(first_buffer);
    passwd entry{};
    passwd* found = nullptr;
    int error = 0;
    while ((error = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found)) == ERANGE && buffer.size() < last_buffer) {
        buffer.resize(buffer.size() * 4);
    }
    if (found != nullptr) {
        account = {entry.pw_dir != nullptr ? entry.pw_dir : "", entry.pw_uid, entry.pw_gid};
        return AccountAnswer::found;
    }
    // POSIX lets "not found" come as any of these.
    if (error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM || error == EINVAL) return AccountAnswer::unknown;
    why = std::strerror(error);
    return AccountAnswer::failed;
}

std::optional<std::uint32_t> find_group(const std::string& name) {
    std::vector<char> buffer(first_buffer);
    group entry{};
    group* found = nullptr;
    while (getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == ERANGE && buffer.size() < last_buffer) {
        buffer.resize(buffer.size() * 4);
    }
    return found != nullptr ? std::optional(entry.gr_gid) : std::nullopt;
}

}  // namespace ph::directory

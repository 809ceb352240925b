// deliver/maildir_folder.cc: opening and making the folders of a Maildir, one step at a time from the home on, or from the root.
#include "deliver/maildir_folder.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/capability.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace ph::deliver {
namespace {

constexpr int look_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;  // asks for no right to read what is in a folder on the way
constexpr int use_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

enum class Missing : std::uint8_t { make, refuse };

// One folder on the way: whose it has to be, and what is made if it is missing.
enum class Kind : std::uint8_t {
    users,   // the user's own, mode 0700
    on_way,  // above the Maildir of a user without a home: ours, everybody may pass
};

struct Step {
    FileDescriptor folder;
    bool made = false;
};

Done<struct stat> look(int folder, const std::string& path) {
    struct stat info {};
    if (::fstat(folder, &info) != 0) return obstacle(errno, "look at " + path);
    return info;
}

// A folder that belongs to somebody else was reached by a link, or would take the mail away from its user.
Done<void> must_belong(int folder, const Owner& owner, const std::string& path) {
    if (!owner.give) return {};
    const auto info = look(folder, path);
    if (!info) return tl::unexpected(info.error());
    if (info->st_uid == owner.uid) return {};
    return tl::unexpected(Obstacle{EPERM, "cannot deliver into " + path + ": it belongs to user " + std::to_string(info->st_uid) +
                                              " and not to user " + std::to_string(owner.uid)});
}

Done<void> sync_folder(int folder, const std::string& path) {
    const FileDescriptor readable{::openat(folder, ".", use_flags)};
    if (!readable || ::fsync(readable.get()) != 0) return obstacle(errno, "sync " + path);
    return {};
}

Done<Step> make_folder(int parent, const std::string& name, const Owner& owner, const std::string& path, Kind kind) {
    const bool made = ::mkdirat(parent, name.c_str(), kind == Kind::users ? 0700 : 0711) == 0;
    if (!made && errno != EEXIST) return obstacle(errno, "create " + path);
    FileDescriptor folder{::openat(parent, name.c_str(), use_flags | O_NOFOLLOW)};
    if (!folder) return obstacle(errno, "open " + path);
    if (kind == Kind::users) {
        // Somebody who was faster than us made it for himself: then it must be his.
        auto given = made ? give_to(folder.get(), owner, path) : must_belong(folder.get(), owner, path);
        if (!given) return tl::unexpected(std::move(given).error());
    }
    // Without this the folder, and the mail in it, could be gone after a crash.
    if (auto synced = sync_folder(parent, "the folder of " + path); !synced) return tl::unexpected(std::move(synced).error());
    return Step{std::move(folder), true};
}

// On the way, a link counts only in a folder of root's or ours: the user could have made the others.
Done<int> follow_flag(int parent, const Owner& owner, const std::string& path, Kind kind) {
    if (!owner.give || kind == Kind::users) return 0;
    const auto info = look(parent, "the folder of " + path);
    if (!info) return tl::unexpected(info.error());
    return info->st_uid == 0 || info->st_uid == ::geteuid() ? 0 : O_NOFOLLOW;
}

Done<Step> step_into(int parent, const std::string& name, const Owner& owner, const std::string& path, Kind kind, Missing missing, int flags) {
    auto follow = follow_flag(parent, owner, path, kind);
    if (!follow) return tl::unexpected(std::move(follow).error());
    FileDescriptor folder{::openat(parent, name.c_str(), flags | *follow)};
    if (!folder) {
        if (errno == ENOENT && missing == Missing::make) return make_folder(parent, name, owner, path, kind);
        return obstacle(errno, "open " + path);
    }
    if (kind == Kind::users) {
        if (auto belongs = must_belong(folder.get(), owner, path); !belongs) return tl::unexpected(std::move(belongs).error());
    }
    return Step{std::move(folder), false};
}

std::string_view without_slashes(std::string_view path) {
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    return path;
}

// Where the way begins, and the way.
struct Way {
    std::string start;
    std::string_view rest;
    bool from_home = false;
};

Way way_to(const directory::LocalUser& user) {
    const std::string_view maildir = without_slashes(user.maildir);
    const std::string_view home = without_slashes(user.home);
    const bool below = home.size() > 1 && maildir.size() > home.size() && maildir.starts_with(home) && maildir[home.size()] == '/';
    if (below) return {std::string(home), maildir.substr(home.size()), true};
    return {"/", maildir, false};
}

// The next name of a path, taken off it; "" at the end.
std::string take_name(std::string_view& path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    std::string name(path.substr(0, path.find('/')));
    path.remove_prefix(name.size());
    while (path.starts_with('/')) path.remove_prefix(1);
    return name;
}

Done<FileDescriptor> walk(const directory::LocalUser& user, const Owner& owner, Missing missing) {
    const Way way = way_to(user);
    FileDescriptor folder{::open(way.start.c_str(), look_flags)};
    if (!folder) return obstacle(errno, "open " + way.start);
    std::string path = way.from_home ? way.start : "";
    std::string_view left = way.rest;
    while (true) {
        const std::string name = take_name(left);
        if (name.empty()) return folder;
        path += "/" + name;
        if (name == "..") return tl::unexpected(Obstacle{EINVAL, "cannot deliver into " + user.maildir + ": \"..\" in the path of a Maildir"});
        const Kind kind = way.from_home || left.empty() ? Kind::users : Kind::on_way;
        auto next = step_into(folder.get(), name, owner, path, kind, missing, look_flags);
        if (!next) return tl::unexpected(std::move(next).error());
        folder = std::move(next->folder);
    }
}

}  // namespace

Owner owner_of(const directory::LocalUser& user) {
    // Root, or a server that kept this power of root's for its mailboxes.
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> powers{};
    const bool can_give = ::syscall(SYS_capget, &header, powers.data()) == 0 && (powers[0].effective >> CAP_CHOWN & 1U) != 0;
    return {user.uid, user.gid, can_give};
}

Done<void> give_to(int file, const Owner& owner, const std::string& path) {
    if (owner.give && ::fchown(file, owner.uid, owner.gid) != 0) return obstacle(errno, "give " + path + " to its user");
    return {};
}

Done<MaildirFolder> open_maildir(const directory::LocalUser& user) {
    MaildirFolder maildir;
    maildir.path = std::string(without_slashes(user.maildir)) + "/";
    maildir.owner = owner_of(user);
    auto top = walk(user, maildir.owner, Missing::make);
    if (!top) return tl::unexpected(std::move(top).error());
    maildir.top = *std::move(top);
    const auto inside = [&](const char* name, int flags) {
        return step_into(maildir.top.get(), name, maildir.owner, maildir.path + name, Kind::users, Missing::make, flags | O_NOFOLLOW);
    };
    auto tmp = inside("tmp", look_flags);
    if (!tmp) return tl::unexpected(std::move(tmp).error());
    auto fresh = inside("new", use_flags);
    if (!fresh) return tl::unexpected(std::move(fresh).error());
    if (tmp->made || fresh->made) {  // a mail reader knows a Maildir by its three folders
        auto cur = inside("cur", look_flags);
        if (!cur) return tl::unexpected(std::move(cur).error());
    }
    maildir.tmp = std::move(tmp->folder);
    maildir.fresh = std::move(fresh->folder);
    return maildir;
}

Done<FileDescriptor> look_at_maildir(const directory::LocalUser& user) {
    return walk(user, owner_of(user), Missing::refuse);
}

}  // namespace ph::deliver

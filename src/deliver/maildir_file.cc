// deliver/maildir_file.cc: the steps of a Maildir delivery: create, write, fsync, rename, fsync of the folder.
#include "deliver/maildir_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ph::deliver {
namespace {

// renameat2 is what never replaces; a file system without it gets the older link and unlink.
int move_without_replacing(int from_folder, const char* from, int to_folder, const char* to) {
    if (::renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (::linkat(from_folder, from, to_folder, to, 0) != 0) return -1;
    ::unlinkat(from_folder, from, 0);
    return 0;
}

}  // namespace

std::string maildir_name(TimePoint when, std::uint64_t counter, std::string_view hostname) {
    const auto ms = when.time_since_epoch().count();
    std::string name =
        std::to_string(ms / 1000) + ".M" + std::to_string(ms % 1000 * 1000) + "P" + std::to_string(::getpid()) + "Q" + std::to_string(counter) + ".";
    for (const char c : hostname.substr(0, 100)) {
        // As Maildir asks: these two would end the name.
        if (c == '/')
            name += "\\057";
        else if (c == ':')
            name += "\\072";
        else
            name += c;
    }
    return name;
}

MaildirFile::MaildirFile(MaildirFolder folder, std::string name, FileDescriptor file)
    : folder_(std::move(folder)), name_(std::move(name)), file_(std::move(file)) {}

MaildirFile::MaildirFile(MaildirFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      name_(std::move(other.name_)),
      file_(std::move(other.file_)),
      size_(other.size_),
      in_tmp_(std::exchange(other.in_tmp_, false)) {}

MaildirFile::~MaildirFile() {
    if (in_tmp_) ::unlinkat(folder_.tmp.get(), name_.c_str(), 0);
}

Done<MaildirFile> MaildirFile::create(MaildirFolder folder, std::string name) {
    FileDescriptor file{::openat(folder.tmp.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) return obstacle(errno, "create " + folder.path + "tmp/" + name);
    MaildirFile made(std::move(folder), std::move(name), std::move(file));
    if (auto given = give_to(made.file_.get(), made.folder_.owner, made.tmp_path()); !given) return tl::unexpected(given.error());
    return made;
}

Done<void> MaildirFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(file_.get(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return obstacle(errno, "write " + tmp_path());
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
        size_ += static_cast<std::uint64_t>(wrote);
    }
    return {};
}

Done<void> MaildirFile::sync() {
    // A failed fsync is not tried again: the file goes, and the next attempt writes a new one.
    if (::fsync(file_.get()) != 0) return obstacle(errno, "sync " + tmp_path());
    file_.reset();
    return {};
}

Done<void> MaildirFile::publish() {
    const std::string final_name = name_ + ",S=" + std::to_string(size_);
    if (move_without_replacing(folder_.tmp.get(), name_.c_str(), folder_.fresh.get(), final_name.c_str()) != 0) {
        return obstacle(errno, "move a message to " + folder_.path + "new/" + final_name);
    }
    in_tmp_ = false;
    if (::fsync(folder_.fresh.get()) != 0) {
        // It may be there after a crash or not; deferred, it comes again. Take it away, so that it does not come twice.
        const int error = errno;
        ::unlinkat(folder_.fresh.get(), final_name.c_str(), 0);
        return obstacle(error, "sync " + folder_.path + "new");
    }
    return {};
}

}  // namespace ph::deliver

// store/log/files.cc: the real files: descriptors relative to the spool's directory, never followed through a symbolic link, closed on exec.
#include "store/log/files.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace ph::store::log {
namespace {

constexpr mode_t file_mode = 0600;
constexpr mode_t folder_mode = 0700;

tl::unexpected<int> failed() {
    return tl::unexpected(errno);
}
Io<void> done(int result) {
    return result == 0 ? Io<void>() : Io<void>(failed());
}

class PosixFile final : public File {
  public:
    explicit PosixFile(int fd) : fd_(fd) {}
    Io<void> write(std::span<const iovec> pieces, std::uint64_t offset) override;
    Io<std::size_t> read(std::span<char> into, std::uint64_t offset) const override;
    Io<void> sync() override { return done(::fdatasync(fd_.get())); }
    Io<void> allocate(std::uint64_t size) override;
    Io<std::uint64_t> size() const override;

  private:
    FileDescriptor fd_;
};

Io<void> PosixFile::write(std::span<const iovec> pieces, std::uint64_t offset) {
    std::vector<iovec> rest;  // only after a short write
    while (true) {
        // A piece without octets is done; the system would answer 0 to it, which otherwise is a disk that takes nothing.
        while (!pieces.empty() && pieces.front().iov_len == 0) pieces = pieces.subspan(1);
        if (pieces.empty()) return {};
        const auto count = std::min<std::size_t>(pieces.size(), IOV_MAX);
        const ssize_t wrote = ::pwritev(fd_.get(), pieces.data(), static_cast<int>(count), static_cast<off_t>(offset));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return failed();
        if (wrote == 0) return tl::unexpected(EIO);
        offset += static_cast<std::uint64_t>(wrote);
        auto left = static_cast<std::size_t>(wrote);
        while (!pieces.empty() && left >= pieces.front().iov_len) {
            left -= pieces.front().iov_len;
            pieces = pieces.subspan(1);
        }
        if (left == 0) continue;
        std::vector<iovec> next(pieces.begin(), pieces.end());  // `pieces` may be a part of `rest`
        rest.swap(next);
        rest.front().iov_base = static_cast<char*>(rest.front().iov_base) + left;
        rest.front().iov_len -= left;
        pieces = rest;
    }
}

Io<std::size_t> PosixFile::read(std::span<char> into, std::uint64_t offset) const {
    std::size_t have = 0;
    while (have < into.size()) {
        const ssize_t got = ::pread(fd_.get(), into.data() + have, into.size() - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed();
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

Io<void> PosixFile::allocate(std::uint64_t size) {
    if (::fallocate(fd_.get(), 0, 0, static_cast<off_t>(size)) == 0) return {};
    // Not every file system can; then a full disk shows when the zeros are written.
    if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) return {};
    return failed();
}

Io<std::uint64_t> PosixFile::size() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return failed();
    return static_cast<std::uint64_t>(status.st_size);
}

class PosixLock final : public SpoolLock {
  public:
    explicit PosixLock(FileDescriptor fd) : fd_(std::move(fd)) {}

  private:
    FileDescriptor fd_;
};

class PosixFiles final : public Files {
  public:
    explicit PosixFiles(FileDescriptor folder) : folder_(std::move(folder)) {}
    Io<std::shared_ptr<File>> open(const std::string& name, OpenMode mode) override;
    Io<void> rename(const std::string& from, const std::string& to) override {
        return done(::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()));
    }
    Io<void> remove(const std::string& name) override { return done(::unlinkat(folder_.get(), name.c_str(), 0)); }
    Io<std::vector<std::string>> list() override;
    Io<void> make_folder(const std::string& name) override;
    Io<void> sync_folder(const std::string& name) override;
    Io<std::unique_ptr<SpoolLock>> lock(const std::string& name) override;
    bool locked(const std::string& name) override;

  private:
    FileDescriptor folder_;
};

Io<std::shared_ptr<File>> PosixFiles::open(const std::string& name, OpenMode mode) {
    int flags = O_CLOEXEC | O_NOFOLLOW | (mode == OpenMode::read ? O_RDONLY : O_RDWR);
    if (mode == OpenMode::create) flags |= O_CREAT | O_EXCL;
    const int fd = ::openat(folder_.get(), name.c_str(), flags, file_mode);
    if (fd < 0) return failed();
    return std::make_shared<PosixFile>(fd);
}

Io<std::vector<std::string>> PosixFiles::list() {
    const int fd = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failed();
    DIR* folder = ::fdopendir(fd);
    if (folder == nullptr) {
        const auto error = failed();
        ::close(fd);
        return error;
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(folder)) {
        struct stat status {};
        if (::fstatat(folder_.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) names.emplace_back(entry->d_name);
        errno = 0;
    }
    const int error = errno;
    ::closedir(folder);
    if (error != 0) return tl::unexpected(error);
    return names;
}

Io<void> PosixFiles::make_folder(const std::string& name) {
    if (::mkdirat(folder_.get(), name.c_str(), folder_mode) == 0 || errno == EEXIST) return {};
    return failed();
}

Io<void> PosixFiles::sync_folder(const std::string& name) {
    const FileDescriptor fd(::openat(folder_.get(), name.empty() ? "." : name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (fd.get() < 0) return failed();
    return done(::fsync(fd.get()));
}

Io<std::unique_ptr<SpoolLock>> PosixFiles::lock(const std::string& name) {
    FileDescriptor fd(::openat(folder_.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode));
    if (fd.get() < 0 || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return failed();
    return std::make_unique<PosixLock>(std::move(fd));
}

bool PosixFiles::locked(const std::string& name) {
    const FileDescriptor fd(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return fd.get() >= 0 && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

Io<std::shared_ptr<Files>> open_files(const std::string& directory, Access access) {
    if (access == Access::write && ::mkdir(directory.c_str(), folder_mode) != 0 && errno != EEXIST) return failed();
    FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return failed();
    return std::make_shared<PosixFiles>(std::move(fd));
}

Io<void> write_text(File& file, std::string_view text, std::uint64_t offset) {
    const iovec piece{const_cast<char*>(text.data()), text.size()};
    return file.write({&piece, 1}, offset);
}

Io<std::string> read_text(const File& file, std::uint64_t offset, std::size_t size) {
    std::string text(size, '\0');
    const auto got = file.read(text, offset);
    if (!got) return tl::unexpected(got.error());
    if (*got != size) return tl::unexpected(EIO);
    return text;
}

std::string error_text(int error) {
    return std::string(strerrordesc_np(error)) + " (" + std::to_string(error) + ")";
}

bool out_of_space(int error) {
    return error == ENOSPC || error == EDQUOT;
}

}  // namespace ph::store::log

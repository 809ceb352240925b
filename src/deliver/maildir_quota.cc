// deliver/maildir_quota.cc: reading, adding to and making anew the file maildirsize (Maildir++): "<quota>S", then lines of "<bytes> <messages>".
#include "deliver/maildir_quota.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/file_descriptor.h"

namespace ph::deliver {
namespace {

constexpr const char* size_file = "maildirsize";
constexpr std::size_t max_size_file = 5120;  // Maildir++: a longer one is made anew
constexpr Seconds believed_for{15 * 60};     // Maildir++: a full mailbox is counted again after that
constexpr std::int64_t max_number = std::int64_t{1} << 60U;

std::optional<std::int64_t> take_number(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value > max_number || value < -max_number) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

// "1000000S" or "1000000S,500C": we know the first.
bool is_for_quota(std::string_view line, std::uint64_t quota_bytes) {
    std::string_view rest = line;
    const auto value = take_number(rest);
    return value && *value >= 0 && static_cast<std::uint64_t>(*value) == quota_bytes && trim(rest) == "S";
}

std::string read_size_file(int maildir, TimePoint& modified) {
    const FileDescriptor file{::openat(maildir, size_file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
    modified = TimePoint{Seconds{info.st_mtime}};
    std::array<char, max_size_file> text{};
    const ssize_t length = ::read(file.get(), text.data(), text.size());
    if (length <= 0 || static_cast<std::size_t>(length) >= max_size_file) return {};
    return {text.data(), static_cast<std::size_t>(length)};
}

// The size that stands in the name (",S=1234"), as our deliveries and those of others leave it; saves a look at each file.
std::optional<std::uint64_t> size_in_name(std::string_view name) {
    const std::size_t at = name.find(",S=");
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = name.substr(at + 3);
    const auto value = take_number(rest);
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Listing = std::unique_ptr<DIR, CloseFolder>;

Listing list_folder(int parent, const char* name) {
    const int folder = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return nullptr;
    DIR* listing = ::fdopendir(folder);
    if (listing == nullptr) ::close(folder);
    return Listing{listing};
}

const dirent* next_entry(const Listing& folder) {
    return ::readdir(folder.get());  // NOLINT(concurrency-mt-unsafe): unsafe only for one listing read by two threads
}

void count_messages(int parent, const char* name, MailboxUsage& usage) {
    const Listing folder = list_folder(parent, name);
    if (!folder) return;
    while (const dirent* entry = next_entry(folder)) {
        if (entry->d_name[0] == '.') continue;
        std::optional<std::uint64_t> size = size_in_name(entry->d_name);
        struct stat info {};
        if (!size && ::fstatat(::dirfd(folder.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
            size = static_cast<std::uint64_t>(info.st_size);
        usage.bytes += std::min<std::uint64_t>(size.value_or(0), static_cast<std::uint64_t>(max_number) / 1024);
        ++usage.messages;
    }
}

// All folders: the inbox, and those that Maildir++ keeps beside it (".Sent").
Done<MailboxUsage> count(int maildir) {
    MailboxUsage usage;
    count_messages(maildir, "new", usage);
    count_messages(maildir, "cur", usage);
    const Listing top = list_folder(maildir, ".");
    if (!top) return obstacle(errno, "list a Maildir");
    while (const dirent* entry = next_entry(top)) {
        const std::string_view name = entry->d_name;
        if (name.size() < 2 || name[0] != '.' || name == "..") continue;
        const FileDescriptor folder{::openat(maildir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (!folder) continue;
        count_messages(folder.get(), "new", usage);
        count_messages(folder.get(), "cur", usage);
    }
    return usage;
}

bool write_all(int file, std::string_view text) {
    return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// What cannot be written is counted again next time; it is no reason not to deliver.
void write_size_file(int maildir, const Owner& owner, std::uint64_t quota_bytes, const MailboxUsage& usage) {
    // Not in tmp/: the user could have put a link there.
    const std::string name = std::string(size_file) + "." + std::to_string(::getpid()) + "." + std::to_string(::gettid());
    {
        const FileDescriptor file{::openat(maildir, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
        if (!file) {
            ::unlinkat(maildir, name.c_str(), 0);
            return;
        }
        const std::string text = std::to_string(quota_bytes) + "S\n" + std::to_string(usage.bytes) + " " + std::to_string(usage.messages) + "\n";
        if (!give_to(file.get(), owner, size_file) || !write_all(file.get(), text)) {
            ::unlinkat(maildir, name.c_str(), 0);
            return;
        }
    }
    if (::renameat(maildir, name.c_str(), maildir, size_file) != 0) ::unlinkat(maildir, name.c_str(), 0);
}

}  // namespace

std::optional<SizeFile> parse_size_file(std::string_view text, std::uint64_t quota_bytes) {
    const std::size_t first = text.find('\n');
    if (first == std::string_view::npos || !is_for_quota(text.substr(0, first), quota_bytes)) return std::nullopt;
    text.remove_prefix(first + 1);
    std::int64_t bytes = 0;
    std::int64_t messages = 0;
    SizeFile found;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (trim(line).empty()) continue;
        const auto more_bytes = take_number(line);
        const auto more_messages = take_number(line);
        if (!more_bytes || !more_messages || !trim(line).empty()) return std::nullopt;
        bytes += *more_bytes;
        messages += *more_messages;
        if (bytes > max_number || bytes < -max_number || messages > max_number || messages < -max_number) return std::nullopt;
        ++found.lines;
    }
    if (found.lines == 0 || bytes < 0 || messages < 0) return std::nullopt;
    found.usage = {static_cast<std::uint64_t>(bytes), static_cast<std::uint64_t>(messages)};
    return found;
}

Done<MailboxUsage> maildir_usage(int maildir, const Owner& owner, std::uint64_t quota_bytes, std::uint64_t wanted, TimePoint now) {
    TimePoint modified{};
    const auto known = parse_size_file(read_size_file(maildir, modified), quota_bytes);
    if (known) {
        const bool full = known->usage.bytes + wanted > quota_bytes;
        // Mail that the user deleted is not always taken off: before a mailbox is called full it is counted.
        const bool fresh = known->lines == 1 && now - modified < believed_for;
        if (!full || fresh) return known->usage;
    }
    auto usage = count(maildir);
    if (usage) write_size_file(maildir, owner, quota_bytes, *usage);
    return usage;
}

void add_to_usage(int maildir, const Owner& owner, std::uint64_t bytes) {
    const FileDescriptor file{::openat(maildir, size_file, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return;
    // As root we would write into whatever file of others the user has linked there.
    if (owner.give && (info.st_uid != owner.uid || info.st_nlink != 1)) return;
    if (!write_all(file.get(), std::to_string(bytes) + " 1\n")) ::unlinkat(maildir, size_file, 0);
}

io::Task<std::optional<MailboxUsage>> mailbox_usage(io::World& world, directory::LocalUser user) {
    std::optional<MailboxUsage> usage;
    if (user.quota_bytes == 0) co_return usage;
    const TimePoint now = world.now();
    co_await world.blocking([&] {
        const auto maildir = look_at_maildir(user);
        if (!maildir) return;
        const auto found = maildir_usage(maildir->get(), owner_of(user), user.quota_bytes, 0, now);
        if (found) usage = *found;
    });
    co_return usage;
}

}  // namespace ph::deliver

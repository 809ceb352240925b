// directory/text_file.cc: bounded reading and logical lines. Only regular files are read: a FIFO in the place of a table would hold the server.
#include "directory/text_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/file_descriptor.h"
#include "base/time.h"

namespace ph::directory {
namespace {

tl::unexpected<Fault> refuse(const std::string& path, int error, const SourceLocation& mentioned) {
    if (error == ENOENT || error == ENOTDIR) {
        return fail(FaultKind::missing, "there is no file " + path + "; make it, or take its name out here", mentioned);
    }
    const std::string why = std::strerror(error);
    return fail(FaultKind::unreadable, path + " cannot be read: " + why + "; let the server's user read it", mentioned);
}

}  // namespace

Result<std::string> read_text_file(const std::string& path, std::uint64_t max, const SourceLocation& mentioned) {
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (file.get() < 0 || fstat(file.get(), &info) != 0) return refuse(path, errno, mentioned);
    if (!S_ISREG(info.st_mode)) return fail(FaultKind::unreadable, path + " is not a regular file; name a text file", mentioned);
    const auto too_large = [&] {
        return fail(FaultKind::too_large, path + " is larger than " + bytes_text(max) + "; split it, or ask a server for it instead of a file",
                    mentioned);
    };
    if (static_cast<std::uint64_t>(info.st_size) > max) return too_large();
    std::string text(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t length = 0;
    // One octet more than it had shows whether somebody is writing to it.
    for (;;) {
        if (length == text.size()) text.resize(length + 4096);
        const ssize_t got = read(file.get(), text.data() + length, text.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refuse(path, errno, mentioned);
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
        if (length > max) return too_large();
    }
    text.resize(length);
    return text;
}

void FileFaults::add(FaultKind kind, std::uint32_t line, std::string message) {
    if (full()) return;
    if (++told_ == max_faults_per_file) message += " (this file has more mistakes than are told here)";
    faults_.push_back({kind, std::move(message), {file_, line, 0}});
}

LogicalLines::LogicalLines(std::string_view text, FileFaults& faults) : rest_(text), faults_(faults) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

bool LogicalLines::peek(std::string_view& line) {
    while (!rest_.empty()) {
        line = rest_.substr(0, rest_.find('\n'));
        const std::string_view inner = trim(line);
        if (!inner.empty() && inner.front() != '#') return true;
        take();
    }
    return false;
}

void LogicalLines::take() {
    const std::size_t end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++next_number_;
}

bool LogicalLines::next() {
    std::string_view line;
    while (!faults_.full() && peek(line)) {
        number_ = next_number_;
        take();
        const bool orphan = is_blank(line.front());
        text_ = trim(line);
        bool joined = false;
        std::string_view more;
        while (peek(more) && is_blank(more.front())) {
            if (!joined) joined_ = text_;
            joined = true;
            if (joined_.size() <= max_logical_line) joined_.append(" ").append(trim(more));
            take();
        }
        if (joined) text_ = joined_;
        if (orphan) {
            faults_.add(FaultKind::malformed, number_, "this line continues another, but there is none before it; take the blanks at its head away");
        } else if (text_.size() > max_logical_line) {
            faults_.add(FaultKind::too_large, number_, "this line is longer than 1M; split it into several entries");
        } else if (text_.find('\0') != std::string_view::npos) {
            faults_.add(FaultKind::malformed, number_, "this line has a NUL in it; is this a text file? Name the source, not a compiled table");
        } else {
            return true;
        }
    }
    return false;
}

}  // namespace ph::directory

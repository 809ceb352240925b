// app/files.cc: POSIX reads; every refusal names the file and the system's reason.
#include "app/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace ph::app {
namespace {

tl::unexpected<Fault> unreadable(const std::string& path) {
    return fail(FaultKind::unreadable, std::string("cannot read it: ") + std::strerror(errno), {path, 0, 0});  // NOLINT(concurrency-mt-unsafe)
}

ssize_t read_some(int file, char* to, std::size_t room) {
    while (true) {
        const ssize_t got = read(file, to, room);
        if (got >= 0 || errno != EINTR) return got;
    }
}

class File {
  public:
    explicit File(const std::string& path) : file_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~File() {
        if (file_ > STDIN_FILENO) close(file_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&&) = delete;
    File& operator=(File&&) = delete;
    int get() const { return file_; }

  private:
    int file_;
};

// Lines out of chunks. A line that lies whole in one chunk is not copied; of one over the limit only the head is kept.
class LineCutter {
  public:
    LineCutter(std::size_t limit, const OnLine& on_line) : limit_(limit), on_line_(on_line) {}

    void take(std::string_view chunk) {
        for (std::size_t end = chunk.find('\n'); end != std::string_view::npos; end = chunk.find('\n')) {
            end_line(chunk.substr(0, end));
            chunk.remove_prefix(end + 1);
        }
        if (dropping_) return;
        begun_ += chunk;
        if (begun_.size() <= limit_) return;
        on_line_(std::string_view(begun_).substr(0, limit_), true);
        begun_.clear();
        dropping_ = true;
    }

    // The last line may lack its end.
    void finish() {
        if (!begun_.empty()) on_line_(begun_, false);
    }

  private:
    void end_line(std::string_view tail) {
        if (!dropping_) {
            if (!begun_.empty()) begun_ += tail;
            const std::string_view line = begun_.empty() ? tail : std::string_view(begun_);
            on_line_(line.substr(0, limit_), line.size() > limit_);
        }
        dropping_ = false;
        begun_.clear();
    }

    std::size_t limit_;
    const OnLine& on_line_;
    std::string begun_;      // a line whose end has not come yet
    bool dropping_ = false;  // the rest of a line that was told already
};

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const std::string shown = path == "-" ? "standard input" : path;
    const File file(path);
    if (file.get() < 0) return unreadable(shown);
    std::string text;
    char chunk[65536];
    while (true) {
        const ssize_t got = read_some(file.get(), chunk, sizeof chunk);
        if (got < 0) return unreadable(shown);
        if (got == 0) return text;
        text.append(chunk, static_cast<std::size_t>(got));
        if (text.size() > limit) {
            return fail(FaultKind::too_large, "larger than " + std::to_string(limit / 1024 / 1024) + " MiB", {shown, 0, 0});
        }
    }
}

std::optional<Fault> read_lines(int file, std::size_t limit, const OnLine& on_line, const std::function<void()>& on_pause) {
    LineCutter cutter(limit, on_line);
    std::vector<char> chunk(256 * 1024);
    while (true) {
        on_pause();
        const ssize_t got = read_some(file, chunk.data(), chunk.size());
        if (got < 0) return unreadable("standard input").value();
        if (got == 0) break;
        cutter.take({chunk.data(), static_cast<std::size_t>(got)});
    }
    cutter.finish();
    return std::nullopt;
}

Result<std::vector<std::string>> toml_files(const std::string& directory) {
    namespace fs = std::filesystem;
    std::vector<std::string> files;
    std::error_code error;
    if (!fs::exists(directory, error)) return files;
    fs::recursive_directory_iterator at(directory, error);
    if (error) return fail(FaultKind::unreadable, "cannot read the directory: " + error.message(), {directory, 0, 0});
    for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (error) return fail(FaultKind::unreadable, "cannot read the directory: " + error.message(), {directory, 0, 0});
        if (at->path().extension() == ".toml" && at->is_regular_file(error)) files.push_back(at->path().lexically_relative(directory).string());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace ph::app

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

Result<std::uint64_t> read_lines(int file, std::size_t limit, const std::function<bool(std::string_view, bool)>& on_line,
                                 const std::function<void()>& on_pause) {
    std::string buffer;
    std::vector<char> chunk(256 * 1024);
    std::uint64_t lines = 0;
    bool dropping = false;  // the rest of a line that was too long
    const auto emit = [&](std::string_view line, bool cut) {
        ++lines;
        return on_line(line, cut);
    };
    while (true) {
        on_pause();
        const ssize_t got = read_some(file, chunk.data(), chunk.size());
        if (got < 0) return unreadable("standard input");
        if (got == 0) break;
        std::string_view rest(chunk.data(), static_cast<std::size_t>(got));
        for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
            if (!dropping) {
                // A line that lies whole in this chunk is not copied.
                if (!buffer.empty()) buffer += rest.substr(0, end);
                const std::string_view line = buffer.empty() ? rest.substr(0, end) : std::string_view(buffer);
                if (!emit(line.substr(0, limit), line.size() > limit)) return lines;
            }
            dropping = false;
            buffer.clear();
            rest.remove_prefix(end + 1);
        }
        if (dropping) continue;
        buffer += rest;
        if (buffer.size() <= limit) continue;
        dropping = true;
        if (!emit(std::string_view(buffer).substr(0, limit), true)) return lines;
        buffer.clear();
    }
    if (!buffer.empty()) emit(buffer, false);
    return lines;
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

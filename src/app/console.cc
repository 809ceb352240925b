// app/console.cc: POSIX locale variables in their order (LC_ALL, LC_MESSAGES, LANG), colour only on a terminal and never with NO_COLOR.
#include "app/console.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/display.h"

namespace ph::app {
namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value != nullptr ? value : "";
}

// POSIX: the first of the three that is set and not empty decides.
Tongue tongue_of_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string_view value = environment(name);
        if (!value.empty()) return value.starts_with("zh") ? Tongue::zh : Tongue::en;
    }
    return Tongue::en;
}

Tongue parse_tongue(std::string_view word) {
    if (word == "en") return Tongue::en;
    if (word == "zh") return Tongue::zh;
    return word == "both" ? Tongue::both : tongue_of_locale();
}

std::size_t terminal_columns() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
    return std::min<std::size_t>(size.ws_col, 100);
}

}  // namespace

Console::Console(const Arguments& arguments, AppConfig config)
    : config_(std::move(config)),
      tongue_(parse_tongue(arguments.value("lang").value_or(config_.explain_language))),
      columns_(config_.explain_columns != 0 ? std::max<std::size_t>(config_.explain_columns, 20) : terminal_columns()),
      color_(isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").empty() && environment("TERM") != "dumb") {}

void Console::print(std::string_view text) {
    buffer_ += text;
    flush_when_large();
}

void Console::flush_when_large() {
    if (buffer_.size() > 256 * 1024) flush();
}

void Console::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty() && !write_failed_) {
        const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            write_failed_ = true;
            // A reader that has seen enough (head, less) is no error.
            if (errno != EPIPE) fail(Exit::io, std::string("cannot write the output: ") + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
        }
    }
    buffer_.clear();
}

Exit Console::fail(Exit exit, std::string_view message) {
    flush();
    std::string line = "posthorn: " + printable(message) + '\n';  // the message may quote hostile input
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    return exit;
}

Exit Console::fail(Exit exit, const std::vector<Fault>& faults) {
    for (const Fault& fault : faults) fail(exit, to_text(fault));
    return exit;
}

Exit Console::finish(Exit exit) {
    flush();
    return write_failed_ && errno != EPIPE ? Exit::io : exit;
}

}  // namespace ph::app

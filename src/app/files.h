// app/files.h: whole files and standard input into memory, up to a limit, with a message that says what is wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ph::app {

// "-" is standard input. FaultKind::too_large beyond `limit` bytes, unreadable where the system says no.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// A line without its end; `cut` is set where it was longer than the limit and the rest is dropped.
using OnLine = std::function<void(std::string_view line, bool cut)>;

// `file` line by line, in constant memory. on_pause() comes when all that was there is read: the next read may wait for somebody who
// waits for an answer. Returns the system's complaint, if there is one.
std::optional<Fault> read_lines(int file, std::size_t limit, const OnLine& on_line, const std::function<void()>& on_pause);

// The *.toml files below `directory`, sorted, as paths relative to it. A directory that is not there has none.
Result<std::vector<std::string>> toml_files(const std::string& directory);

}  // namespace ph::app

// app/files.h: whole files and standard input into memory, up to a limit, with a message that says what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ph::app {

// "-" is standard input. FaultKind::too_large beyond `limit` bytes, unreadable where the system says no.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// Standard input line by line, in constant memory: on_line(line, cut) without the line end; `cut` is set for a line longer than
// `limit`, whose rest is dropped. A false answer ends the reading. on_pause() comes when all that was there is read: the next read may
// wait for somebody who waits for an answer.
Result<std::uint64_t> read_lines(int file, std::size_t limit, const std::function<bool(std::string_view line, bool cut)>& on_line,
                                 const std::function<void()>& on_pause);

// The *.toml files below `directory`, sorted, as paths relative to it. A directory that is not there has none.
Result<std::vector<std::string>> toml_files(const std::string& directory);

}  // namespace ph::app

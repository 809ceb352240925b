// directory/text_file.h: the text files that tables and aliases are written in: read whole and bounded, and taken apart into logical lines as
// Postfix users know them: comments, continuation lines that begin with a blank. Nothing in here knows what a line means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ph::directory {

inline constexpr std::uint64_t max_file_size = 64ULL * 1024 * 1024;
inline constexpr std::size_t max_logical_line = 1024UL * 1024;
// A file that is wrong from its first line to its last is told in this many complaints.
inline constexpr std::size_t max_faults_per_file = 20;

// The whole file. `mentioned` is where the configuration names it: a missing file is the mistake of that line.
Result<std::string> read_text_file(const std::string& path, std::uint64_t max, const SourceLocation& mentioned);

// Collects the complaints about one file, up to max_faults_per_file.
class FileFaults {
  public:
    FileFaults(std::string file, std::vector<Fault>& faults) : file_(std::move(file)), faults_(faults) {}
    void add(FaultKind kind, std::uint32_t line, std::string message);
    bool full() const { return told_ >= max_faults_per_file; }
    const std::string& file() const { return file_; }

  private:
    std::string file_;
    std::vector<Fault>& faults_;
    std::size_t told_ = 0;
};

// Walks over the logical lines of a text. A line that begins with a blank continues the one before it; comments and empty lines may stand in
// between. The text outlives the walk; a view that text() gives lives until next().
class LogicalLines {
  public:
    LogicalLines(std::string_view text, FileFaults& faults);
    bool next();
    std::string_view text() const { return text_; }
    std::uint32_t number() const { return number_; }

  private:
    bool peek(std::string_view& line);  // the next physical line that is neither empty nor a comment; not yet taken
    void take();

    std::string_view rest_;
    FileFaults& faults_;
    std::uint32_t next_number_ = 1;
    std::uint32_t number_ = 0;
    std::string_view text_;
    std::string joined_;
};

}  // namespace ph::directory

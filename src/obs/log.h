// obs/log.h: Log, where the program says what it does. Lines gather in a buffer and go to the sink as one piece: whoever owns the log calls
// flush() from the loop every second or so; warnings and errors go at once. One thread only; it has no clock and no file of its own.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "obs/record.h"

namespace ph::obs {

class Log {
  public:
    using Clock = std::function<TimePoint()>;
    using Sink = std::function<void(std::string_view)>;  // gets whole lines

    Log(Level level, Format format, Clock clock, Sink sink);
    ~Log();  // flushes
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    // Ask before putting fields together that cost something.
    bool enabled(Level level) const { return level >= level_; }
    void set_level(Level level) { level_ = level; }

    // The fields are read before this returns. An empty value is left out.
    void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
        if (enabled(level)) append(level, event, {fields.begin(), fields.size()});
    }
    void flush();

  private:
    void append(Level level, std::string_view event, std::span<const Field> fields);
    std::string_view stamp();

    Level level_;
    Format format_;
    Clock clock_;
    Sink sink_;
    std::string buffer_;
    std::string stamp_;  // of the last record: within one second only its milliseconds change
    std::chrono::sys_seconds second_{};
};

}  // namespace ph::obs

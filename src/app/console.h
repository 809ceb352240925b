// app/console.h: where a command's words go: language, width and colour as the terminal and the environment want them; errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "explain/report_text.h"

namespace ph::app {

enum class Tongue : std::uint8_t { en, zh, both };

class Console {
  public:
    Console(const Arguments& arguments, AppConfig config);

    const AppConfig& config() const { return config_; }
    Tongue tongue() const { return tongue_; }
    // One language, for texts that are not printed in both.
    status::Language language() const { return tongue_ == Tongue::zh ? status::Language::zh : status::Language::en; }
    std::string_view say(status::Bilingual text) const { return text.in(language()); }
    std::size_t columns() const { return columns_; }
    bool color() const { return color_; }
    explain::TextStyle style(status::Language language) const { return {language, columns_, color_}; }

    void print(std::string_view text);  // buffered
    // For a command that writes much: it appends here, then calls flush_when_large().
    std::string& buffer() { return buffer_; }
    void flush_when_large();
    void flush();
    // "posthorn: message" on standard error; returns `exit`, so that a command can end with it.
    Exit fail(Exit exit, std::string_view message);
    Exit fail(Exit exit, const std::vector<Fault>& faults);
    // What the process ends with: `exit`, or Exit::io with a message when the output could not be written.
    Exit finish(Exit exit);

  private:
    AppConfig config_;
    Tongue tongue_;
    std::size_t columns_;
    bool color_;
    bool write_failed_ = false;
    std::string buffer_;
};

}  // namespace ph::app

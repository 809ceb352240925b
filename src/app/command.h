// app/command.h: the shape of a subcommand: its name, options and texts, declared once in commands.cc, from which the parser, the
// help, the shell completions and the tests of the manual pages follow.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/exit_status.h"
#include "app/params.h"
#include "base/result.h"
#include "status/bilingual.h"

namespace ph::app {

struct Option {
    std::string_view name;      // "lang"
    char letter;                // 'l', or 0
    std::string_view argument;  // "FILE"; "" for a flag
    std::string_view choices;   // allowed words with blanks between; "" for any
    status::Bilingual doc;
};

// A command line taken apart. Views point into argv.
class Arguments {
  public:
    bool flag(std::string_view option) const;
    std::optional<std::string_view> value(std::string_view option) const;  // the last one given
    const std::vector<std::string_view>& words() const { return words_; }

  private:
    friend Result<Arguments> parse_arguments(std::span<const Option> options, std::span<char* const> argv);
    struct Given {
        std::string_view option;
        std::string_view value;
    };
    std::vector<Given> given_;
    std::vector<std::string_view> words_;
};

Result<Arguments> parse_arguments(std::span<const Option> options, std::span<char* const> argv);

class Console;
struct Settings;

struct Context {
    const Arguments& arguments;
    Console& console;
    Settings& settings;
    const std::string& config_file;  // where the settings come from, or would
};

struct Command {
    std::string_view name;
    std::string_view usage;        // what follows the name: "[OPTION]... [WORD]..."
    std::string_view subcommands;  // words that may come first, with blanks between
    std::span<const Option> options;
    status::Bilingual summary;  // one line
    Exit (*run)(Context& context);
};

std::span<const Command> commands();
const Command* find_command(std::string_view name);  // nullptr if there is none

// The whole program: finds the command, parses, runs. argv[0] is the program.
int run(int argc, char** argv);

Exit run_explain(Context& context);
Exit run_codes(Context& context);
Exit run_catalogue(Context& context);
Exit run_config(Context& context);
Exit run_serve(Context& context);
Exit run_send(Context& context);
Exit run_queue(Context& context);
Exit run_spool(Context& context);
Exit run_completion(Context& context);
Exit run_help(Context& context);
Exit run_version(Context& context);

}  // namespace ph::app

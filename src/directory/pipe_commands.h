// directory/pipe_commands.h: the programs that mail may be piped to, by name. Only this table, which its administrator writes, says what runs and as
// whom; aliases and transports name its entries. Never a shell: the words of a line are the program's arguments.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ph::directory {

// What {name} stands for in an argument.
struct PipeValues {
    std::string sender = {};     // "" for the null reverse-path
    std::string recipient = {};  // user+extension@domain
    std::string user = {};
    std::string extension = {};
    std::string domain = {};
    std::string queue_id = {};
};

struct PipeCommand {
    std::string name;
    std::vector<std::string> words;    // words[0]: absolute path
    std::optional<std::uint32_t> uid;  // as the server itself, if the line names no user
    std::optional<std::uint32_t> gid;
    std::string directory = "/";
    Seconds timeout{1000};

    // The program's argv. nullopt if a value would become an option: a word that begins with a place, and a value that begins with '-'.
    std::optional<std::vector<std::string>> argv(const PipeValues& values) const;
};

class PipeCommands {
  public:
    static std::optional<PipeCommands> open(const std::string& path, const SourceLocation& mentioned, std::vector<Fault>& faults);
    // Lines "name [user=U] [group=G] [directory=/D] [timeout=10m] /abs/program argument {recipient} …".
    static PipeCommands parse(std::string_view text, const std::string& file, std::vector<Fault>& faults);

    const PipeCommand* find(std::string_view name) const;
    std::size_t size() const { return commands_.size(); }

  private:
    std::map<std::string, PipeCommand, std::less<>> commands_;
};

}  // namespace ph::directory

// directory/pipe_commands_fuzz.cc: any text as a table of commands: no argument that mail fills in becomes an option.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "directory/pipe_commands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<ph::Fault> faults;
    const auto commands = ph::directory::PipeCommands::parse(text, "commands", faults);
    for (const ph::Fault& fault : faults) PH_ASSERT(fault.where.line != 0 && !fault.message.empty());
    const auto* command = commands.find("a");
    if (command == nullptr) return 0;
    const std::string hostile = "-x {recipient}";
    const auto argv = command->argv({hostile, hostile, hostile, hostile, hostile, hostile});
    PH_ASSERT(!argv || argv->size() == command->words.size());
    for (std::size_t i = 0; argv && i < argv->size(); ++i) PH_ASSERT(!(*argv)[i].starts_with('-') || command->words[i].starts_with('-'));
    return 0;
}

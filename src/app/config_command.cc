// app/config_command.cc: `posthorn config`: every parameter with its value, its default and what it does.
#include "app/command.h"
#include "app/console.h"
#include "base/display.h"

namespace ph::app {

Exit run_config(Context& context) {
    Console& console = context.console;
    if (!context.arguments.words().empty()) return console.fail(Exit::usage, "config takes no words");
    for (const config::Setting& setting : config::settings_of(config::Section{console.config(), app_params})) {
        console.print(std::string(setting.info.name) + " = " + setting.value);
        if (setting.value != setting.default_value)
            console.print(std::string(console.say({"  (default ", "（默认 "})) + setting.default_value + std::string(console.say({")", "）"})));
        console.print("\n");
        const std::string_view doc = console.say({setting.info.doc.en, setting.info.doc.zh});
        for (const std::string& line : wrap(doc, console.columns() - 4)) console.print("    " + line + '\n');
    }
    return Exit::ok;
}

}  // namespace ph::app

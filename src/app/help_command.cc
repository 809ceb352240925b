// app/help_command.cc: `posthorn help` and `posthorn version`, from the table of commands.
#include "app/command.h"
#include "app/console.h"
#include "base/display.h"

namespace ph::app {
namespace {

void print_option(Console& console, const Option& option) {
    std::string head = option.letter != 0 ? "  -" + std::string(1, option.letter) + ", " : "      ";
    head += "--" + std::string(option.name);
    if (!option.argument.empty()) head += '=' + std::string(option.argument);
    constexpr std::size_t indent = 26;
    console.print(pad(head, indent));
    const auto lines = wrap(console.say(option.doc), console.columns() - indent);
    for (std::size_t i = 0; i < lines.size(); ++i) console.print((i == 0 ? "" : std::string(indent, ' ')) + lines[i] + '\n');
}

void help_for(Console& console, const Command& command) {
    console.print("posthorn " + std::string(command.name) + ' ' + std::string(command.usage) + '\n');
    console.print(std::string(console.say(command.summary)) + "\n\n");
    for (const Option& option : command.options) print_option(console, option);
    console.print(std::string(console.say({"\nmore: man posthorn-", "\n详见：man posthorn-"})) + std::string(command.name) + '\n');
}

void overview(Console& console) {
    console.print(console.say({"posthorn COMMAND [OPTION]...: a mail server that says why mail did not arrive.\n\n",
                               "posthorn 命令 [选项]...：会解释邮件为什么没送到的邮件服务器。\n\n"}));
    for (const Command& command : commands())
        console.print("  " + pad(std::string(command.name), 12) + std::string(console.say(command.summary)) + '\n');
    console.print(console.say({"\nTry:  posthorn explain '550 5.7.1 Relaying denied. IP name lookup failed'\n      posthorn help COMMAND\n",
                               "\n试一试：posthorn explain '550 5.7.1 Relaying denied. IP name lookup failed'\n        posthorn help 命令\n"}));
}

}  // namespace

Exit run_help(Context& context) {
    const auto& words = context.arguments.words();
    if (words.empty()) {
        overview(context.console);
        return Exit::ok;
    }
    if (words.size() > 1) return context.console.fail(Exit::usage, "help takes one command");
    const Command* command = find_command(words[0]);
    if (command == nullptr)
        return context.console.fail(Exit::usage, "there is no command '" + std::string(words[0]) + "'; 'posthorn help' lists them");
    help_for(context.console, *command);
    return Exit::ok;
}

Exit run_version(Context& context) {
    if (!context.arguments.words().empty()) return context.console.fail(Exit::usage, "version takes no words");
    context.console.print("posthorn " PH_VERSION "\n");
    return Exit::ok;
}

}  // namespace ph::app

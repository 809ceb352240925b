// app/completion_command.cc: completion scripts for bash, zsh and fish, written from the table of commands, so that they cannot lag.
#include "app/command.h"
#include "app/console.h"

namespace ph::app {
namespace {

std::string option_words(const Command& command) {
    std::string words;
    for (const Option& option : command.options) words += (words.empty() ? "--" : " --") + std::string(option.name);
    return words;
}

std::string command_names() {
    std::string names;
    for (const Command& command : commands()) names += (names.empty() ? "" : " ") + std::string(command.name);
    return names;
}

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string bash() {
    std::string out =
        "# bash completion for posthorn\n_posthorn() {\n    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    # bash cuts --lang=en at the '='\n    if [ \"$word\" = = ]; then word=; elif [ \"$before\" = = ]; then "
        "before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
        "    local words=\n    case $before in\n";
    for (const Option& option : find_command("explain")->options) {
        if (!option.choices.empty())
            out += "        --" + std::string(option.name) + ") COMPREPLY=($(compgen -W '" + std::string(option.choices) +
                   "' -- \"$word\")); return ;;\n";
    }
    out += "        --file|--config|check|test) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
    out += "        show) COMPREPLY=($(compgen -W \"$(posthorn catalogue list 2>/dev/null | cut -d' ' -f1)\" -- \"$word\")); return ;;\n    esac\n";
    out += "    if [ \"$COMP_CWORD\" = 1 ]; then\n        words='" + command_names() + "'\n    else\n        case ${COMP_WORDS[1]} in\n";
    for (const Command& command : commands()) {
        const std::string words =
            std::string(command.name == "help" ? command_names() : std::string(command.subcommands)) + ' ' + option_words(command);
        out += "            " + std::string(command.name) + ") words='" + words + "' ;;\n";
    }
    return out + "        esac\n    fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -F _posthorn posthorn\n";
}

std::string zsh_option(const Option& option, status::Language language) {
    std::string text;
    for (const char c : option.doc.in(language)) text += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
    std::string spec = "--" + std::string(option.name);
    if (!option.argument.empty()) spec += '=';
    spec += '[' + text + ']';
    if (!option.argument.empty()) {
        spec += ':' + std::string(option.argument) + ':';
        if (!option.choices.empty()) {
            spec += '(' + std::string(option.choices) + ')';
        } else if (option.argument == "FILE") {
            spec += "_files";
        }
    }
    return quoted(spec);
}

std::string zsh(status::Language language) {
    std::string out = "#compdef posthorn\n_posthorn() {\n    local -a commands\n    commands=(\n";
    for (const Command& command : commands())
        out += "        " + quoted(std::string(command.name) + ':' + std::string(command.summary.in(language))) + '\n';
    out +=
        "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n    local name=$words[2]\n    shift "
        "words; (( CURRENT-- ))\n    case $name in\n";
    for (const Command& command : commands()) {
        out += "        " + std::string(command.name) + ") _arguments";
        for (const Option& option : command.options) out += ' ' + zsh_option(option, language);
        const std::string words = command.name == "help" ? command_names() : std::string(command.subcommands);
        out += words.empty() ? " '*:word:_files'" : " '1:what:(" + words + ")' '*:word:_files'";
        out += " ;;\n";
    }
    return out + "    esac\n}\n_posthorn \"$@\"\n";
}

std::string fish(status::Language language) {
    std::string out = "# fish completion for posthorn\n";
    for (const Command& command : commands()) {
        const std::string name(command.name);
        out += "complete -c posthorn -f -n __fish_use_subcommand -a " + name + " -d " + quoted(command.summary.in(language)) + '\n';
        const std::string seen = " -n '__fish_seen_subcommand_from " + name + "'";
        const std::string words = name == "help" ? command_names() : std::string(command.subcommands);
        if (!words.empty()) out += "complete -c posthorn -f" + seen + " -a " + quoted(words) + '\n';
        for (const Option& option : command.options) {
            out += "complete -c posthorn" + seen + " -l " + std::string(option.name);
            if (option.letter != 0) out += std::string(" -s ") + option.letter;
            if (!option.argument.empty()) out += option.choices.empty() ? " -r" : " -x -a " + quoted(option.choices);
            out += " -d " + quoted(option.doc.in(language)) + '\n';
        }
    }
    return out;
}

}  // namespace

Exit run_completion(Context& context) {
    Console& console = context.console;
    const auto& words = context.arguments.words();
    const std::string_view shell = words.size() == 1 ? words[0] : "";
    if (shell == "bash") {
        console.print(bash());
    } else if (shell == "zsh") {
        console.print(zsh(console.language()));
    } else if (shell == "fish") {
        console.print(fish(console.language()));
    } else {
        return console.fail(Exit::usage, "completion takes one of bash, zsh, fish");
    }
    return Exit::ok;
}

}  // namespace ph::app

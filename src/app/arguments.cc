// app/arguments.cc: options anywhere among the words, "--" ends them: long ones as --name=value or --name value, short ones alone.
#include <algorithm>

#include "app/command.h"

namespace ph::app {
namespace {

const Option* find_long(std::span<const Option> options, std::string_view name) {
    const auto at = std::ranges::find(options, name, &Option::name);
    return at == options.end() ? nullptr : &*at;
}

const Option* find_short(std::span<const Option> options, char letter) {
    const auto at = std::ranges::find(options, letter, &Option::letter);
    return at == options.end() ? nullptr : &*at;
}

bool is_choice(std::string_view choices, std::string_view value) {
    const std::string words = ' ' + std::string(choices) + ' ';
    return !value.empty() && words.find(' ' + std::string(value) + ' ') != std::string::npos;
}

std::string names(std::span<const Option> options) {
    std::string list;
    for (const Option& option : options) list += " --" + std::string(option.name);
    return list;
}

// Whether the option takes a value, has one, and may have this one.
Result<std::string_view> check_value(const Option& option, std::optional<std::string_view> value) {
    const std::string name = "--" + std::string(option.name);
    if (option.argument.empty()) {
        if (value) return fail(FaultKind::bad_value, "option " + name + " takes no value");
        return std::string_view{};
    }
    if (!value) return fail(FaultKind::missing, "option " + name + " needs " + std::string(option.argument));
    if (!option.choices.empty() && !is_choice(option.choices, *value)) {
        return fail(FaultKind::bad_value, name + " takes one of: " + std::string(option.choices) + "; not '" + std::string(*value) + "'");
    }
    return *value;
}

}  // namespace

bool Arguments::flag(std::string_view option) const {
    return std::ranges::find(given_, option, &Given::option) != given_.end();
}

std::optional<std::string_view> Arguments::value(std::string_view option) const {
    for (auto at = given_.rbegin(); at != given_.rend(); ++at) {
        if (at->option == option) return at->value;
    }
    return std::nullopt;
}

Result<Arguments> parse_arguments(std::span<const Option> options, std::span<char* const> argv) {
    Arguments arguments;
    for (std::size_t i = 0; i < argv.size(); ++i) {
        const std::string_view word = argv[i];
        if (word == "--") {
            arguments.words_.insert(arguments.words_.end(), argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
            break;
        }
        if (word.size() < 2 || word[0] != '-') {
            arguments.words_.push_back(word);
            continue;
        }
        const bool is_long = word[1] == '-';
        const std::size_t equals = is_long ? word.find('=') : std::string_view::npos;
        const Option* option = is_long ? find_long(options, word.substr(2, equals - 2)) : word.size() == 2 ? find_short(options, word[1]) : nullptr;
        if (option == nullptr) {
            return fail(FaultKind::bad_value, "there is no option '" + std::string(word) + "'; there are:" + names(options) +
                                                  " (words that begin with '-' go behind '--')");
        }
        std::optional<std::string_view> value;
        if (equals != std::string_view::npos) {
            value = word.substr(equals + 1);
        } else if (!option->argument.empty() && i + 1 < argv.size()) {
            value = argv[++i];
        }
        PH_TRY(const std::string_view checked, check_value(*option, value));
        arguments.given_.push_back({option->name, checked});
    }
    return arguments;
}

}  // namespace ph::app

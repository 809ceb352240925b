// smtp/syntax/command.h: a command line taken apart into its verb and the rest (RFC 5321 4.1.1).
#pragma once

#include <string_view>

#include "base/ascii.h"

namespace ph::smtp {

constexpr bool is_separator(char c) {
    return c == ' ' || c == '\t';
}

constexpr std::string_view skip_separators(std::string_view text) {
    while (!text.empty() && is_separator(text.front())) text.remove_prefix(1);
    return text;
}

struct CommandLine {
    std::string_view verb;      // as written; verbs have no letter case (RFC 5321 2.4)
    std::string_view argument;  // without blanks around it
};

constexpr CommandLine split_command(std::string_view line) {
    std::size_t end = 0;
    while (end < line.size() && !is_separator(line[end])) ++end;
    std::string_view argument = skip_separators(line.substr(end));
    while (!argument.empty() && is_separator(argument.back())) argument.remove_suffix(1);
    return {line.substr(0, end), argument};
}

// What stands between the angle brackets at the head of `path`, for a reply that quotes it.
constexpr std::string_view inside_brackets(std::string_view path) {
    if (path.starts_with('<')) path.remove_prefix(1);
    return path.substr(0, path.find('>'));
}

}  // namespace ph::smtp

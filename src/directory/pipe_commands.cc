// directory/pipe_commands.cc: the table of commands. Checked when it is read: the user exists and is not root, the program is there and may run;
// so a message never finds out.
#include "directory/pipe_commands.h"

#include <algorithm>
#include <array>
#include <unistd.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/account.h"
#include "directory/text_file.h"

namespace ph::directory {
namespace {

constexpr std::size_t max_words = 100;
constexpr std::size_t max_commands = 1000;
constexpr Seconds max_timeout{24 * 3600};

struct Place {
    std::string_view name;
    std::string PipeValues::*value;
};
constexpr std::array places{Place{"{sender}", &PipeValues::sender}, Place{"{recipient}", &PipeValues::recipient},
                            Place{"{user}", &PipeValues::user},     Place{"{extension}", &PipeValues::extension},
                            Place{"{domain}", &PipeValues::domain}, Place{"{queue_id}", &PipeValues::queue_id}};

const Place* place_at(std::string_view text) {
    for (const Place& place : places) {
        if (text.starts_with(place.name)) return &place;
    }
    return nullptr;
}

// Words between blanks; double quotes hold a word with blanks together. nullopt if a quote is not closed.
std::optional<std::vector<std::string>> words_of(std::string_view line) {
    std::vector<std::string> words;
    bool in_quotes = false;
    bool in_word = false;
    for (const char c : line) {
        if (c == '"') {
            in_quotes = !in_quotes;
            if (!in_word) words.emplace_back();
            in_word = true;
        } else if (is_blank(c) && !in_quotes) {
            in_word = false;
        } else {
            if (!in_word) words.emplace_back();
            in_word = true;
            words.back() += c;
        }
    }
    if (in_quotes) return std::nullopt;
    return words;
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

// "" or what is wrong.
std::string set_option(PipeCommand& command, std::string_view name, const std::string& value) {
    if (name == "user") {
        Account account;
        std::string why;
        if (find_account(value, account, why) != AccountAnswer::found) return "there is no user '" + value + "' on this system; name one, or make it";
        if (account.uid == 0) return "mail is not piped to programs of root; name another user";
        command.uid = account.uid;
        if (!command.gid) command.gid = account.gid;
    } else if (name == "group") {
        command.gid = find_group(value);
        if (!command.gid) return "there is no group '" + value + "' on this system; name one, or make it";
    } else if (name == "directory") {
        if (!value.starts_with('/')) return "directory= is followed by an absolute path";
        command.directory = value;
    } else if (name == "timeout") {
        const auto timeout = parse_duration(value);
        if (!timeout || *timeout < Seconds(1) || *timeout > max_timeout) return "timeout= is from 1s to 24h, such as timeout=10m";
        command.timeout = *timeout;
    } else {
        return "'" + to_valid_utf8(name) + "=' is not known; before the program there may be user=, group=, directory= and timeout=";
    }
    return {};
}

std::string check_program(const PipeCommand& command) {
    if (command.words.empty() || !command.words.front().starts_with('/')) {
        return "the program is missing; write its absolute path behind the name and the options";
    }
    if (command.words.size() > max_words) return "there are more than 100 arguments; let a script of yours hold them";
    if (access(command.words.front().c_str(), X_OK) != 0)
        return command.words.front() + " is not there or may not be run; install it, or mend its mode";
    for (std::string_view word : command.words) {
        for (std::size_t brace = word.find('{'); brace != std::string_view::npos; brace = word.find('{', brace + 1)) {
            if (place_at(word.substr(brace)) == nullptr) {
                return "'" + to_valid_utf8(word.substr(brace, 40)) +
                       "' is no place; there are {sender} {recipient} {user} {extension} {domain} {queue_id}";
            }
        }
    }
    return {};
}

std::string read_command(PipeCommand& command, std::string_view line) {
    auto words = words_of(line);
    if (!words) return "a double quote is not closed";
    if (words->empty() || !is_name(words->front())) return "a line begins with a name of letters, digits, '-', '_' and '.', at most 64 of them";
    command.name = to_lower(words->front());
    std::size_t at = 1;
    for (; at < words->size() && !(*words)[at].starts_with('/'); ++at) {
        const std::string& word = (*words)[at];
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos)
            return "'" + to_valid_utf8(word) + "' is neither an option such as user=… nor the absolute path of a program";
        std::string wrong = set_option(command, std::string_view(word).substr(0, equals), word.substr(equals + 1));
        if (!wrong.empty()) return wrong;
    }
    command.words.assign(words->begin() + static_cast<std::ptrdiff_t>(at), words->end());
    return check_program(command);
}

}  // namespace

std::optional<std::vector<std::string>> PipeCommand::argv(const PipeValues& values) const {
    std::vector<std::string> filled;
    for (const std::string_view word : words) {
        std::string out;
        for (std::size_t i = 0; i < word.size();) {
            const Place* place = filled.empty() ? nullptr : place_at(word.substr(i));
            out += place != nullptr ? values.*(place->value) : std::string(1, word[i]);
            i += place != nullptr ? place->name.size() : 1;
        }
        if (out.starts_with('-') && !word.starts_with('-')) return std::nullopt;
        filled.push_back(std::move(out));
    }
    return filled;
}

PipeCommands PipeCommands::parse(std::string_view text, const std::string& file, std::vector<Fault>& faults) {
    PipeCommands commands;
    FileFaults told(file, faults);
    LogicalLines lines(text, told);
    while (lines.next()) {
        PipeCommand command;
        std::string wrong = read_command(command, lines.text());
        if (wrong.empty() && commands.size() >= max_commands) wrong = "there are more than 1000 commands; take some out";
        if (wrong.empty() && commands.commands_.contains(command.name)) wrong = "the name '" + command.name + "' stands above; give this one another";
        if (!wrong.empty()) {
            told.add(FaultKind::bad_value, lines.number(), std::move(wrong));
            continue;
        }
        commands.commands_.emplace(command.name, std::move(command));
    }
    return commands;
}

std::optional<PipeCommands> PipeCommands::open(const std::string& path, const SourceLocation& mentioned, std::vector<Fault>& faults) {
    const Result<std::string> text = read_text_file(path, max_file_size, mentioned);
    if (!text) {
        faults.push_back(text.error());
        return std::nullopt;
    }
    return parse(*text, path, faults);
}

const PipeCommand* PipeCommands::find(std::string_view name) const {
    const auto found = commands_.find(to_lower(name));
    return found == commands_.end() ? nullptr : &found->second;
}

}  // namespace ph::directory

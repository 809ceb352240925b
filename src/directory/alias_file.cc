// directory/alias_file.cc: reading aliases(5) whole, with every list that it includes, so that no question at RCPT ever waits for a file and every
// mistake is told before the first message comes. A list that includes itself, or commands within lists, are refused.
#include "directory/alias_file.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/text_file.h"

namespace ph::directory {
namespace {

std::string quoted(std::string_view text) {
    return "'" + to_valid_utf8(text.substr(0, 100)) + "'";
}

// The colon that ends the name; npos if there is none.
std::size_t name_end(std::string_view line) {
    bool in_quotes = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && in_quotes) {
            ++i;
        } else if (line[i] == '"') {
            in_quotes = !in_quotes;
        } else if (line[i] == ':' && !in_quotes) {
            return i;
        }
    }
    return std::string_view::npos;
}

}  // namespace

// Reads the file and its lists; every mistake becomes a fault at its line.
struct AliasFile::Reader {
    AliasFile& file;
    const AliasContext& context;
    std::vector<Fault>& faults;
    std::vector<std::string> open_lists;  // on the way down

    void read(std::string_view text, const std::string& name);
    void read_entry(FileFaults& told, std::uint32_t line, std::string_view text);
    std::optional<std::string> read_name(FileFaults& told, std::uint32_t line, std::string_view text);
    bool check_values(FileFaults& told, std::uint32_t line, std::string_view values, bool in_list);
    bool check_member(FileFaults& told, std::uint32_t line, const Member& member, bool in_list);
    bool include(FileFaults& told, std::uint32_t line, const std::string& path);
    void read_list(std::string_view text, const std::string& path);
};

void AliasFile::Reader::read(std::string_view text, const std::string& name) {
    FileFaults told(name, faults);
    LogicalLines lines(text, told);
    while (lines.next()) read_entry(told, lines.number(), lines.text());
    file.entries_.finish();
    file.lists_.finish();
}

std::optional<std::string> AliasFile::Reader::read_name(FileFaults& told, std::uint32_t line, std::string_view text) {
    const Result<Member> member = parse_member(text);
    if (member && member->kind == MemberKind::address) {
        told.add(FaultKind::bad_value, line,
                 "aliases are local names; move " + quoted(text) + ", which has a domain, to the table of virtual.aliases");
        return std::nullopt;
    }
    if (!member || member->kind != MemberKind::local || member->plain) {
        told.add(FaultKind::malformed, line, quoted(text) + " is no name for an alias; odd names stand in double quotes");
        return std::nullopt;
    }
    return to_lower(member->address.local_part);
}

void AliasFile::Reader::read_entry(FileFaults& told, std::uint32_t line, std::string_view text) {
    const std::size_t colon = name_end(text);
    if (colon == std::string_view::npos || colon == 0) {
        told.add(FaultKind::malformed, line, "an alias is written name: value, value; the name with its colon is missing here");
        return;
    }
    const auto name = read_name(told, line, trim(text.substr(0, colon)));
    if (!name) return;
    const std::string_view values = trim(text.substr(colon + 1));
    if (!check_values(told, line, values, false)) return;
    if (file.entries_.size() >= 5'000'000) {
        told.add(FaultKind::too_large, line, "there are more than 5000000 aliases; take some out");
        return;
    }
    if (file.entries_.add(*name, values) || file.entries_.find(*name) == values) return;
    told.add(FaultKind::bad_value, line, "the alias " + quoted(*name) + " stands above with other values; put all its values into one entry");
}

bool AliasFile::Reader::check_values(FileFaults& told, std::uint32_t line, std::string_view values, bool in_list) {
    if (values.empty()) {
        told.add(FaultKind::malformed, line, "the alias leads nowhere; write an address or a local name behind the colon");
        return false;
    }
    bool good = true;
    while (!values.empty()) {
        const Result<Member> member = parse_member(take_value(values, Separator::comma));
        if (!member) told.add(member.error().kind, line, member.error().message);
        good = member && check_member(told, line, *member, in_list) && good;
    }
    return good;
}

bool AliasFile::Reader::check_member(FileFaults& told, std::uint32_t line, const Member& member, bool in_list) {
    if (member.kind == MemberKind::include) return include(told, line, member.argument);
    if (member.kind == MemberKind::domain) {
        told.add(FaultKind::bad_value, line, "@domain alone is for the table of virtual.aliases; write a whole address here");
        return false;
    }
    if (member.kind != MemberKind::pipe) return true;
    if (in_list) {
        told.add(FaultKind::bad_value, line, "an included list may not name commands; put the command into the alias file");
        return false;
    }
    if (context.is_pipe && context.is_pipe(member.argument)) return true;
    told.add(FaultKind::bad_value, line,
             "there is no command " + quoted(member.argument) +
                 " in pipe.commands; add a line there, such as \"tickets user=tickets /usr/bin/program " + "{recipient}\", and write |tickets here");
    return false;
}

bool AliasFile::Reader::include(FileFaults& told, std::uint32_t line, const std::string& path) {
    if (std::ranges::find(open_lists, path) != open_lists.end()) {
        told.add(FaultKind::bad_value, line, "the list " + quoted(path) + " includes itself; take this line out");
        return false;
    }
    if (file.lists_.find(path)) return true;
    if (open_lists.size() >= max_include_depth || file.lists_.size() >= max_includes) {
        told.add(FaultKind::too_large, line, "lists are included at most 8 deep and 10000 in all; put the members into one list");
        return false;
    }
    const Result<std::string> text = context.read_list(path, {told.file(), line, 0});
    if (!text) {
        told.add(text.error().kind, line, text.error().message);
        return false;
    }
    open_lists.push_back(path);
    read_list(*text, path);
    open_lists.pop_back();
    return true;
}

// One member a line, or several with commas; a line does not continue the one before it.
void AliasFile::Reader::read_list(std::string_view text, const std::string& path) {
    FileFaults told(path, faults);
    std::string values;
    for (std::uint32_t number = 1; !text.empty() && !told.full(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#' || !check_values(told, number, line, true)) continue;
        values.append(values.empty() ? "" : ",").append(line);
    }
    file.lists_.add(path, values);
}

AliasFile AliasFile::parse(std::string_view text, const std::string& file, const AliasContext& context, std::vector<Fault>& faults) {
    AliasFile aliases;
    Reader{aliases, context, faults, {}}.read(text, file);
    return aliases;
}

std::optional<AliasFile> AliasFile::open(const std::string& path, const std::function<bool(std::string_view)>& is_pipe,
                                         const SourceLocation& mentioned, std::vector<Fault>& faults) {
    const Result<std::string> text = read_text_file(path, max_file_size, mentioned);
    if (!text) {
        faults.push_back(text.error());
        return std::nullopt;
    }
    const auto read_list = [](const std::string& list, const SourceLocation& where) { return read_text_file(list, max_include_size, where); };
    return parse(*text, path, {is_pipe, read_list}, faults);
}

bool AliasFile::walk(std::string_view values, const std::function<bool(const Member&)>& use) const {
    while (!values.empty()) {
        const Result<Member> member = parse_member(take_value(values, Separator::comma));
        if (!member) continue;
        if (member->kind != MemberKind::include) {
            if (!use(*member)) return false;
            continue;
        }
        const auto list = lists_.find(member->argument);
        if (list && !walk(*list, use)) return false;
    }
    return true;
}

bool AliasFile::for_each_member(std::string_view name, const std::function<bool(const Member&)>& use) const {
    const auto values = entries_.find(name);
    return !values || walk(*values, use);
}

}  // namespace ph::directory

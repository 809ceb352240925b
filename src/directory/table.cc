// directory/table.cc: reading the three kinds of table. As in Postfix, hash keys and patterns do not care for letter case, and of networks and
// patterns the first that holds wins. A key that stands twice with different values is a mistake: nobody can say which was meant.
#include "directory/table.h"

#include <array>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/text_file.h"

namespace ph::directory {
namespace {

constexpr std::size_t max_template = 1000;  // octets of a value with $1
constexpr std::size_t max_places = 32;      // $1 in it
constexpr int max_group = 15;
constexpr std::int64_t pattern_memory = 1 << 20;

struct TypeName {
    std::string_view prefix;
    TableType type;
};
// The names of Postfix for the same text files are taken as well.
constexpr std::array type_names{TypeName{"hash:", TableType::hash}, TypeName{"texthash:", TableType::hash}, TypeName{"cidr:", TableType::cidr},
                                TypeName{"regexp:", TableType::regexp}, TypeName{"pcre:", TableType::regexp}};
constexpr std::string_view inline_prefix = "inline:";

// The end of the key at the head of `line`: the first blank that is not within quotes ("a b"@example.org is one key).
std::size_t key_end(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && quoted) {
            ++i;
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (is_blank(line[i]) && !quoted) {
            return i;
        }
    }
    return line.size();
}

std::string quoted(std::string_view text) {
    return "'" + to_valid_utf8(text.substr(0, 100)) + "'";
}

// Calls `literal` and `place` for the parts of a value in which $1, ${1}, $(1) stand for groups and $$ for a dollar sign. False on bad syntax.
template <typename Literal, typename Place>
bool walk_template(std::string_view value, Literal&& literal, Place&& place) {
    while (!value.empty()) {
        const std::size_t dollar = value.find('$');
        literal(value.substr(0, dollar));
        if (dollar == std::string_view::npos) return true;
        value.remove_prefix(dollar + 1);
        if (value.starts_with('$')) {
            literal(value.substr(0, 1));
            value.remove_prefix(1);
            continue;
        }
        const char closing = value.starts_with('{') ? '}' : value.starts_with('(') ? ')' : '\0';
        if (closing != '\0') value.remove_prefix(1);
        int group = 0;
        std::size_t digits = 0;
        while (digits < value.size() && digits < 2 && is_digit(value[digits])) group = group * 10 + (value[digits++] - '0');
        value.remove_prefix(digits);
        if (digits == 0 || group > max_group) return false;
        if (closing != '\0') {
            if (!value.starts_with(closing)) return false;
            value.remove_prefix(1);
        }
        place(group);
    }
    return true;
}

}  // namespace

// Reads one text into a table; every mistake becomes a fault at its line.
struct Table::Reader {
    Table& table;
    const TableForm& form;
    FileFaults faults;

    void read(std::string_view text);
    void read_hash(std::uint32_t line, std::string_view text);
    void read_network(std::uint32_t line, std::string_view text);
    void read_pattern(std::uint32_t line, std::string_view text);
    bool passes(std::uint32_t line, std::string_view key, std::string_view value);
    bool set_template(std::uint32_t line, Pattern& pattern);
    std::string first_line_of(std::string_view key) const;

    std::string_view whole;
};

void Table::Reader::read(std::string_view text) {
    whole = text;
    LogicalLines lines(text, faults);
    const std::size_t limit = table.type_ == TableType::hash   ? max_table_entries
                              : table.type_ == TableType::cidr ? max_network_entries
                                                               : max_patterns;
    while (lines.next()) {
        if (table.size() >= limit) {
            faults.add(FaultKind::too_large, lines.number(),
                       "a table of this type has at most " + std::to_string(limit) + " entries; take what follows out, or split the table");
            break;
        }
        switch (table.type_) {
            case TableType::hash:
                read_hash(lines.number(), lines.text());
                break;
            case TableType::cidr:
                read_network(lines.number(), lines.text());
                break;
            case TableType::regexp:
                read_pattern(lines.number(), lines.text());
                break;
        }
    }
    table.map_.finish();
}

bool Table::Reader::passes(std::uint32_t line, std::string_view key, std::string_view value) {
    if (value.empty() && !form.value_optional) {
        faults.add(FaultKind::malformed, line, quoted(key) + " has no value; write the key, a blank and the value on this line");
        return false;
    }
    std::string wrong = form.check ? form.check(key, value) : std::string();
    if (wrong.empty()) return true;
    faults.add(FaultKind::bad_value, line, std::move(wrong));
    return false;
}

// Only asked once there is a mistake, so that no line number needs keeping for every entry.
std::string Table::Reader::first_line_of(std::string_view key) const {
    std::vector<Fault> ignored;
    FileFaults sink(faults.file(), ignored);
    LogicalLines lines(whole, sink);
    while (lines.next()) {
        if (equals_ignoring_case(lines.text().substr(0, key_end(lines.text())), key)) return std::to_string(lines.number());
    }
    return "?";
}

void Table::Reader::read_hash(std::uint32_t line, std::string_view text) {
    const std::size_t end = key_end(text);
    const std::string key = to_lower(text.substr(0, end));
    const std::string_view value = trim(text.substr(end));
    if (key.size() > max_key) {
        faults.add(FaultKind::too_large, line, "the key is longer than 1024 octets; is a blank missing behind it?");
        return;
    }
    // The aliases(5) form in a key-value table is what one gets when the two files are mixed up.
    if (!passes(line, key, value) || table.map_.add(key, value)) return;
    const auto before = table.map_.find(key);
    if (!before || *before == value) return;
    faults.add(FaultKind::bad_value, line,
               quoted(key) + " stands in line " + first_line_of(key) + " with another value; leave one of the two, values of one key go on one line");
}

void Table::Reader::read_network(std::uint32_t line, std::string_view text) {
    const std::size_t end = key_end(text);
    const std::string_view key = text.substr(0, end);
    const std::string_view value = trim(text.substr(end));
    if (key.starts_with('!') || equals_ignoring_case(key, "if") || equals_ignoring_case(key, "endif")) {
        faults.add(FaultKind::bad_value, line, "negation and if/endif are not known here; write the exceptions as lines of their own above this one");
        return;
    }
    const Result<Network> network = parse_network(key);
    if (!network) {
        faults.add(network.error().kind, line, network.error().message);
        return;
    }
    if (!passes(line, key, value)) return;
    if (!table.networks_.add(*network)) {
        const std::uint64_t at = table.network_value_at_[*table.networks_.number_of(*network)];
        if (table.network_values_.compare(at >> 24U, at & 0xFFFFFFU, value) == 0) return;
        faults.add(FaultKind::bad_value, line, quoted(key) + " stands above with another value, so this line never counts; take one of the two out");
        return;
    }
    // Most networks of a list lead to the same word: it is kept once as long as it does not change.
    const std::uint64_t last = table.network_value_at_.empty() ? 0 : table.network_value_at_.back();
    if (!table.network_value_at_.empty() && table.network_values_.compare(last >> 24U, last & 0xFFFFFFU, value) == 0) {
        table.network_value_at_.push_back(last);
        return;
    }
    table.network_value_at_.push_back(static_cast<std::uint64_t>(table.network_values_.size()) << 24U | value.size());
    table.network_values_ += value;
}

void Table::Reader::read_pattern(std::uint32_t line, std::string_view text) {
    const char delimiter = text.front();
    if (delimiter == '!' || is_alnum(delimiter) || static_cast<unsigned char>(delimiter) >= 0x80) {
        faults.add(FaultKind::malformed, line, "a pattern is written /pattern/flags value; negation and if/endif are not known here");
        return;
    }
    std::size_t end = 1;
    while (end < text.size() && text[end] != delimiter) end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) {
        faults.add(FaultKind::malformed, line, std::string("the pattern has no end; close it with ") + delimiter);
        return;
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory);
    options.set_case_sensitive(false);
    std::string modifiers;
    std::size_t at = end + 1;
    for (; at < text.size() && !is_blank(text[at]); ++at) {
        // As in Postfix, `i` toggles: patterns do not care for case unless it stands there.
        if (text[at] == 'i') {
            options.set_case_sensitive(true);
        } else if (text[at] == 'm' || text[at] == 's') {
            modifiers += text[at];
        } else {
            faults.add(FaultKind::bad_value, line,
                       std::string("'") + (is_alnum(text[at]) ? text[at] : '?') + "' is no flag of a pattern; there are i, m and s");
            return;
        }
    }
    std::string source(text.substr(1, end - 1));
    if (!modifiers.empty()) source = "(?" + modifiers + ")" + source;
    Pattern pattern{std::make_unique<RE2>(source, options), std::string(trim(text.substr(at))), -1};
    if (!pattern.expression->ok()) {
        faults.add(FaultKind::bad_value, line,
                   "RE2 does not take this pattern: " + to_valid_utf8(pattern.expression->error()) +
                       "; look-around and back-references have to be written another way");
        return;
    }
    if (!set_template(line, pattern)) return;
    if (pattern.groups < 0 && !passes(line, text.substr(0, end + 1), pattern.value)) return;
    table.patterns_.push_back(std::move(pattern));
}

bool Table::Reader::set_template(std::uint32_t line, Pattern& pattern) {
    if (pattern.value.find('$') == std::string::npos) return true;
    std::size_t places = 0;
    pattern.groups = 0;
    const bool well = walk_template(
        pattern.value, [](std::string_view) {},
        [&](int group) {
            ++places;
            pattern.groups = std::max(pattern.groups, group);
        });
    if (!well || places > max_places || pattern.value.size() > max_template) {
        faults.add(FaultKind::malformed, line,
                   "a value has $1 to $15 (or ${1}) for the groups, at most 32 of them in 1000 octets, and $$ for a dollar sign");
        return false;
    }
    if (pattern.groups > pattern.expression->NumberOfCapturingGroups()) {
        faults.add(
            FaultKind::bad_value, line,
            "$" + std::to_string(pattern.groups) + " stands for a group that the pattern does not have; put ( ) around what it shall stand for");
        return false;
    }
    return true;
}

Table Table::parse(TableType type, std::string_view text, const std::string& file, const TableForm& form, std::vector<Fault>& faults) {
    Table table;
    table.type_ = type;
    table.name_ = file;
    Reader{table, form, FileFaults(file, faults), {}}.read(text);
    return table;
}

namespace {

// "a b; c d" as the lines of a file. A value cannot have a semicolon: such a table is a file.
std::string inline_lines(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(";\n");
        lines.append(trim(text.substr(0, end))).append("\n");
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

}  // namespace

bool is_table_source(std::string_view text) {
    if (text.starts_with('/') || text.starts_with(inline_prefix)) return true;
    for (const TypeName& name : type_names) {
        if (text.starts_with(name.prefix)) return true;
    }
    return false;
}

std::optional<Table> Table::open(std::string_view source, const TableForm& form, const SourceLocation& mentioned, std::vector<Fault>& faults) {
    if (source.starts_with(inline_prefix)) {
        const std::size_t before = faults.size();
        Table table = parse(TableType::hash, inline_lines(source.substr(inline_prefix.size())), mentioned.file, form, faults);
        // Lines of the value are no lines of the file that it stands in.
        for (std::size_t i = before; i < faults.size(); ++i) faults[i].where = mentioned;
        return table;
    }
    TableType type = TableType::hash;
    std::string_view path = source;
    for (const TypeName& name : type_names) {
        if (!source.starts_with(name.prefix)) continue;
        type = name.type;
        path.remove_prefix(name.prefix.size());
    }
    if (!path.starts_with('/')) {
        faults.push_back({FaultKind::bad_value,
                          quoted(source) +
                              " is no table; write /path, hash:/path, cidr:/path, regexp:/path or \"inline:key value; key value\". Of lmdb:, "
                              "btree: and other compiled tables name the text file that they were made from",
                          mentioned});
        return std::nullopt;
    }
    const Result<std::string> text = read_text_file(std::string(path), max_file_size, mentioned);
    if (!text) {
        faults.push_back(text.error());
        return std::nullopt;
    }
    return parse(type, *text, std::string(path), form, faults);
}

std::size_t Table::size() const {
    return map_.size() + networks_.size() + patterns_.size();
}

std::optional<std::string_view> Table::find(std::string_view key, std::string& space) const {
    if (key.size() > max_key) return std::nullopt;
    switch (type_) {
        case TableType::hash:
            return map_.find(to_lower(key));
        case TableType::regexp:
            return find_pattern(key, space);
        case TableType::cidr:
            break;
    }
    const auto address = io::IpAddress::parse(key);
    const auto number = address ? networks_.find(*address) : std::nullopt;
    if (!number) return std::nullopt;
    const std::uint64_t at = network_value_at_[*number];
    return std::string_view(network_values_).substr(at >> 24U, at & 0xFFFFFFU);
}

std::optional<std::string_view> Table::find_pattern(std::string_view key, std::string& space) const {
    std::array<re2::StringPiece, max_group + 1> groups;
    const re2::StringPiece text(key.data(), key.size());
    for (const Pattern& pattern : patterns_) {
        if (!pattern.expression->Match(text, 0, key.size(), RE2::UNANCHORED, groups.data(), pattern.groups + 1)) continue;
        if (pattern.groups < 0) return pattern.value;
        space.clear();
        walk_template(
            pattern.value, [&](std::string_view part) { space.append(part); },
            [&](int group) {
                space.append(groups[static_cast<std::size_t>(group)].data() ? groups[static_cast<std::size_t>(group)].as_string() : "");
            });
        return space;
    }
    return std::nullopt;
}

}  // namespace ph::directory

// config/param.cc: one reader per type of value, and the complaint about a name that no parameter has.
#include "config/param.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/json_writer.h"

namespace ph::config {

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::string& value) {
    const auto text = table.string(key);
    if (!text) return;
    const std::string words = ' ' + std::string(info.choices) + ' ';
    if (!info.choices.empty() && (text->empty() || text->find(' ') != std::string::npos || words.find(' ' + *text + ' ') == std::string::npos)) {
        table.complain(key, FaultKind::bad_value,
                       "'" + *text + "' is no value of " + std::string(info.name) + "; choose one of: " + std::string(info.choices));
        return;
    }
    const std::string_view wrong = info.check != nullptr ? info.check(*text) : std::string_view();
    if (!wrong.empty()) {
        table.complain(key, FaultKind::bad_value, "'" + *text + "' is no value of " + std::string(info.name) + ": " + std::string(wrong));
        return;
    }
    value = *text;
}

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::uint32_t& value) {
    if (const auto number = table.integer(key, info.min, info.max)) value = static_cast<std::uint32_t>(*number);
}

namespace {
// A number or a text with a unit; `parse` reads the text. Bounds as the parameter has them.
template <typename Number, typename Parse, typename Say>
void read_unit(TomlReader& table, std::string_view key, const ParamInfo& info, Number& value, std::string_view form, Parse parse, Say say) {
    if (!table.has(key)) return;
    std::optional<std::int64_t> number;
    if (table.is_text(key)) {
        const auto text = table.string(key);
        number = text ? parse(*text) : std::nullopt;
    } else {
        number = table.integer(key, info.min, info.max);
        if (!number) return;
    }
    if (!number) {
        table.complain(key, FaultKind::malformed, std::string(info.name) + " is written as " + std::string(form));
        return;
    }
    if (*number < info.min || *number > info.max) {
        table.complain(key, FaultKind::bad_value, std::string(info.name) + " must be from " + say(info.min) + " to " + say(info.max));
        return;
    }
    value = static_cast<Number>(*number);
}
}  // namespace

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::uint64_t& value) {
    const auto parse = [](std::string_view text) -> std::optional<std::int64_t> {
        const auto bytes = parse_bytes(text);
        return bytes && *bytes <= INT64_MAX ? std::optional(static_cast<std::int64_t>(*bytes)) : std::nullopt;
    };
    read_unit(table, key, info, value, "a number of octets, or \"64k\", \"50M\", \"2G\"", parse,
              [](std::int64_t bytes) { return bytes_text(static_cast<std::uint64_t>(bytes)); });
}

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, Seconds& value) {
    const auto parse = [](std::string_view text) -> std::optional<std::int64_t> {
        const auto duration = parse_duration(text);
        return duration ? std::optional(duration->count()) : std::nullopt;
    };
    read_unit(table, key, info, value, "a number of seconds, or \"45s\", \"10m\", \"4h\", \"5d\"", parse,
              [](std::int64_t seconds) { return duration_text(Seconds(seconds)); });
}

void read_value(TomlReader& table, std::string_view key, const ParamInfo&, bool& value) {
    if (table.has(key)) value = table.boolean(key);
}

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, Texts& value) {
    if (!table.has(key)) return;
    Texts texts = table.strings(key);
    if (info.max != 0 && texts.size() > static_cast<std::size_t>(info.max)) {
        table.complain(key, FaultKind::too_large, std::string(info.name) + " has more than " + std::to_string(info.max) + " entries");
        return;
    }
    for (const std::string& text : texts) {
        if (info.check == nullptr) continue;
        const std::string_view wrong = info.check(text);
        if (!wrong.empty()) table.complain(key, FaultKind::bad_value, "'" + text + "' in " + std::string(info.name) + ": " + std::string(wrong));
    }
    value = std::move(texts);
}

std::string to_text(const std::string& value) {
    return value;
}
std::string to_text(std::uint32_t value) {
    return std::to_string(value);
}
std::string to_text(std::uint64_t value) {
    return bytes_text(value);
}
std::string to_text(Seconds value) {
    return duration_text(value);
}
std::string to_text(bool value) {
    return value ? "true" : "false";
}
std::string to_text(const Texts& value) {
    std::string out = "[";
    for (const std::string& text : value) {
        out += out.size() > 1 ? ", \"" : "\"";
        append_json_escaped(out, text);  // TOML and JSON write texts alike
        out += '"';
    }
    return out + ']';
}

ValueType type_of(const std::string&) {
    return {"text"};
}
ValueType type_of(std::uint32_t) {
    return {"number", [](std::int64_t bound) { return std::to_string(bound); }};
}
ValueType type_of(std::uint64_t) {
    return {"size", [](std::int64_t bound) { return bytes_text(static_cast<std::uint64_t>(bound)); }};
}
ValueType type_of(Seconds) {
    return {"duration", [](std::int64_t bound) { return duration_text(Seconds(bound)); }};
}
ValueType type_of(bool) {
    return {"boolean"};
}
ValueType type_of(const Texts&) {
    return {"list", [](std::int64_t bound) { return std::to_string(bound); }};
}

std::string_view key_of(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

const toml::table* table_of(const toml::table& root, std::string_view name) {
    const toml::node* node = root.get(name.substr(0, name.find('.')));
    return node != nullptr ? node->as_table() : nullptr;
}

void refuse_unknown(const toml::table& root, const std::string& file, const std::vector<std::string_view>& names, std::vector<Fault>& faults) {
    std::string known;
    for (const std::string_view name : names) known += (known.empty() ? "" : ", ") + std::string(name);
    const auto refuse = [&](const std::string& name, const toml::node& node) {
        faults.push_back({FaultKind::bad_value, "there is no parameter '" + name + "'; there are: " + known, location_of(node, file)});
    };
    for (const auto& [head, node] : root) {
        const toml::table* table = node.as_table();
        if (table == nullptr) {
            refuse(std::string(head.str()), node);
            continue;
        }
        for (const auto& [key, value] : *table) {
            const std::string name = std::string(head.str()) + '.' + std::string(key.str());
            if (std::ranges::find(names, name) == names.end()) refuse(name, value);
        }
    }
}

}  // namespace ph::config

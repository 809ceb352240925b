// config/param.cc: one reader per type of value, and the complaint about a name that no parameter has.
#include "config/param.h"

#include <algorithm>

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
    value = *text;
}

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::uint32_t& value) {
    if (const auto number = table.integer(key, info.min, info.max)) value = static_cast<std::uint32_t>(*number);
}

std::string to_text(const std::string& value) {
    return value;
}
std::string to_text(std::uint32_t value) {
    return std::to_string(value);
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

// base/toml_reader.cc: each getter says what it expected and where it did not find it.
#include "base/toml_reader.h"

#include <algorithm>

namespace ph {

SourceLocation TomlReader::where(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return location_of(node != nullptr ? *node : table_, file_);
}

void TomlReader::complain(std::string_view key, FaultKind kind, std::string message) {
    faults_.push_back({kind, std::move(message), where(key)});
}

void TomlReader::only(std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : table_) {
        if (std::ranges::find(known, key.str()) != known.end()) continue;
        std::string list;
        for (const std::string_view name : known) list += (list.empty() ? "" : ", ") + std::string(name);
        complain(key.str(), FaultKind::bad_value, "unknown field '" + std::string(key.str()) + "'; known here: " + list);
    }
}

std::optional<std::string> TomlReader::string(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto value = node->value_exact<std::string>()) return *value;
    complain(key, FaultKind::bad_value, "'" + std::string(key) + "' must be a string in quotes");
    return std::nullopt;
}

std::string TomlReader::required_string(std::string_view key) {
    if (!has(key)) complain(key, FaultKind::missing, "'" + std::string(key) + "' is missing; add " + std::string(key) + " = \"…\"");
    std::string value = string(key).value_or("");
    if (has(key) && value.empty()) complain(key, FaultKind::bad_value, "'" + std::string(key) + "' is empty");
    return value;
}

const toml::array* TomlReader::array(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_array()) complain(key, FaultKind::bad_value, "'" + std::string(key) + "' must be a list in brackets");
    return node->as_array();
}

std::vector<std::string> TomlReader::strings(std::string_view key) {
    std::vector<std::string> values;
    const toml::array* list = array(key);
    if (list == nullptr) return values;
    for (const toml::node& node : *list) {
        if (const auto value = node.value_exact<std::string>()) {
            values.push_back(*value);
        } else {
            faults_.push_back({FaultKind::bad_value, "'" + std::string(key) + "' must hold strings in quotes", location_of(node, file_)});
        }
    }
    return values;
}

std::vector<std::string> TomlReader::required_strings(std::string_view key) {
    std::vector<std::string> values = strings(key);
    if (values.empty()) complain(key, FaultKind::missing, "'" + std::string(key) + "' needs at least one entry");
    return values;
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= low && *value <= high) return value;
    complain(key, FaultKind::bad_value,
             "'" + std::string(key) + "' must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
}

std::vector<std::int64_t> TomlReader::integers(std::string_view key, std::int64_t low, std::int64_t high) {
    std::vector<std::int64_t> values;
    const toml::array* list = array(key);
    if (list == nullptr) return values;
    for (const toml::node& node : *list) {
        const auto value = node.value_exact<std::int64_t>();
        if (value && *value >= low && *value <= high) {
            values.push_back(*value);
        } else {
            faults_.push_back({FaultKind::bad_value,
                               "'" + std::string(key) + "' must hold whole numbers from " + std::to_string(low) + " to " + std::to_string(high),
                               location_of(node, file_)});
        }
    }
    return values;
}

bool TomlReader::boolean(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    if (const auto value = node->value_exact<bool>()) return *value;
    complain(key, FaultKind::bad_value, "'" + std::string(key) + "' must be true or false");
    return false;
}

const toml::table* TomlReader::table(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) complain(key, FaultKind::bad_value, "'" + std::string(key) + "' must be a table: [" + std::string(key) + "]");
    return node->as_table();
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
    std::vector<const toml::table*> values;
    const toml::array* list = array(key);
    if (list == nullptr) return values;
    for (const toml::node& node : *list) {
        if (const toml::table* table = node.as_table()) {
            values.push_back(table);
        } else {
            faults_.push_back(
                {FaultKind::bad_value, "'" + std::string(key) + "' must hold tables: [[" + std::string(key) + "]]", location_of(node, file_)});
        }
    }
    return values;
}

}  // namespace ph

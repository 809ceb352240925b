// config/param.h: a parameter is declared once, beside the struct that holds it; reading, bounds, documents and tests follow from that.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/pfr/tuple_size.hpp>

#include "base/result.h"
#include "base/time.h"
#include "base/toml_reader.h"

namespace ph::config {

struct Doc {
    std::string_view en;
    std::string_view zh;
};

enum class Reload : std::uint8_t { live, restart };  // when a changed value takes effect

struct ParamInfo {
    std::string_view name;  // "explain.columns": table and key of posthorn.toml
    std::int64_t min = 0;   // numbers; durations in seconds, sizes in octets; lists: how many entries
    std::int64_t max = 0;
    std::int64_t stress = 0;                                // a value that a simulation may take instead of the default
    std::string_view choices = {};                          // texts: the allowed words, with blanks between; empty: any text
    std::string_view (*check)(std::string_view) = nullptr;  // texts and entries of lists: "" or what is wrong with it
    Reload reload = Reload::live;
    Doc doc = {};
};

template <typename Struct, typename Member>
struct Param {
    Member Struct::*member;
    ParamInfo info;
};

template <typename Struct, typename Member>
constexpr Param<Struct, Member> param(Member Struct::*member, ParamInfo info) {
    return {member, info};
}

// What a struct's member types mean in posthorn.toml: std::string a text, std::uint32_t a number, std::uint64_t a size ("50M" or octets),
// Seconds a duration ("5d" or seconds), bool true or false, std::vector<std::string> an array of texts.
using Texts = std::vector<std::string>;

// True if the tuple has an entry for each member of the struct.
template <typename Struct, typename Params>
inline constexpr bool Documents = boost::pfr::tuple_size_v<Struct> == std::tuple_size_v<std::remove_cvref_t<Params>>;

// How a member's type is called, and how a bound of it is written.
struct ValueType {
    std::string_view name;                               // "text", "number", "size", "duration", "boolean", "list"
    std::string (*bound)(std::int64_t value) = nullptr;  // nullptr: has no bounds
};
ValueType type_of(const std::string& value);
ValueType type_of(std::uint32_t value);
ValueType type_of(std::uint64_t value);
ValueType type_of(Seconds value);
ValueType type_of(bool value);
ValueType type_of(const Texts& value);

// One parameter with its value, for lists.
struct Setting {
    ParamInfo info;
    std::string value;
    std::string default_value;
    ValueType type;
};

void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::string& value);
void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::uint32_t& value);
void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, std::uint64_t& value);
void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, Seconds& value);
void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, bool& value);
void read_value(TomlReader& table, std::string_view key, const ParamInfo& info, Texts& value);
std::string to_text(const std::string& value);
std::string to_text(std::uint32_t value);
std::string to_text(std::uint64_t value);
std::string to_text(Seconds value);
std::string to_text(bool value);
std::string to_text(const Texts& value);

// The keys of `root` that `names` does not have become faults.
void refuse_unknown(const toml::table& root, const std::string& file, const std::vector<std::string_view>& names, std::vector<Fault>& faults);
// The table that holds "table.key", or nullptr.
const toml::table* table_of(const toml::table& root, std::string_view name);
std::string_view key_of(std::string_view name);

// A struct of parameters together with their declarations; the file of an MTA has many.
template <typename Struct, typename Params>
struct Section {
    Struct& config;
    const Params& params;
};
template <typename Struct, typename Params>
Section(Struct&, const Params&) -> Section<Struct, Params>;

// Sets the members of all sections from the text of posthorn.toml; `file` is for the messages. All faults are told, and nothing is set that
// breaks its bounds.
template <typename... Sections>
std::vector<Fault> read_config(std::string_view text, const std::string& file, Sections... sections) {
    std::vector<Fault> faults;
    const auto root = parse_toml(text, file);
    if (!root) return {root.error()};
    std::vector<std::string_view> names;
    const auto each = [](auto& section, auto&& use) { std::apply([&](const auto&... entry) { (use(entry), ...); }, section.params); };
    (each(sections, [&](const auto& entry) { names.push_back(entry.info.name); }), ...);
    refuse_unknown(*root, file, names, faults);
    const auto read = [&](auto& section) {
        each(section, [&](const auto& entry) {
            const toml::table* table = table_of(*root, entry.info.name);
            if (table == nullptr) return;
            TomlReader reader(*table, file, faults);
            read_value(reader, key_of(entry.info.name), entry.info, section.config.*entry.member);
        });
    };
    (read(sections), ...);
    return faults;
}

template <typename... Sections>
std::vector<Setting> settings_of(Sections... sections) {
    std::vector<Setting> settings;
    const auto list = [&](auto& section) {
        const std::remove_cvref_t<decltype(section.config)> defaults{};
        std::apply(
            [&](const auto&... entry) {
                (settings.push_back(
                     {entry.info, to_text(section.config.*entry.member), to_text(defaults.*entry.member), type_of(defaults.*entry.member)}),
                 ...);
            },
            section.params);
    };
    (list(sections), ...);
    return settings;
}

}  // namespace ph::config

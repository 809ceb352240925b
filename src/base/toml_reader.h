// base/toml_reader.h: typed reading of one TOML table that notes every mistake with its place and goes on, so that a person gets
// all complaints about a file at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"

namespace ph {

class TomlReader {
  public:
    // `faults` gets the complaints; `table`, `file` and `faults` outlive the reader.
    TomlReader(const toml::table& table, const std::string& file, std::vector<Fault>& faults) : table_(table), file_(file), faults_(faults) {}

    // Complains about keys that are not in `known`.
    void only(std::initializer_list<std::string_view> known);

    bool has(std::string_view key) const { return table_.contains(key); }
    bool is_text(std::string_view key) const { return table_[key].is_string(); }
    std::optional<std::string> string(std::string_view key);
    std::string required_string(std::string_view key);
    std::vector<std::string> strings(std::string_view key);           // empty if not there
    std::vector<std::string> required_strings(std::string_view key);  // at least one
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
    std::vector<std::int64_t> integers(std::string_view key, std::int64_t low, std::int64_t high);
    bool boolean(std::string_view key);                            // false if not there
    const toml::table* table(std::string_view key);                // nullptr if not there
    std::vector<const toml::table*> tables(std::string_view key);  // an array of tables

    // Notes a complaint about the value of `key`, or about the table.
    void complain(std::string_view key, FaultKind kind, std::string message);

    const std::string& file() const { return file_; }
    std::vector<Fault>& faults() { return faults_; }

  private:
    SourceLocation where(std::string_view key) const;
    const toml::array* array(std::string_view key);

    const toml::table& table_;
    const std::string& file_;
    std::vector<Fault>& faults_;
};

}  // namespace ph

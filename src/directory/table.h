// directory/table.h: lookup tables from text files, in memory: what an address, a domain or a client's IP address leads to. The files are those
// of Postfix users (postmap's text form, cidr_table, regexp_table), read as they stand: nothing is to be compiled.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "base/result.h"
#include "directory/compact_map.h"
#include "directory/networks.h"

namespace ph::directory {

inline constexpr std::size_t max_table_entries = 5'000'000;
inline constexpr std::size_t max_network_entries = 1'000'000;
inline constexpr std::size_t max_patterns = 5000;
inline constexpr std::size_t max_key = 1024;

enum class TableType : std::uint8_t { hash, cidr, regexp };

// What a table is read as, beside its grammar.
struct TableForm {
    bool value_optional = false;  // a list: a key alone is an entry with the value ""
    // "" or what is wrong with an entry and what to write instead. Values with $1 are not asked about: they depend on the key.
    std::function<std::string(std::string_view key, std::string_view value)> check;
};

class Table {
  public:
    // "hash:/path" or "/path", "cidr:/path", "regexp:/path", "inline:key value; key value". `mentioned` is where the configuration says so.
    // nullopt when it could not be read at all; entries that are wrong are left out, and told in `faults`.
    static std::optional<Table> open(std::string_view source, const TableForm& form, const SourceLocation& mentioned, std::vector<Fault>& faults);
    static Table parse(TableType type, std::string_view text, const std::string& file, const TableForm& form, std::vector<Fault>& faults);

    // The value for the key, whatever the case of its letters. `space` holds values that $1 made; the view lives as long as both.
    std::optional<std::string_view> find(std::string_view key, std::string& space) const;

    TableType type() const { return type_; }
    // Patterns and networks see whole keys only: no question for "@example.org" or a parent domain makes sense to them.
    bool whole_keys_only() const { return type_ != TableType::hash; }
    const std::string& name() const { return name_; }
    std::size_t size() const;
    std::size_t memory() const { return map_.memory(); }
    const CompactMap& entries() const { return map_; }  // of type hash

  private:
    struct Pattern {
        std::unique_ptr<RE2> expression;
        std::string value;
        int groups = 0;  // highest $n in the value; -1 if there is no $
    };
    struct Reader;

    std::optional<std::string_view> find_pattern(std::string_view key, std::string& space) const;

    TableType type_ = TableType::hash;
    std::string name_;
    CompactMap map_;
    NetworkMap networks_;
    std::string network_values_;                   // of networks_, one after the other
    std::vector<std::uint64_t> network_value_at_;  // place << 24 | length
    std::vector<Pattern> patterns_;
};

// True for what open() takes, as far as its first letters tell: a known type, or an absolute path.
bool is_table_source(std::string_view text);

}  // namespace ph::directory

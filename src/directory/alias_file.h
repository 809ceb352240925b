// directory/alias_file.h: local aliases as aliases(5) has them: "name: value, value", owner-NAME, and :include: lists, which are read with the
// file and become new with a reload.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/compact_map.h"
#include "directory/member.h"

namespace ph::directory {

inline constexpr std::size_t max_include_depth = 8;
inline constexpr std::size_t max_includes = 10'000;
inline constexpr std::uint64_t max_include_size = 16ULL * 1024 * 1024;

// What the reader of an alias file asks about the world around it.
struct AliasContext {
    std::function<bool(std::string_view name)> is_pipe;  // a command of pipe.commands
    // The text of an included list; `mentioned` is the line that names it.
    std::function<Result<std::string>(const std::string& path, const SourceLocation& mentioned)> read_list;
};

class AliasFile {
  public:
    static std::optional<AliasFile> open(const std::string& path, const std::function<bool(std::string_view)>& is_pipe,
                                         const SourceLocation& mentioned, std::vector<Fault>& faults);
    static AliasFile parse(std::string_view text, const std::string& file, const AliasContext& context, std::vector<Fault>& faults);

    // `name` in lower case.
    bool has(std::string_view name) const { return entries_.find(name).has_value(); }
    // Calls `use` for each member, those of included lists in their place, until it returns false. False if it did.
    bool for_each_member(std::string_view name, const std::function<bool(const Member&)>& use) const;
    std::size_t size() const { return entries_.size(); }

  private:
    struct Reader;

    bool walk(std::string_view values, const std::function<bool(const Member&)>& use) const;

    CompactMap entries_;  // name → values as written
    CompactMap lists_;    // path → values, commas between
};

}  // namespace ph::directory

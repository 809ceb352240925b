// base/result.h: Result<T>, a value or the Fault that says why there is none.
// It has the shape of std::expected, so that a later compiler is a one-line change (docs/decisions/001).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace ph {

enum class FaultKind : std::uint8_t {
    malformed,   // the input breaks its grammar
    too_large,   // the input is over a limit
    missing,     // a file, id or value is not there
    unreadable,  // the system refused to read or write
    bad_value,   // well-formed, but not a value this place takes
};

// Where in a text file a fault stands; line and column count from 1, line 0 means the file as a whole.
struct SourceLocation {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

// What went wrong, as a sentence for the person who has to mend it, and where.
struct Fault {
    FaultKind kind = FaultKind::malformed;
    std::string message;
    SourceLocation where;
};

// "file:line:column: message", as compilers write it; without a file only the message.
std::string to_text(const Fault& fault);

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Fault> {
  public:
    using tl::expected<T, Fault>::expected;
};

inline tl::unexpected<Fault> fail(FaultKind kind, std::string message, SourceLocation where = {}) {
    return tl::unexpected<Fault>(Fault{kind, std::move(message), std::move(where)});
}

}  // namespace ph

#define PH_TRY_NAME_2(line) ph_try_##line
#define PH_TRY_NAME(line) PH_TRY_NAME_2(line)

// PH_TRY(auto value, expression): declares value, or returns the fault of the expression from this function.
#define PH_TRY(declaration, ...)                                                                 \
    auto PH_TRY_NAME(__LINE__) = (__VA_ARGS__);                                                  \
    if (!PH_TRY_NAME(__LINE__)) return tl::unexpected(std::move(PH_TRY_NAME(__LINE__)).error()); \
    declaration = *std::move(PH_TRY_NAME(__LINE__))

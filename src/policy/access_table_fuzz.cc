// policy/access_table_fuzz.cc: any text as an action: a text that a client will see is short and printable.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "policy/access_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto action = ph::policy::parse_action({reinterpret_cast<const char*>(data), size});
    if (!action) return 0;
    PH_ASSERT(action->ruling != ph::policy::Ruling::broken && action->text.size() <= 200);
    PH_ASSERT(std::ranges::all_of(action->text, [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
}

// directory/route_fuzz.cc: any text as a route: what is one comes back from its own text as the same, within the length that a queue's name may have.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "directory/directory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto route = ph::directory::parse_route({reinterpret_cast<const char*>(data), size});
    if (!route) return 0;
    const std::string text = ph::directory::to_text(*route);
    PH_ASSERT(text.size() <= 300);
    PH_ASSERT(ph::directory::parse_route(text) == route);
    return 0;
}

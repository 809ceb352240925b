// io/dns_wire_fuzz.cc: any octets as record data: what is taken is a name that could be asked for, or nothing.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "io/dns_wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto mx = ph::io::parse_mx(bytes)) PH_ASSERT(mx->host.empty() || ph::io::plain_name(mx->host) == mx->host);
    if (const auto ptr = ph::io::parse_ptr(bytes)) PH_ASSERT(ph::io::plain_name(*ptr) == ptr);
    if (const auto txt = ph::io::parse_txt(bytes)) PH_ASSERT(txt->size() < size);
    if (const auto name = ph::io::plain_name(bytes)) PH_ASSERT(ph::io::plain_name(*name) == name);
    static_cast<void>(ph::io::parse_a(bytes));
    static_cast<void>(ph::io::parse_aaaa(bytes));
    return 0;
}

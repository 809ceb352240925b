// io/resolver.h: what DNS says, as delivery asks for it (RFC 5321 5.1). An answer keeps apart "there is none" and "could not find out".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "io/endpoint.h"
#include "io/task.h"

namespace ph::io {

enum class DnsStatus : std::uint8_t {
    found,
    no_data,    // the name exists, not with this type
    no_name,    // NXDOMAIN
    temporary,  // SERVFAIL, REFUSED, timeout, no server: ask again later
    bogus,      // DNSSEC validation failed
};
enum class Security : std::uint8_t { unchecked, insecure, secure };

struct MxRecord {
    std::uint16_t preference = 0;
    std::string host;  // lower case, no final dot; "" is the null MX "." (RFC 7505)
};

template <typename Record>
struct DnsAnswer {
    DnsStatus status = DnsStatus::temporary;
    Security security = Security::unchecked;
    std::vector<Record> records;
    std::string canonical_name;  // after CNAMEs; lower case
    std::string detail;          // for a person: "SERVFAIL from 127.0.0.1@53", "timeout"
};

class Resolver {
  public:
    virtual ~Resolver() = default;
    // Names in ASCII (A-labels); with or without a final dot.
    virtual Task<DnsAnswer<MxRecord>> mx(std::string name) = 0;
    virtual Task<DnsAnswer<IpAddress>> addresses(std::string name) = 0;  // A and AAAA, IPv6 first where both are usable
    virtual Task<DnsAnswer<std::string>> txt(std::string name) = 0;
    virtual Task<DnsAnswer<std::string>> ptr(IpAddress address) = 0;
};

}  // namespace ph::io

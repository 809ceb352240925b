// deliver/mx_lookup.h: where the mail of a domain is to be delivered: hosts by preference with their addresses (RFC 5321 5.1, RFC 7505).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/world.h"
#include "status/enhanced_code.h"

namespace ph::deliver {

// One place to connect to.
struct Hop {
    std::string host;  // "mx.example.org"; "localhost" for a local socket
    io::Endpoint endpoint;
};

// Under which names and at which places we take mail ourselves, so that a domain that points to us is seen (situation 111).
struct OwnPlaces {
    std::vector<std::string> hostnames;   // lower case
    std::vector<io::Endpoint> endpoints;  // each address, not 0.0.0.0
};

// Why there is nowhere to connect to: situations 107 to 111.
struct NoHop {
    status::EnhancedCode status;
    std::uint32_t situation = 0;
    std::string text;
};

struct Hops {
    std::vector<Hop> hops;      // in the order in which they are to be tried
    std::optional<NoHop> none;  // set when there are no hops
};

struct MxLimits {
    std::uint32_t hosts = 5;
    std::uint32_t addresses = 20;
};

class MxLookup {
  public:
    MxLookup(io::World& world, OwnPlaces own, MxLimits limits) : world_(world), own_(std::move(own)), limits_(limits) {}

    // `destination`: a domain, "[host]" or "[192.0.2.1]" without MX, "unix:/path" for a local socket.
    io::Task<Hops> find(std::string destination, std::uint16_t port);

  private:
    io::Task<Hops> by_domain(std::string domain, std::uint16_t port);
    io::Task<Hops> by_hosts(std::string domain, std::vector<io::MxRecord> records, std::uint16_t port, bool own_matters);
    bool in_order(std::vector<io::MxRecord>& records);
    bool is_own(const std::vector<io::IpAddress>& addresses, std::uint16_t port) const;

    io::World& world_;
    OwnPlaces own_;
    MxLimits limits_;
};

}  // namespace ph::deliver

// directory/networks.h: IP networks ("192.0.2.0/24", "2001:db8::/32"), and which of many an address lies in, by one question to a hash table for
// each prefix length that occurs, so that a million networks cost no more than thirty.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/endpoint.h"

namespace ph::directory {

struct Network {
    io::IpAddress address;  // the bits behind the prefix are zero
    std::uint8_t prefix = 0;
    friend bool operator==(const Network&, const Network&) = default;
};

// Address alone is the network of one host. Brackets around an IPv6 address are taken, as Postfix writes them. The fault tells what to write.
Result<Network> parse_network(std::string_view text);

class NetworkMap {
  public:
    // Networks are numbered from 0 in the order in which they come. False if the same network is there already.
    bool add(const Network& network);
    // The smallest number of the networks that hold the address: first match wins.
    std::optional<std::uint32_t> find(const io::IpAddress& address) const;
    // The number of exactly this network.
    std::optional<std::uint32_t> number_of(const Network& network) const;
    std::size_t size() const { return networks_.size(); }

  private:
    std::size_t slot_of(const Network& network) const;
    void grow();

    std::vector<Network> networks_;
    std::vector<std::uint32_t> slots_;      // number + 1; 0 is free
    std::vector<std::uint8_t> v4_lengths_;  // prefix lengths that occur
    std::vector<std::uint8_t> v6_lengths_;
};

}  // namespace ph::directory

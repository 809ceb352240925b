// server/session_limits.h: how many sessions there may be, in all and from one client, and how fast new ones may come (situations 1, 2, 3).
// A client is an IPv4 address or an IPv6 /64, for who has one address of a /64 has all of them. Loopback is the host itself and not counted
// as a client.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/time.h"
#include "io/endpoint.h"

namespace ph::server {

enum class Admission : std::uint8_t { admitted, too_many_in_all, too_many_from_client, too_fast };

struct SessionLimitParams {
    std::uint32_t in_all = 10'000;
    std::uint32_t per_client = 50;
    std::uint32_t per_minute = 0;  // 0: no limit
};

class SessionLimits {
  public:
    // An admitted session must leave() with the same address.
    Admission enter(const io::IpAddress& client, Milliseconds now, const SessionLimitParams& limits);
    void leave(const io::IpAddress& client);

    std::uint32_t sessions() const { return sessions_; }
    // After too_fast: seconds until the client may come again.
    static Seconds wait_for(Milliseconds now) { return Seconds(60 - now.count() / 1000 % 60); }

  private:
    struct Hash {
        std::size_t operator()(const io::IpAddress& address) const;
    };
    struct Client {
        std::uint32_t sessions = 0;
        std::uint32_t in_minute = 0;
        std::int64_t minute = 0;
    };
    void forget_idle(std::int64_t minute);

    std::unordered_map<io::IpAddress, Client, Hash> clients_;
    std::uint32_t sessions_ = 0;
    std::int64_t swept_minute_ = 0;
};

}  // namespace ph::server

// server/session_limits.cc: counting sessions; clients without any are forgotten once a minute.
#include "server/session_limits.h"

#include <cstring>

#include "base/assert.h"

namespace ph::server {
namespace {

io::IpAddress client_of(io::IpAddress address) {
    if (address.v6) std::memset(address.bytes.data() + 8, 0, 8);
    return address;
}

}  // namespace

std::size_t SessionLimits::Hash::operator()(const io::IpAddress& address) const {
    std::uint64_t head = 0;
    std::memcpy(&head, address.bytes.data(), sizeof head);
    return std::hash<std::uint64_t>{}(head * 0x9E3779B97F4A7C15ULL + (address.v6 ? 1U : 0U));
}

Admission SessionLimits::enter(const io::IpAddress& client, Milliseconds now, const SessionLimitParams& limits) {
    if (sessions_ >= limits.in_all) return Admission::too_many_in_all;
    if (!client.is_loopback()) {
        const std::int64_t minute = now.count() / 60'000;
        if (minute != swept_minute_) forget_idle(minute);
        Client& count = clients_[client_of(client)];
        if (count.minute != minute) count = {count.sessions, 0, minute};
        if (count.sessions >= limits.per_client) return Admission::too_many_from_client;
        if (limits.per_minute != 0 && count.in_minute >= limits.per_minute) return Admission::too_fast;
        ++count.sessions;
        ++count.in_minute;
    }
    ++sessions_;
    return Admission::admitted;
}

void SessionLimits::leave(const io::IpAddress& client) {
    --sessions_;
    if (client.is_loopback()) return;
    const auto at = clients_.find(client_of(client));
    PH_ASSERT(at != clients_.end() && at->second.sessions > 0);
    --at->second.sessions;
}

void SessionLimits::forget_idle(std::int64_t minute) {
    swept_minute_ = minute;
    std::erase_if(clients_, [](const auto& entry) { return entry.second.sessions == 0; });
}

}  // namespace ph::server

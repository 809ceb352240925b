// server/restart_only.cc: both configurations section by section, parameter by parameter, as they are declared.
#include "server/restart_only.h"

#include <utility>

namespace ph::server {
namespace {

template <typename Section>
void keep(const Section& running, Section& fresh, std::vector<HeldBack>& held) {
    const auto each = [&](const auto& entry) {
        const auto& now = running.config.*entry.member;
        auto& asked = fresh.config.*entry.member;
        if (entry.info.reload != config::Reload::restart || now == asked) return;
        held.push_back({std::string(entry.info.name), config::to_text(now), config::to_text(asked)});
        asked = now;
    };
    std::apply([&](const auto&... entry) { (each(entry), ...); }, running.params);
}

}  // namespace

std::vector<HeldBack> keep_what_needs_restart(Config running, Config& fresh) {
    std::vector<HeldBack> held;
    auto before = sections(running);
    auto after = sections(fresh);
    const auto all = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (keep(std::get<Index>(before), std::get<Index>(after), held), ...);
    };
    all(std::make_index_sequence<std::tuple_size_v<decltype(before)>>());
    return held;
}

}  // namespace ph::server

// directory/networks.cc: reading networks, and a hash table of them. Bits set behind the prefix are a mistake and not ignored: who writes
// 192.0.2.1/24 meant either the host or the network.
#include "directory/networks.h"

#include <algorithm>
#include <functional>
#include <string>

#include "base/ascii.h"

namespace ph::directory {
namespace {

io::IpAddress masked(io::IpAddress address, unsigned prefix) {
    for (unsigned i = 0; i < address.bytes.size(); ++i) {
        const unsigned kept = prefix > i * 8 ? std::min(8U, prefix - i * 8) : 0;
        address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xFF00U >> kept));
    }
    return address;
}

std::optional<unsigned> parse_prefix(std::string_view text, unsigned max) {
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    unsigned prefix = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        prefix = prefix * 10 + static_cast<unsigned>(c - '0');
    }
    if (prefix > max) return std::nullopt;
    return prefix;
}

std::string_view without_brackets(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') return text.substr(1, text.size() - 2);
    return text;
}

}  // namespace

Result<Network> parse_network(std::string_view text) {
    const std::string quoted = "'" + std::string(text.substr(0, 100)) + "'";
    const std::size_t slash = text.find('/');
    const auto address = io::IpAddress::parse(without_brackets(text.substr(0, slash)));
    if (!address) return fail(FaultKind::malformed, quoted + " is no network; write it like 192.0.2.0/24 or 2001:db8::/32");
    const unsigned bits = address->v6 ? 128 : 32;
    const auto prefix = slash == std::string_view::npos ? std::optional(bits) : parse_prefix(text.substr(slash + 1), bits);
    if (!prefix) return fail(FaultKind::malformed, "the prefix length of " + quoted + " must be from 0 to " + std::to_string(bits));
    const Network network{masked(*address, *prefix), static_cast<std::uint8_t>(*prefix)};
    if (network.address != *address) {
        return fail(FaultKind::bad_value, quoted + " has bits behind its prefix; write " + to_text(network.address) + "/" + std::to_string(*prefix) +
                                              " for the network, or " + to_text(*address) + " for the host");
    }
    return network;
}

std::size_t NetworkMap::slot_of(const Network& network) const {
    const std::size_t mask = slots_.size() - 1;
    const std::string_view octets(reinterpret_cast<const char*>(network.address.bytes.data()), network.address.v6 ? 16 : 4);
    std::size_t slot = (std::hash<std::string_view>()(octets) + network.prefix * 0x9E3779B97F4A7C15ULL) & mask;
    while (slots_[slot] != 0 && networks_[slots_[slot] - 1] != network) slot = (slot + 1) & mask;
    return slot;
}

void NetworkMap::grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
    for (std::size_t i = 0; i < networks_.size(); ++i) slots_[slot_of(networks_[i])] = static_cast<std::uint32_t>(i + 1);
}

bool NetworkMap::add(const Network& network) {
    if ((networks_.size() + 1) * 5 > slots_.size() * 4) grow();
    const std::size_t slot = slot_of(network);
    if (slots_[slot] != 0) return false;
    networks_.push_back(network);
    slots_[slot] = static_cast<std::uint32_t>(networks_.size());
    auto& lengths = network.address.v6 ? v6_lengths_ : v4_lengths_;
    if (std::ranges::find(lengths, network.prefix) == lengths.end()) lengths.push_back(network.prefix);
    return true;
}

std::optional<std::uint32_t> NetworkMap::number_of(const Network& network) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t number = slots_[slot_of(network)];
    return number == 0 ? std::nullopt : std::optional(number - 1);
}

std::optional<std::uint32_t> NetworkMap::find(const io::IpAddress& address) const {
    std::optional<std::uint32_t> first;
    for (const std::uint8_t prefix : address.v6 ? v6_lengths_ : v4_lengths_) {
        const auto number = number_of({masked(address, prefix), prefix});
        if (number && (!first || *number < *first)) first = number;
    }
    return first;
}

}  // namespace ph::directory

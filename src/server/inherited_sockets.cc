// server/inherited_sockets.cc: the protocol is three environment variables and descriptors from 3 on; a library would add nothing.
#include "server/inherited_sockets.h"

#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace ph::server {
namespace {

std::optional<int> number_of(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    const std::string_view view(text);
    int value = 0;
    const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
    if (error != std::errc() || end != view.data() + view.size()) return std::nullopt;
    return value;
}

constexpr int first_descriptor = 3;
constexpr int max_sockets = 100;

}  // namespace

std::vector<InheritedSocket> take_inherited_sockets() {
    std::vector<InheritedSocket> sockets;
    const auto pid = number_of("LISTEN_PID");
    const auto count = number_of("LISTEN_FDS");
    const char* names = std::getenv("LISTEN_FDNAMES");
    std::string_view rest = names != nullptr ? names : "";
    if (pid == getpid() && count && *count > 0 && *count <= max_sockets) {
        for (int i = 0; i < *count; ++i) {
            const std::size_t colon = rest.find(':');
            sockets.push_back({first_descriptor + i, std::string(rest.substr(0, colon))});
            rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
            fcntl(first_descriptor + i, F_SETFD, FD_CLOEXEC);
        }
    }
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return sockets;
}

}  // namespace ph::server

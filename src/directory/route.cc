// directory/route.cc: a route as text, which names the queue of a job in the spool, in tables and in reports; and back again. The two are exact
// inverses: a queue that a crash left behind must lead to where it led.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/directory.h"
#include "mail/address_literal.h"
#include "status/enhanced_code.h"

namespace ph::directory {
namespace {

struct KindName {
    RouteKind kind;
    std::string_view name;
};
constexpr std::array kind_names{KindName{RouteKind::smtp, "smtp"}, KindName{RouteKind::lmtp, "lmtp"},       KindName{RouteKind::maildir, "maildir"},
                                KindName{RouteKind::pipe, "pipe"}, KindName{RouteKind::discard, "discard"}, KindName{RouteKind::error, "error"}};

constexpr std::string_view local_socket = "unix:";
constexpr std::size_t max_socket_path = 107;  // of sockaddr_un
constexpr std::size_t max_error_text = 200;
constexpr std::size_t max_pipe_name = 64;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    if (text.empty() || text.size() > 5 || text.front() == '0') return std::nullopt;
    unsigned port = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    if (port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

// "[mx.example.org]", "[192.0.2.1]", "[2001:db8::1]" or "[IPv6:2001:db8::1]": a host that is not looked up by MX.
bool is_bracketed_host(std::string_view text) {
    if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    return mail::is_domain(inner) || mail::is_ipv4(inner) || mail::is_ipv6(inner) || mail::is_address_literal(text);
}

// host[:port], where a host in brackets may have colons of its own.
bool set_host(Route& route, std::string_view text) {
    const std::size_t close = text.starts_with('[') ? text.find(']') : 0;
    if (close == std::string_view::npos) return false;
    const std::size_t colon = text.find(':', close);
    if (colon != std::string_view::npos) {
        const auto port = parse_port(text.substr(colon + 1));
        if (!port) return false;
        route.port = *port;
    }
    route.host = to_lower(text.substr(0, colon));
    return is_bracketed_host(route.host) || mail::is_domain(route.host);
}

bool is_printable(std::string_view text) {
    return is_utf8(text) && std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool set_socket(Route& route, std::string_view text) {
    const std::string_view path = text.substr(local_socket.size());
    route.host = text;
    return path.starts_with('/') && path.size() <= max_socket_path && is_printable(path);
}

// "5.1.2 text", "4.7.1": what the sender is told.
bool set_error(Route& route, std::string_view text) {
    std::size_t length = 0;
    const auto code = status::EnhancedCode::parse_head(text, length);
    if (!code || code->code_class < 4 || text.size() > max_error_text || !is_printable(text) || trim(text).size() != text.size()) return false;
    route.argument = text;
    return length == text.size() || text[length] == ' ';
}

bool set_pipe(Route& route, std::string_view text) {
    route.argument = to_lower(text);
    const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; };
    return !text.empty() && text.size() <= max_pipe_name && std::ranges::all_of(text, fits);
}

bool set_rest(Route& route, std::string_view text) {
    switch (route.kind) {
        case RouteKind::smtp:
            return set_host(route, text);
        case RouteKind::lmtp:
            return text.starts_with(local_socket) ? set_socket(route, text) : set_host(route, text);
        case RouteKind::pipe:
            return set_pipe(route, text);
        case RouteKind::error:
            return set_error(route, text);
        case RouteKind::maildir:
        case RouteKind::discard:
            break;
    }
    return text.empty();
}

}  // namespace

std::string to_text(const Route& route) {
    std::string text;
    for (const KindName& known : kind_names) {
        if (known.kind == route.kind) text = known.name;
    }
    text.append(":").append(route.host).append(route.argument);
    if (route.port != 0) text += ':' + std::to_string(route.port);
    return text;
}

std::optional<Route> parse_route(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    for (const KindName& known : kind_names) {
        if (!equals_ignoring_case(known.name, text.substr(0, colon))) continue;
        Route route;
        route.kind = known.kind;
        if (set_rest(route, text.substr(colon + 1))) return route;
    }
    return std::nullopt;
}

}  // namespace ph::directory

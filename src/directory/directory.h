// directory/directory.h: who lives here and where the rest goes: local domains and users, aliases, virtual aliases, transports, relay host.
// Made from the configuration and text files (directory/table.h); an immutable snapshot that a reload replaces.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/world.h"
#include "mail/envelope.h"

namespace ph::directory {

enum class RouteKind : std::uint8_t { smtp, lmtp, maildir, pipe, discard, error };

// Where a recipient goes; equal routes share a job and a connection.
struct Route {
    RouteKind kind = RouteKind::smtp;
    std::string host;        // smtp, lmtp: domain for MX lookup, "[host]" or "[192.0.2.1]" without; "unix:/path" for lmtp
    std::uint16_t port = 0;  // 0: 25
    std::string argument;    // maildir: ""; pipe: name of the command; error: "5.1.2 text"
    friend bool operator==(const Route&, const Route&) = default;
};
// The job's queue name: "smtp:example.org", "smtp:[192.0.2.1]:2525", "lmtp:unix:/run/lmtp", "maildir:", "pipe:name", "discard:", "error:...".
std::string to_text(const Route& route);
std::optional<Route> parse_route(std::string_view text);

// A mailbox that we deliver into ourselves.
struct LocalUser {
    std::string name;  // local part, without extension
    std::string home;
    std::string maildir;  // absolute, ends in '/'
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint64_t quota_bytes = 0;  // 0: none
};

// One final recipient of an address that came in RCPT.
struct Target {
    mail::Mailbox address;
    Route route;
    mail::Mailbox owner;    // reverse-path for this branch (owner-list); null: the envelope's
    bool expanded = false;  // it came from an alias or list
};

enum class Existence : std::uint8_t {
    deliverable,
    unknown_local,    // row 66
    unknown_virtual,  // row 67, virtual mailbox
    unknown_alias,    // row 67, virtual alias domain
    unknown_relay,    // row 67, relay recipients
    moved,            // row 68; text is the new address
    not_ours,         // foreign: allowed only to those who may relay
    loop,             // expansion goes in a circle or over its limits: row 78
    table_down,       // row 26; text says which table
    misconfigured,    // row 27
};

struct Resolution {
    Existence existence = Existence::not_ours;
    std::string text;
    std::vector<Target> targets;  // when deliverable; for not_ours the targets that relaying would use
};

struct PipeCommand;  // directory/pipe_commands.h

class Directory {
  public:
    virtual ~Directory() = default;
    virtual io::Task<Resolution> resolve(mail::Mailbox address) = 0;
    // The user behind a target of kind maildir; nullopt when he went away since.
    virtual io::Task<std::optional<LocalUser>> user(mail::Mailbox address) = 0;
    virtual bool is_local_domain(std::string_view domain) const = 0;  // local, virtual or relayed: mail for it is ours to take
    // The command behind a route of kind pipe; nullptr when it went away since. Lives as long as the directory.
    virtual const PipeCommand* pipe_command(std::string_view) const { return nullptr; }
};

}  // namespace ph::directory

// directory/maps.h: everything that the configuration says about addresses, read and checked: the tables that the expander asks.
// Made once by read_maps, never changed after; any thread may ask.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/alias_file.h"
#include "directory/domain_list.h"
#include "directory/pipe_commands.h"
#include "directory/table.h"
#include "directory/users.h"
#include "io/endpoint.h"

namespace ph::directory {

enum class DomainClass : std::uint8_t { local, alias, mailbox, relay, foreign };

struct Maps {
    std::string home_domain;  // what an address without a domain belongs to
    std::vector<io::IpAddress> own_addresses;
    DomainList local_domains;
    DomainList alias_domains;
    DomainList mailbox_domains;
    DomainList relay_domains;

    std::unique_ptr<Users> users;
    std::optional<AliasFile> aliases;
    std::optional<Table> virtual_aliases;
    std::optional<Table> virtual_mailboxes;
    std::optional<Table> relay_recipients;
    std::optional<Table> relocated;
    std::optional<Table> transports;
    std::optional<PipeCommands> pipes;

    std::string delimiters;
    std::optional<Member> catch_all;
    std::optional<Member> postmaster;
    Route local_route;
    Route virtual_route;
    std::optional<Route> relay_host;
    std::string mailbox_base;
    std::uint64_t quota = 0;
    MailboxOwner owner;

    DomainClass class_of(std::string_view domain) const;
};

// A local part without its extension: "user+news" is {user, +news}; {whole, ""} where there is none.
struct SplitName {
    std::string_view base;
    std::string_view extension;  // with its delimiter
};
SplitName split_name(std::string_view local_part, std::string_view delimiters);

}  // namespace ph::directory

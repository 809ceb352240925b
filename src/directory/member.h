// directory/member.h: one of the values that an alias leads to: an address, a local name, a command, or a list in a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "mail/mailbox.h"

namespace ph::directory {

enum class MemberKind : std::uint8_t {
    address,  // user@example.org
    local,    // user: of the domain of the alias
    domain,   // @example.org: the same local part there
    pipe,     // |name of pipe.commands
    include,  // :include:/path
};

struct Member {
    MemberKind kind = MemberKind::address;
    mail::Mailbox address;  // kind local: without domain; kind domain: without local part
    std::string argument;   // name of the command, path of the list
    bool plain = false;     // written \user: the mailbox itself, whatever aliases say
};

enum class Separator : std::uint8_t { comma, comma_or_blank };

// Takes the first value off the head of `list`, trimmed; separators within quotes do not count. "" at the end and for an empty value.
std::string_view take_value(std::string_view& list, Separator separator);
// What the value means; the fault's message tells what to write instead.
Result<Member> parse_member(std::string_view text);

}  // namespace ph::directory

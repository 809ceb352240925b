// directory/account.h: users and groups of the system, asked without the static buffers of getpwnam.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ph::directory {

struct Account {
    std::string home;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

enum class AccountAnswer : std::uint8_t { found, unknown, failed };

// May wait for LDAP or NIS; `why` gets the reason of a failure.
AccountAnswer find_account(const std::string& name, Account& account, std::string& why);
std::optional<std::uint32_t> find_group(const std::string& name);

}  // namespace ph::directory

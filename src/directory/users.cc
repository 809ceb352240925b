// directory/users.cc: from a name to a mailbox. Names come from anybody at RCPT, so what becomes part of a path is looked at first.
#include "directory/users.h"

#include <algorithm>
#include <array>
#include <unistd.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/account.h"

namespace ph::directory {
namespace {

std::optional<std::uint32_t> parse_id(std::string_view text) {
    if (text.empty() || text.size() > 10) return std::nullopt;
    std::uint64_t id = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        id = id * 10 + static_cast<std::uint64_t>(c - '0');
    }
    // (uid_t)-1 means "leave as it is" to the system calls.
    if (id >= UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(id);
}

LocalUser make_user(const std::string& name, std::string home, std::string maildir, const MailboxOwner& owner, std::uint64_t quota) {
    LocalUser user;
    user.name = name;
    user.home = std::move(home);
    user.maildir = std::move(maildir);
    user.uid = owner.uid.value_or(geteuid());
    user.gid = owner.gid.value_or(getegid());
    user.quota_bytes = quota;
    return user;
}

class SystemUsers : public Users {
  public:
    SystemUsers(const DirectoryParams& params, MailboxOwner owner) : pattern_(params.local_maildir), quota_(params.local_quota), owner_(owner) {}

    std::optional<LocalUser> find(const std::string& name, std::string_view domain, std::string& trouble) const override {
        if (!is_path_part(name)) return std::nullopt;
        Account account;
        std::string why;
        const AccountAnswer answer = find_account(name, account, why);
        if (answer == AccountAnswer::failed) trouble = "users of the system: " + why;
        if (answer != AccountAnswer::found) return std::nullopt;
        auto maildir = fill_maildir(pattern_, name, domain, account.home);
        if (!maildir) return std::nullopt;
        const MailboxOwner owner{owner_.uid ? owner_.uid : account.uid, owner_.gid ? owner_.gid : account.gid};
        return make_user(name, account.home, std::move(*maildir), owner, quota_);
    }
    bool may_block() const override { return true; }

  private:
    std::string pattern_;
    std::uint64_t quota_;
    MailboxOwner owner_;
};

class AnyUsers : public Users {
  public:
    AnyUsers(const DirectoryParams& params, MailboxOwner owner) : pattern_(params.local_maildir), quota_(params.local_quota), owner_(owner) {}

    std::optional<LocalUser> find(const std::string& name, std::string_view domain, std::string&) const override {
        auto maildir = fill_maildir(pattern_, name, domain, {});
        if (!maildir) return std::nullopt;
        return make_user(name, *maildir, *maildir, owner_, quota_);
    }
    bool may_block() const override { return false; }

  private:
    std::string pattern_;
    std::uint64_t quota_;
    MailboxOwner owner_;
};

class TableUsers : public Users {
  public:
    TableUsers(const DirectoryParams& params, MailboxOwner owner, Table table)
        : pattern_(params.local_maildir), quota_(params.local_quota), owner_(owner), table_(std::move(table)) {}

    std::optional<LocalUser> find(const std::string& name, std::string_view domain, std::string& trouble) const override {
        std::string space;
        const auto value = table_.find(name, space);
        if (!value) return std::nullopt;
        const Result<MailboxEntry> entry = parse_mailbox_entry(*value);
        if (!entry) {
            trouble = table_.name() + ": " + entry.error().message;
            return std::nullopt;
        }
        auto maildir = fill_maildir(entry->maildir.empty() ? pattern_ : entry->maildir, name, domain, {});
        if (!maildir) return std::nullopt;
        const MailboxOwner owner{entry->uid ? entry->uid : owner_.uid, entry->gid ? entry->gid : owner_.gid};
        return make_user(name, *maildir, *maildir, owner, entry->quota.value_or(quota_));
    }
    bool may_block() const override { return false; }

  private:
    std::string pattern_;
    std::uint64_t quota_;
    MailboxOwner owner_;
    Table table_;
};

bool needs_home(std::string_view pattern) {
    return pattern.find("{home}") != std::string_view::npos;
}

void tell_about_home(const DirectoryParams& params, const SourceLocation& mentioned, std::vector<Fault>& faults) {
    if (!needs_home(params.local_maildir)) return;
    faults.push_back({FaultKind::bad_value,
                      "local.maildir has {home}, but only users of the system have a home; with local.users = \"" + params.local_users +
                          "\" write for example local.maildir = \"/var/mail/{domain}/{user}/\"",
                      mentioned});
}

std::unique_ptr<Users> make_table_users(const DirectoryParams& params, const MailboxOwner& owner, const SourceLocation& mentioned,
                                        std::vector<Fault>& faults) {
    TableForm form;
    form.value_optional = true;
    bool by_pattern = false;
    form.check = [&](std::string_view key, std::string_view value) -> std::string {
        const Result<MailboxEntry> entry = parse_mailbox_entry(value);
        if (!entry) return entry.error().message;
        by_pattern = by_pattern || entry->maildir.empty();
        if (!entry->maildir.empty() && !entry->maildir.starts_with('/')) return "the maildir of '" + std::string(key) + "' must be an absolute path";
        if (needs_home(entry->maildir)) return "{home} is not known for users of a table; write the path";
        return key.find('@') == std::string_view::npos ? "" : "users have names without a domain; addresses stand in virtual.mailboxes";
    };
    auto table = Table::open(params.local_users, form, mentioned, faults);
    if (!table) return nullptr;
    if (by_pattern) tell_about_home(params, mentioned, faults);
    return std::make_unique<TableUsers>(params, owner, std::move(*table));
}

}  // namespace

Result<MailboxEntry> parse_mailbox_entry(std::string_view text) {
    std::array<std::string_view, 5> fields;
    std::size_t count = 0;
    for (std::string_view rest = text; count < fields.size();) {
        const std::size_t colon = rest.find(':');
        fields[count++] = rest.substr(0, colon);
        if (colon == std::string_view::npos) break;
        rest.remove_prefix(colon + 1);
    }
    MailboxEntry entry;
    if (fields[0] != "-") entry.maildir = fields[0];
    const bool ids = count == 3 || count == 4;
    const bool quota = count == 2 || count == 4;
    if (ids) entry.uid = parse_id(fields[1]);
    if (ids) entry.gid = parse_id(fields[2]);
    if (quota) entry.quota = parse_bytes(fields[count - 1]);
    const bool whole = count < 5 && (!ids || (entry.uid && entry.gid)) && (!quota || entry.quota);
    if (whole && is_utf8(entry.maildir) && entry.maildir.find("/../") == std::string::npos) return entry;
    return fail(FaultKind::malformed, "'" + to_valid_utf8(text.substr(0, 100)) +
                                          "' is no mailbox; write maildir, maildir:quota, maildir:uid:gid or maildir:uid:gid:quota, "
                                          "such as /var/mail/bob/:1000:1000:2G");
}

bool is_path_part(std::string_view name) {
    if (name.empty() || name.size() > 200 || name.front() == '.' || !is_utf8(name)) return false;
    return std::ranges::none_of(name, [](char c) { return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<std::string> fill_maildir(std::string_view pattern, std::string_view user, std::string_view domain, std::string_view home) {
    std::string path;
    while (!pattern.empty()) {
        const std::size_t brace = pattern.find('{');
        path += pattern.substr(0, brace);
        if (brace == std::string_view::npos) break;
        pattern.remove_prefix(brace);
        const std::size_t close = pattern.find('}');
        if (close == std::string_view::npos) return std::nullopt;
        const std::string_view place = pattern.substr(1, close - 1);
        pattern.remove_prefix(close + 1);
        const std::string_view value = place == "user" ? user : place == "domain" ? domain : home;
        if (place != "home" && !is_path_part(value)) return std::nullopt;
        path += value;
    }
    if (!path.starts_with('/')) return std::nullopt;
    if (path.back() != '/') path += '/';
    return path;
}

std::unique_ptr<Users> make_users(const DirectoryParams& params, const MailboxOwner& owner, const SourceLocation& mentioned,
                                  std::vector<Fault>& faults) {
    if (params.local_users == "system") return std::make_unique<SystemUsers>(params, owner);
    if (params.local_users != "any") return make_table_users(params, owner, mentioned, faults);
    tell_about_home(params, mentioned, faults);
    return std::make_unique<AnyUsers>(params, owner);
}

}  // namespace ph::directory

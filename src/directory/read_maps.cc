// directory/read_maps.cc: from the parameters to the maps, with every complaint that can be had without a message: tables that do not read, routes
// that are none, domains in two classes, a postmaster who does not exist.
#include <algorithm>
#include <array>
#include <unistd.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "directory/account.h"
#include "directory/make_directory.h"
#include "io/interfaces.h"
#include "status/enhanced_code.h"

namespace ph::directory {
namespace {

std::string quoted(std::string_view text) {
    return "'" + to_valid_utf8(text.substr(0, 100)) + "'";
}

// What may stand in the tables, as far as one line shows it.
std::string check_route(const std::optional<PipeCommands>& pipes, std::string_view value) {
    const auto route = parse_route(value);
    if (!route) {
        return quoted(value) +
               " is no transport; write smtp:domain, smtp:[host]:port, lmtp:unix:/path, lmtp:host:port, maildir:, pipe:name, discard: or "
               "error:5.1.2 text";
    }
    if (route->kind != RouteKind::pipe || (pipes && pipes->find(route->argument) != nullptr)) return {};
    return "there is no command '" + route->argument + "' in the file of pipe.commands; add its line there";
}

std::string check_virtual_alias(std::string_view, std::string_view value) {
    while (!value.empty()) {
        const Result<Member> member = parse_member(take_value(value, Separator::comma_or_blank));
        if (!member) return member.error().message;
        if (member->kind == MemberKind::pipe || member->kind == MemberKind::include) {
            return "virtual aliases lead to addresses only; lead to a local alias, and let that one name the command or the list";
        }
    }
    return {};
}

class Reader {
  public:
    Reader(const DirectoryParams& params, const Surroundings& around) : params_(params), around_(around) {}

    tl::expected<Maps, std::vector<Fault>> read();

  private:
    SourceLocation where(std::string_view name) const;
    void complain(std::string_view name, FaultKind kind, std::string message);
    DomainList domains(const config::Texts& entries, std::string_view name) { return DomainList::make(entries, name, where(name), faults_); }
    std::optional<Table> table(const std::string& source, std::string_view name, const TableForm& form);
    std::optional<Member> member(const std::string& text);

    void read_domains();
    void read_owner();
    void read_aliases();
    void read_virtual();
    void read_routes();
    void check_domains();
    void check_overlap(const DomainList& a, std::string_view a_name, const DomainList& b, std::string_view b_name);
    void check_needs();
    void check_postmaster();

    const DirectoryParams& params_;
    const Surroundings& around_;
    Maps maps_;
    std::vector<Fault> faults_;
};

SourceLocation Reader::where(std::string_view name) const {
    return around_.where ? around_.where(name) : SourceLocation{std::string(name), 0, 0};
}

void Reader::complain(std::string_view name, FaultKind kind, std::string message) {
    faults_.push_back({kind, std::move(message), where(name)});
}

std::optional<Table> Reader::table(const std::string& source, std::string_view name, const TableForm& form) {
    if (source.empty()) return std::nullopt;
    return Table::open(source, form, where(name), faults_);
}

std::optional<Member> Reader::member(const std::string& text) {
    if (text.empty()) return std::nullopt;
    Result<Member> member = parse_member(text);
    return member ? std::optional(*std::move(member)) : std::nullopt;
}

void Reader::read_domains() {
    maps_.local_domains = domains(params_.local_domains, "local.domains");
    if (params_.local_domains.empty()) {
        maps_.local_domains.add(to_lower(around_.hostname));
        maps_.local_domains.add("localhost");
    }
    maps_.alias_domains = domains(params_.virtual_alias_domains, "virtual.alias_domains");
    maps_.mailbox_domains = domains(params_.virtual_mailbox_domains, "virtual.mailbox_domains");
    maps_.relay_domains = domains(params_.relay_domains, "relay.domains");
    const bool own = maps_.local_domains.contains(to_lower(around_.hostname)) || maps_.local_domains.first().empty();
    maps_.home_domain = own ? to_lower(around_.hostname) : maps_.local_domains.first();
    maps_.own_addresses = around_.own_addresses ? *around_.own_addresses : io::interface_addresses();
}

void Reader::read_owner() {
    if (!params_.local_owner.empty()) {
        Account account;
        std::string why;
        if (find_account(params_.local_owner, account, why) == AccountAnswer::found) {
            maps_.owner = {account.uid, account.gid};
        } else {
            complain("local.owner", FaultKind::missing,
                     "there is no user " + quoted(params_.local_owner) + " on this system for local.owner; make it, or write \"\"");
        }
    }
    maps_.users = make_users(params_, maps_.owner, where("local.users"), faults_);
}

void Reader::read_aliases() {
    constexpr std::string_view usual = "/etc/aliases";
    std::string path = params_.local_aliases;
    if (path == "auto") path = access(usual.data(), F_OK) == 0 ? usual : "";
    if (path.empty()) return;
    const auto is_pipe = [&](std::string_view name) { return maps_.pipes && maps_.pipes->find(name) != nullptr; };
    maps_.aliases = AliasFile::open(path, is_pipe, where("local.aliases"), faults_);
}

void Reader::read_virtual() {
    TableForm aliases;
    aliases.check = check_virtual_alias;
    maps_.virtual_aliases = table(params_.virtual_aliases, "virtual.aliases", aliases);
    TableForm mailboxes;
    const bool ours = parse_route(params_.virtual_transport).value_or(Route{}).kind == RouteKind::maildir;
    mailboxes.check = [this, ours](std::string_view, std::string_view value) -> std::string {
        if (!ours) return {};
        const Result<MailboxEntry> entry = parse_mailbox_entry(value);
        if (!entry) return entry.error().message;
        if (entry->maildir.empty()) return "the mailbox needs a path, such as /var/mail/example.org/bob/";
        if (entry->maildir.find("{home}") != std::string::npos) return "{home} is not known for virtual mailboxes; write the path";
        if (entry->maildir.starts_with('/') || !params_.virtual_mailbox_base.empty()) return {};
        return quoted(entry->maildir) + " is no absolute path; write one, or set virtual.mailbox_base to the directory that it lies under";
    };
    mailboxes.value_optional = !ours;
    maps_.virtual_mailboxes = table(params_.virtual_mailboxes, "virtual.mailboxes", mailboxes);
    maps_.mailbox_base = params_.virtual_mailbox_base;
}

void Reader::read_routes() {
    TableForm list;
    list.value_optional = true;
    maps_.relay_recipients = table(params_.relay_recipients, "relay.recipients", list);
    maps_.relocated = table(params_.local_relocated, "local.relocated", {});
    TableForm routes;
    routes.check = [this](std::string_view, std::string_view value) { return check_route(maps_.pipes, value); };
    maps_.transports = table(params_.route_transports, "route.transports", routes);
    maps_.local_route = parse_route(params_.local_transport).value_or(Route{});
    maps_.virtual_route = parse_route(params_.virtual_transport).value_or(Route{});
    if (!params_.route_relay_host.empty()) maps_.relay_host = parse_route("smtp:" + params_.route_relay_host);
    for (const auto& [name, value] :
         {std::pair("local.transport", &params_.local_transport), std::pair("virtual.transport", &params_.virtual_transport)}) {
        std::string wrong = check_route(maps_.pipes, *value);
        if (!wrong.empty()) complain(name, FaultKind::bad_value, std::string(name) + ": " + wrong);
    }
}

void Reader::check_overlap(const DomainList& a, std::string_view a_name, const DomainList& b, std::string_view b_name) {
    std::size_t told = 0;
    a.for_each([&](std::string_view domain) {
        if (told >= 5 || domain.starts_with('.') || !b.contains(domain)) return;
        ++told;
        complain(b_name, FaultKind::bad_value,
                 quoted(domain) + " is in " + std::string(a_name) + " and in " + std::string(b_name) +
                     "; a domain has one place, take it out of one of them");
    });
}

void Reader::check_domains() {
    const std::array<std::pair<const DomainList*, std::string_view>, 4> lists{{{&maps_.local_domains, "local.domains"},
                                                                               {&maps_.alias_domains, "virtual.alias_domains"},
                                                                               {&maps_.mailbox_domains, "virtual.mailbox_domains"},
                                                                               {&maps_.relay_domains, "relay.domains"}}};
    for (std::size_t i = 0; i < lists.size(); ++i) {
        for (std::size_t k = i + 1; k < lists.size(); ++k) check_overlap(*lists[i].first, lists[i].second, *lists[k].first, lists[k].second);
    }
}

void Reader::check_needs() {
    if (!maps_.mailbox_domains.empty() && params_.virtual_mailboxes.empty()) {
        complain("virtual.mailbox_domains", FaultKind::missing,
                 "virtual.mailbox_domains has domains, but no address of theirs exists; set virtual.mailboxes to the table of their mailboxes");
    }
    if (!maps_.alias_domains.empty() && params_.virtual_aliases.empty()) {
        complain("virtual.alias_domains", FaultKind::missing,
                 "virtual.alias_domains has domains, but no address of theirs exists; set virtual.aliases to the table of their addresses");
    }
    if (maps_.relay_recipients && maps_.relay_domains.empty()) {
        complain("relay.recipients", FaultKind::bad_value, "relay.recipients is set, but relay.domains is empty; name the domains there");
    }
}

// RFC 5321 4.5.1: mail for postmaster has to be taken. Users of the system are not asked here: root is always one.
void Reader::check_postmaster() {
    if (!faults_.empty() || !maps_.users || maps_.users->may_block() || maps_.catch_all) return;
    const mail::Mailbox local{"postmaster", maps_.home_domain};
    std::string trouble;
    if ((maps_.aliases && maps_.aliases->has("postmaster")) || maps_.users->find("postmaster", maps_.home_domain, trouble)) return;
    if (maps_.postmaster && maps_.postmaster->kind == MemberKind::address) return;
    const std::string name = maps_.postmaster ? to_lower(maps_.postmaster->address.local_part) : "";
    if (!name.empty() && ((maps_.aliases && maps_.aliases->has(name)) || maps_.users->find(name, maps_.home_domain, trouble))) return;
    complain("local.postmaster", FaultKind::missing,
             "mail for postmaster would be refused, and RFC 5321 4.5.1 demands that it is taken; set local.postmaster to an address that exists");
}

tl::expected<Maps, std::vector<Fault>> Reader::read() {
    maps_.delimiters = params_.local_recipient_delimiter;
    maps_.quota = params_.local_quota;
    maps_.catch_all = member(params_.local_catch_all);
    maps_.postmaster = member(params_.local_postmaster);
    read_domains();
    read_owner();
    if (!params_.pipe_commands.empty()) maps_.pipes = PipeCommands::open(params_.pipe_commands, where("pipe.commands"), faults_);
    read_aliases();
    read_virtual();
    read_routes();
    check_domains();
    check_needs();
    check_postmaster();
    if (!faults_.empty()) return tl::unexpected(std::move(faults_));
    return std::move(maps_);
}

}  // namespace

tl::expected<Maps, std::vector<Fault>> read_maps(const DirectoryParams& params, const Surroundings& around) {
    return Reader(params, around).read();
}

}  // namespace ph::directory

// directory/expander.cc: a walk over aliases, depth first. What surprises: an alias that names itself means the mailbox behind it; a member that does
// not exist does not spoil its list, but gets a target that bounces; members reached twice get the mail once. Quoted local parts, user%host and
// host!user are names like any other: mail is never routed by them.
#include "directory/expander.h"

#include <algorithm>
#include <unistd.h>
#include <unordered_set>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::directory {
namespace {

// Where on the way down an address is: who its bounces go to, and what is not asked again.
struct Branch {
    mail::Mailbox owner;
    bool expanded = false;
    bool skip_virtual = false;
    bool skip_aliases = false;
};

std::string key_of(const mail::Mailbox& address) {
    return to_lower(to_text(address));
}

struct Failure {
    Existence existence;
    std::string text;
};

class Walk {
  public:
    explicit Walk(const Maps& maps, const Expander& expander) : maps_(maps), expander_(expander) {}

    Resolution run(const mail::Mailbox& address);

  private:
    void expand(const mail::Mailbox& address, const Branch& branch);
    bool expand_virtual(const mail::Mailbox& address, const Branch& branch);
    void take_virtual_member(const mail::Mailbox& from, std::string_view text, std::string_view extension, const Branch& branch);
    void settle(const mail::Mailbox& address, const Branch& branch);
    void settle_local(const mail::Mailbox& address, const Branch& branch);
    void settle_mailbox(const mail::Mailbox& address, const Branch& branch);
    void settle_relay(const mail::Mailbox& address, const Branch& branch);
    bool expand_alias(const mail::Mailbox& address, const std::string& name, const Branch& branch);
    void take_alias_member(const mail::Mailbox& from, const std::string& name, const Member& member, const Branch& branch);
    bool settle_user(const mail::Mailbox& address, const Branch& branch);
    bool moved(const mail::Mailbox& address, const Branch& branch, bool bare);
    bool hand_to_postmaster(const mail::Mailbox& address, const Branch& branch);
    void follow(const Member& member, const std::string& domain, Branch branch);
    void add(const mail::Mailbox& address, std::optional<Route> fallback, const Branch& branch);
    bool set_transport(const mail::Mailbox& address, bool wildcard, std::optional<Route>& route);
    void push(Target target);
    void fail_member(const mail::Mailbox& address, const Branch& branch, Existence existence, std::string text);
    void stop(Existence existence, std::string text);

    const Maps& maps_;
    const Expander& expander_;
    std::vector<Target> targets_;
    std::unordered_set<std::string> visited_;
    std::unordered_set<std::string> seen_targets_;
    std::vector<std::string> chain_;
    std::size_t steps_ = 0;
    std::size_t bad_targets_ = 0;
    std::optional<Failure> first_failure_;
    std::optional<Failure> stopped_;
};

Resolution Walk::run(const mail::Mailbox& address) {
    const bool ours = maps_.class_of(address.domain) != DomainClass::foreign;
    expand(address, {});
    Resolution resolution;
    if (stopped_) {
        resolution.existence = stopped_->existence;
        resolution.text = std::move(stopped_->text);
    } else if (first_failure_ && targets_.size() == bad_targets_) {
        resolution.existence = first_failure_->existence;
        resolution.text = std::move(first_failure_->text);
    } else {
        resolution.existence = ours ? Existence::deliverable : Existence::not_ours;
        resolution.targets = std::move(targets_);
    }
    return resolution;
}

void Walk::stop(Existence existence, std::string text) {
    if (!stopped_) stopped_ = Failure{existence, std::move(text)};
}

void Walk::expand(const mail::Mailbox& address, const Branch& branch) {
    if (stopped_) return;
    if (++steps_ > max_expansion_steps) return stop(Existence::loop, "more than 100000 aliases are behind this address");
    if (chain_.size() >= max_expansion_depth) return stop(Existence::loop, "aliases lead more than 50 levels deep, at " + to_text(address));
    // The same address by another way may still have its aliases before it.
    const std::string key = key_of(address) + (branch.skip_aliases ? " \\" : "") + (branch.skip_virtual ? " v" : "");
    if (std::ranges::find(chain_, key) != chain_.end()) return stop(Existence::loop, "aliases lead in a circle through " + to_text(address));
    if (!visited_.insert(key).second) return;
    chain_.push_back(key);
    if (branch.skip_virtual || !expand_virtual(address, branch)) settle(address, branch);
    chain_.pop_back();
}

bool Walk::expand_virtual(const mail::Mailbox& address, const Branch& branch) {
    if (!maps_.virtual_aliases) return false;
    std::string space;
    std::string extension;
    const bool bare = maps_.class_of(address.domain) == DomainClass::local;
    const auto value = find_address(*maps_.virtual_aliases, address, maps_.delimiters, bare, space, &extension);
    if (!value) return false;
    const std::string values(*value);
    std::string_view rest(values);
    while (!rest.empty() && !stopped_) take_virtual_member(address, take_value(rest, Separator::comma_or_blank), extension, branch);
    return true;
}

void Walk::take_virtual_member(const mail::Mailbox& from, std::string_view text, std::string_view extension, const Branch& branch) {
    const Result<Member> parsed = parse_member(text);
    if (!parsed || parsed->kind == MemberKind::pipe || parsed->kind == MemberKind::include) {
        return stop(Existence::misconfigured, maps_.virtual_aliases->name() + ": '" + to_valid_utf8(text) + "' is no address");
    }
    Member member = *parsed;
    if (member.kind == MemberKind::domain) {
        member.address.local_part = from.local_part;
    } else if (!extension.empty() && split_name(member.address.local_part, maps_.delimiters).extension.empty()) {
        // As Postfix users know it: what followed the matched name goes on to the new one.
        member.address.local_part += extension;
    }
    mail::Mailbox to = expander_.normal(member.address);
    Branch next = branch;
    // An address that leads to itself (and perhaps to others) is meant as it stands.
    next.skip_virtual = key_of(to) == key_of(from);
    next.skip_aliases = member.plain;
    next.expanded = branch.expanded || !next.skip_virtual;
    expand(to, next);
}

void Walk::settle(const mail::Mailbox& address, const Branch& branch) {
    const DomainClass domain_class = maps_.class_of(address.domain);
    if (domain_class != DomainClass::foreign && moved(address, branch, domain_class == DomainClass::local)) return;
    switch (domain_class) {
        case DomainClass::local:
            return settle_local(address, branch);
        case DomainClass::mailbox:
            return settle_mailbox(address, branch);
        case DomainClass::relay:
            return settle_relay(address, branch);
        case DomainClass::alias:
            if (!hand_to_postmaster(address, branch)) fail_member(address, branch, Existence::unknown_alias, to_text(address));
            return;
        case DomainClass::foreign:
            return add(address, std::nullopt, branch);
    }
}

void Walk::settle_local(const mail::Mailbox& address, const Branch& branch) {
    const std::string name = to_lower(address.local_part);
    if (!branch.skip_aliases && maps_.aliases) {
        if (expand_alias(address, name, branch)) return;
        const SplitName split = split_name(name, maps_.delimiters);
        if (!split.extension.empty() && expand_alias(address, std::string(split.base), branch)) return;
    }
    if (settle_user(address, branch) || stopped_) return;
    if (hand_to_postmaster(address, branch)) return;
    if (maps_.catch_all && !branch.skip_aliases) return follow(*maps_.catch_all, address.domain, branch);
    fail_member(address, branch, Existence::unknown_local, to_text(address));
}

bool Walk::expand_alias(const mail::Mailbox& address, const std::string& name, const Branch& branch) {
    if (!maps_.aliases->has(name)) return false;
    Branch next = branch;
    // RFC 5321 3.9.2: the reverse-path of what a list sends out is its administrator's.
    if (maps_.aliases->has("owner-" + name)) next.owner = {"owner-" + name, address.domain};
    maps_.aliases->for_each_member(name, [&](const Member& member) {
        take_alias_member(address, name, member, next);
        return !stopped_.has_value();
    });
    return true;
}

void Walk::take_alias_member(const mail::Mailbox& from, const std::string& name, const Member& member, const Branch& branch) {
    if (member.kind == MemberKind::pipe) {
        Route route;
        route.kind = RouteKind::pipe;
        route.argument = to_lower(member.argument);
        return push({from, std::move(route), branch.owner, true});
    }
    Branch next = branch;
    next.expanded = true;
    const bool itself = member.kind == MemberKind::local && to_lower(member.address.local_part) == name;
    next.skip_aliases = member.plain || itself;
    next.skip_virtual = itself;
    if (itself) next.expanded = branch.expanded;
    // A local name belongs to the domain of its alias: all local domains have the same users.
    expand(member.kind == MemberKind::local ? mail::Mailbox{member.address.local_part, from.domain} : expander_.normal(member.address), next);
}

bool Walk::settle_user(const mail::Mailbox& address, const Branch& branch) {
    if (!maps_.users) return false;
    const std::string name = to_lower(address.local_part);
    std::string trouble;
    bool found = maps_.users->find(name, address.domain, trouble).has_value();
    const SplitName split = split_name(name, maps_.delimiters);
    if (!found && trouble.empty() && !split.extension.empty())
        found = maps_.users->find(std::string(split.base), address.domain, trouble).has_value();
    if (!trouble.empty()) {
        stop(Existence::table_down, std::move(trouble));
    } else if (found) {
        add(address, maps_.local_route, branch);
    }
    return found;
}

void Walk::settle_mailbox(const mail::Mailbox& address, const Branch& branch) {
    std::string space;
    const bool found = maps_.virtual_mailboxes && find_address(*maps_.virtual_mailboxes, address, maps_.delimiters, false, space);
    if (found) return add(address, maps_.virtual_route, branch);
    if (!hand_to_postmaster(address, branch)) fail_member(address, branch, Existence::unknown_virtual, to_text(address));
}

void Walk::settle_relay(const mail::Mailbox& address, const Branch& branch) {
    std::string space;
    // RFC 5321 4.5.1: postmaster is never refused; who he is, the next host knows.
    const bool known = !maps_.relay_recipients || address.is_postmaster() ||
                       find_address(*maps_.relay_recipients, address, maps_.delimiters, false, space).has_value();
    if (!known) return fail_member(address, branch, Existence::unknown_relay, to_text(address));
    add(address, std::nullopt, branch);
}

bool Walk::moved(const mail::Mailbox& address, const Branch& branch, bool bare) {
    if (!maps_.relocated) return false;
    std::string space;
    const auto where = find_address(*maps_.relocated, address, maps_.delimiters, bare, space);
    if (where) fail_member(address, branch, Existence::moved, std::string(*where));
    return where.has_value();
}

// RFC 5321 4.5.1: mail for postmaster of a domain of ours is always taken.
bool Walk::hand_to_postmaster(const mail::Mailbox& address, const Branch& branch) {
    if (!address.is_postmaster() || !maps_.postmaster) return false;
    const bool itself = maps_.postmaster->kind == MemberKind::local && equals_ignoring_case(maps_.postmaster->address.local_part, address.local_part);
    if (itself) return false;
    follow(*maps_.postmaster, maps_.class_of(address.domain) == DomainClass::local ? address.domain : maps_.home_domain, branch);
    return true;
}

void Walk::follow(const Member& member, const std::string& domain, Branch branch) {
    branch.expanded = true;
    branch.skip_aliases = member.plain;
    branch.skip_virtual = false;
    expand(member.kind == MemberKind::local ? mail::Mailbox{member.address.local_part, domain} : expander_.normal(member.address), branch);
}

// False if a table's value is no route.
bool Walk::set_transport(const mail::Mailbox& address, bool wildcard, std::optional<Route>& route) {
    if (!maps_.transports) return true;
    const Table& table = *maps_.transports;
    std::string space;
    auto value = find_address(table, address, maps_.delimiters, false, space);
    if (!table.whole_keys_only()) {
        if (!value) value = table.find(address.domain, space);
        if (!value)
            any_parent(address.domain, [&](std::string_view parent) { return (value = table.find("." + std::string(parent), space)).has_value(); });
        if (!value && wildcard) value = table.find("*", space);
    }
    if (!value) return true;
    auto found = parse_route(*value);
    if (!found) {
        stop(Existence::misconfigured, table.name() + ": '" + to_valid_utf8(*value) + "' is no transport");
        return false;
    }
    route = std::move(found);
    return true;
}

void Walk::add(const mail::Mailbox& address, std::optional<Route> fallback, const Branch& branch) {
    const bool ours = fallback.has_value();
    std::optional<Route> route = std::move(fallback);
    if (!set_transport(address, !ours, route)) return;
    if (!route) {
        // To a relay host go other people's domains; what we relay for ourselves has its MX or its line in route.transports.
        Route direct;
        direct.host = address.domain;
        const bool relayed = maps_.relay_host && maps_.class_of(address.domain) == DomainClass::foreign;
        route = relayed ? *maps_.relay_host : direct;
    }
    push({address, *std::move(route), branch.owner, branch.expanded});
}

void Walk::push(Target target) {
    if (stopped_) return;
    if (!seen_targets_.insert(to_text(target.route) + ' ' + key_of(target.address)).second) return;
    if (targets_.size() >= max_targets) return stop(Existence::loop, "more than 10000 recipients are behind this address");
    targets_.push_back(std::move(target));
}

std::string_view status_of(Existence existence) {
    return existence == Existence::moved ? "5.1.6 user has moved to " : "5.1.1 unknown user: ";
}

void Walk::fail_member(const mail::Mailbox& address, const Branch& branch, Existence existence, std::string text) {
    Route route;
    route.kind = RouteKind::error;
    constexpr std::size_t room = 160;  // what parse_route takes, with the words before it
    std::string shown = to_valid_utf8(std::string_view(text).substr(0, room));
    std::ranges::replace_if(
        shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    route.argument = std::string(status_of(existence)) + std::string(trim(shown));
    const std::size_t before = targets_.size();
    push({address, std::move(route), branch.owner, branch.expanded});
    bad_targets_ += targets_.size() - before;
    if (!first_failure_) first_failure_ = Failure{existence, std::move(text)};
}

}  // namespace

std::optional<std::string_view> find_address(const Table& table, const mail::Mailbox& address, const std::string& delimiters, bool bare,
                                             std::string& space, std::string* extension) {
    const auto ask = [&](const mail::Mailbox& key) { return table.find(to_text(key), space); };
    if (auto value = ask(address)) return value;
    // A pattern sees the whole address once: "@example.org" would match what was never meant.
    if (table.whole_keys_only()) return std::nullopt;
    const SplitName split = split_name(address.local_part, delimiters);
    const auto matched_base = [&](std::optional<std::string_view> value) {
        if (value && extension != nullptr) *extension = split.extension;
        return value;
    };
    if (!split.extension.empty()) {
        if (auto value = matched_base(ask({std::string(split.base), address.domain}))) return value;
    }
    if (bare) {
        if (auto value = table.find(address.local_part, space)) return value;
        if (!split.extension.empty()) {
            if (auto value = matched_base(table.find(split.base, space))) return value;
        }
    }
    return table.find("@" + address.domain, space);
}

mail::Mailbox Expander::normal(const mail::Mailbox& address) const {
    return {address.local_part, address.domain.empty() ? maps_.home_domain : to_lower(address.domain)};
}

Resolution Expander::resolve(const mail::Mailbox& address) const {
    return Walk(maps_, *this).run(normal(address));
}

namespace {

std::optional<LocalUser> virtual_user(const Maps& maps, const mail::Mailbox& address) {
    std::string space;
    const auto value = maps.virtual_mailboxes ? find_address(*maps.virtual_mailboxes, address, maps.delimiters, false, space) : std::nullopt;
    if (!value) return std::nullopt;
    const Result<MailboxEntry> entry = parse_mailbox_entry(*value);
    if (!entry) return std::nullopt;
    const bool absolute = entry->maildir.starts_with('/');
    const std::string pattern = absolute ? entry->maildir : maps.mailbox_base + '/' + entry->maildir;
    const std::string name = to_lower(split_name(address.local_part, maps.delimiters).base);
    auto maildir = fill_maildir(pattern, name, address.domain, {});
    if (!maildir) return std::nullopt;
    LocalUser user;
    user.name = name;
    user.home = *maildir;
    user.maildir = *std::move(maildir);
    const std::optional<std::uint32_t> uid = entry->uid ? entry->uid : maps.owner.uid;
    const std::optional<std::uint32_t> gid = entry->gid ? entry->gid : maps.owner.gid;
    user.uid = uid ? *uid : geteuid();
    user.gid = gid ? *gid : getegid();
    user.quota_bytes = entry->quota.value_or(maps.quota);
    return user;
}

}  // namespace

std::optional<LocalUser> Expander::user(const mail::Mailbox& given) const {
    const mail::Mailbox address = normal(given);
    const DomainClass domain_class = maps_.class_of(address.domain);
    if (domain_class == DomainClass::mailbox) return virtual_user(maps_, address);
    if (domain_class != DomainClass::local || !maps_.users) return std::nullopt;
    std::string trouble;
    const std::string name = to_lower(address.local_part);
    auto user = maps_.users->find(name, address.domain, trouble);
    const SplitName split = split_name(name, maps_.delimiters);
    if (!user && trouble.empty() && !split.extension.empty()) user = maps_.users->find(std::string(split.base), address.domain, trouble);
    return user;
}

}  // namespace ph::directory

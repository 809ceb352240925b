// io/unbound_resolver.cc: questions to libunbound and what its answers mean: a name that is not there, a record that is not there, and "could not
// find out" are three things (RFC 5321 5.1: only the first two may end the life of a message).
#include "io/unbound_resolver.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unbound.h>
#include <utility>

#include "base/ascii.h"
#include "io/descriptor.h"
#include "io/dns_wire.h"
#include "io/spawn.h"
#include "io/wait_list.h"

namespace ph::io {
namespace {

constexpr int type_a = 1;
constexpr int type_ptr = 12;
constexpr int type_mx = 15;
constexpr int type_txt = 16;
constexpr int type_aaaa = 28;
constexpr int class_in = 1;
constexpr std::string_view recursive = "recursive";

// "address@port", as libunbound writes servers; nullopt for what is none.
std::optional<std::string> server_of(std::string_view text) {
    std::string_view host = text;
    std::string port = "53";
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        host = text.substr(0, at);
        port = text.substr(at + 1);
        if (!parse_endpoint("0.0.0.0:" + port)) return std::nullopt;
    } else if (const auto endpoint = parse_endpoint(text); endpoint && !endpoint->is_local()) {
        return to_text(endpoint->address) + '@' + std::to_string(endpoint->port);
    }
    const auto address = IpAddress::parse(host);
    if (!address) return std::nullopt;
    return to_text(*address) + '@' + port;
}

std::string rcode_text(int rcode) {
    switch (rcode) {
        case 1:
            return "FORMERR";
        case 2:
            return "SERVFAIL";
        case 4:
            return "NOTIMP";
        case 5:
            return "REFUSED";
        default:
            return "RCODE " + std::to_string(rcode);
    }
}

struct Answer {
    DnsStatus status = DnsStatus::temporary;
    Security security = Security::unchecked;
    std::vector<std::string> data;
    std::string canonical_name;
    std::string detail;
};

tl::unexpected<Fault> refused(const std::string& what, int error) {
    const std::string why = error == UB_READFILE && errno != 0 ? std::generic_category().message(errno) : ub_strerror(error);
    return fail(FaultKind::bad_value, what + ": " + why);
}

struct Option {
    const char* name;
    std::string value;
};

std::vector<Option> options_of(const DnsParams& params) {
    const std::string half_cache = std::to_string(params.cache_size / 2);
    return {
        {"msg-cache-size:", half_cache},
        {"rrset-cache-size:", half_cache},
        {"cache-max-ttl:", std::to_string(params.cache_max_ttl.count())},
        {"cache-max-negative-ttl:", std::to_string(params.cache_max_negative_ttl.count())},
        // The library's defaults are made for a program that asks one question; a mail server asks hundreds at once.
        {"outgoing-range:", "512"},
        {"num-queries-per-thread:", "2048"},
        {"outgoing-num-tcp:", "32"},
        {"do-not-query-localhost:", "no"},
        {"infra-keep-probing:", "yes"},
        // Names of private networks are the site's own: its resolver knows them.
        {"unblock-lan-zones:", "yes"},
        {"insecure-lan-zones:", "yes"},
        {"use-syslog:", "no"},
        {"verbosity:", "0"},
    };
}

Result<void> set_servers(ub_ctx* context, const DnsParams& params, std::string& told) {
    if (params.servers.empty()) {
        told = "/etc/resolv.conf";
        const int error = ub_ctx_resolvconf(context, nullptr);
        if (error != 0) return refused("/etc/resolv.conf", error);
        return {};
    }
    if (params.servers.size() == 1 && params.servers[0] == recursive) {
        told = "the name servers";
        return {};
    }
    for (const std::string& text : params.servers) {
        const auto server = server_of(text);
        if (!server) return fail(FaultKind::bad_value, "dns.servers: '" + text + "': " + std::string(check_dns_server(text)));
        const int error = ub_ctx_set_fwd(context, server->c_str());
        if (error != 0) return refused("dns.servers: '" + text + "'", error);
        told += (told.empty() ? "" : ", ") + *server;
    }
    return {};
}

Result<void> set_files(ub_ctx* context, const DnsParams& params) {
    if (!params.trust_anchor_file.empty()) {
        const int error = ub_ctx_add_ta_file(context, params.trust_anchor_file.c_str());
        if (error != 0) return refused("dns.trust_anchor_file: '" + params.trust_anchor_file + "'", error);
        if (access(params.trust_anchor_file.c_str(), R_OK) != 0)
            return refused("dns.trust_anchor_file: '" + params.trust_anchor_file + "'", UB_READFILE);
    }
    if (!params.hosts_file.empty()) {
        const int error = ub_ctx_hosts(context, params.hosts_file.c_str());
        if (error != 0) return refused("dns.hosts_file: '" + params.hosts_file + "'", error);
    }
    return {};
}

// RFC 6761 6.3: localhost and names below it never leave the host. Address literals need no DNS either.
std::optional<std::vector<IpAddress>> known_addresses(std::string_view name, bool ipv6) {
    std::string_view text = name;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    if (starts_with_ignoring_case(text, "IPv6:")) text.remove_prefix(5);
    if (const auto address = IpAddress::parse(text)) return std::vector{*address};
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!equals_ignoring_case(name, "localhost") && !ends_with_ignoring_case(name, ".localhost")) return std::nullopt;
    std::vector<IpAddress> addresses;
    if (ipv6) addresses.push_back(*IpAddress::parse("::1"));
    addresses.push_back(*IpAddress::parse("127.0.0.1"));
    return addresses;
}

template <typename Record, typename Parse>
DnsAnswer<Record> records_of(Answer raw, Parse parse) {
    DnsAnswer<Record> answer{.status = raw.status,
                             .security = raw.security,
                             .records = {},
                             .canonical_name = std::move(raw.canonical_name),
                             .detail = std::move(raw.detail)};
    for (const std::string& data : raw.data) {
        if (auto record = parse(data)) answer.records.push_back(*std::move(record));
    }
    if (answer.status == DnsStatus::found && answer.records.empty()) {
        answer.status = DnsStatus::temporary;
        answer.detail = "malformed record data";
    }
    return answer;
}

DnsStatus worse(DnsStatus a, DnsStatus b) {
    // One half of the addresses that could not be looked up leaves the whole open; otherwise the name exists if either says so.
    for (const DnsStatus status : {DnsStatus::bogus, DnsStatus::temporary, DnsStatus::no_data}) {
        if (a == status || b == status) return status;
    }
    return DnsStatus::no_name;
}

}  // namespace

std::string_view check_dns_server(std::string_view text) {
    if (text == recursive || server_of(text)) return "";
    return "write it as 192.0.2.53, 127.0.0.1:5353, 127.0.0.1@5353, or recursive";
}

// One question on its way. Lives in the frame that waits; destroyed before its answer, it is called off.
class UnboundResolver::Query {
  public:
    Query(UnboundResolver& resolver, std::string name, int type)
        : resolver_(resolver), name_(std::move(name)), deadline_(resolver.loop_.ticks() + resolver.timeout_), done_(resolver.loop_) {
        // The library starts its thread with the first question; signals are for the loop's thread.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before);
        error_ = ub_resolve_async(resolver.context_.get(), name_.c_str(), type, class_in, this, on_answer, &id_);
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        answered_ = answered_ || error_ != 0;
        if (!std::exchange(resolver.started_, true)) spawn_on(resolver.loop_.context(), watch(resolver));
    }
    ~Query() {
        if (!answered_) ub_cancel(resolver_.context_.get(), id_);
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Task<Answer> answer() { return wait(*this); }

  private:
    static Task<Answer> wait(Query& self) {
        const Milliseconds now = self.resolver_.loop_.ticks();
        if (!self.answered_) co_await self.done_.wait(self.deadline_ > now ? self.deadline_ - now : Milliseconds{});
        if (!self.answered_) {
            self.answer_.detail = "timeout: no answer from " + self.resolver_.servers_;
        } else if (self.error_ != 0) {
            self.answer_.detail = ub_strerror(self.error_);
        }
        co_return std::move(self.answer_);
    }
    static void on_answer(void* query, int error, ub_result* result) {
        auto& self = *static_cast<Query*>(query);
        self.answered_ = true;
        self.error_ = error;
        if (error == 0 && result != nullptr) self.keep(*result);
        ub_resolve_free(result);
        self.done_.wake_all();
    }
    void keep(const ub_result& result) {
        answer_.security = result.secure != 0 ? Security::secure : resolver_.validates_ ? Security::insecure : Security::unchecked;
        answer_.canonical_name = plain_name(result.canonname != nullptr ? result.canonname : name_).value_or(name_);
        if (result.bogus != 0) {
            answer_.status = DnsStatus::bogus;
            answer_.detail = result.why_bogus != nullptr ? result.why_bogus : "DNSSEC validation failed";
        } else if (result.havedata != 0) {
            answer_.status = DnsStatus::found;
            for (std::size_t i = 0; result.data[i] != nullptr; ++i)
                answer_.data.emplace_back(result.data[i], static_cast<std::size_t>(result.len[i]));
        } else if (result.nxdomain != 0) {
            answer_.status = DnsStatus::no_name;
        } else if (result.rcode == 0) {
            answer_.status = DnsStatus::no_data;
        } else {
            answer_.detail = rcode_text(result.rcode) + " from " + resolver_.servers_;
        }
    }

    UnboundResolver& resolver_;
    std::string name_;
    Milliseconds deadline_;
    WaitList done_;
    Answer answer_;
    int id_ = 0;
    int error_ = 0;
    bool answered_ = false;
};

void UnboundResolver::Close::operator()(ub_ctx* context) const {
    ub_ctx_delete(context);
}

UnboundResolver::UnboundResolver(Loop& loop, const DnsParams& params, Context context)
    : loop_(loop), timeout_(params.timeout), ipv6_(params.ipv6), validates_(!params.trust_anchor_file.empty()), context_(std::move(context)) {}

UnboundResolver::~UnboundResolver() = default;

Result<std::unique_ptr<UnboundResolver>> UnboundResolver::create(Loop& loop, const DnsParams& params) {
    Context context(ub_ctx_create());
    if (!context) return fail(FaultKind::unreadable, "libunbound: no memory or no descriptors");
    for (const Option& option : options_of(params)) {
        const int error = ub_ctx_set_option(context.get(), option.name, option.value.c_str());
        if (error != 0) return refused(std::string("libunbound: ") + option.name, error);
    }
    std::string told;
    if (auto set = set_servers(context.get(), params, told); !set) return tl::unexpected(set.error());
    if (auto set = set_files(context.get(), params); !set) return tl::unexpected(set.error());
    constexpr int with_a_thread = 1;
    if (const int error = ub_ctx_async(context.get(), with_a_thread); error != 0) return refused("libunbound", error);
    std::unique_ptr<UnboundResolver> resolver(new UnboundResolver(loop, params, std::move(context)));
    resolver->servers_ = std::move(told);
    return resolver;
}

// A descriptor of our own for the same pipe, because a Descriptor closes what it watches.
Task<void> UnboundResolver::watch(UnboundResolver& self) {
    Descriptor answers(self.loop_, fcntl(ub_fd(self.context_.get()), F_DUPFD_CLOEXEC, 0));
    while (true) {
        const Wake why = co_await answers.readable(never);
        if (why != Wake::notified) break;
        ub_process(self.context_.get());
    }
}

template <typename Record, typename Parse>
Task<DnsAnswer<Record>> UnboundResolver::ask(std::string name, int type, Parse parse) {
    const auto plain = plain_name(name);
    if (!plain) {
        DnsAnswer<Record> none;
        none.status = DnsStatus::no_name;
        none.canonical_name = std::move(name);
        none.detail = "not a domain name";
        co_return none;
    }
    Query query(*this, *plain, type);
    Answer raw = co_await query.answer();
    DnsAnswer<Record> answer = records_of<Record>(std::move(raw), parse);
    co_return answer;
}

Task<DnsAnswer<MxRecord>> UnboundResolver::mx(std::string name) {
    DnsAnswer<MxRecord> answer = co_await ask<MxRecord>(std::move(name), type_mx, parse_mx);
    std::ranges::stable_sort(answer.records, {}, &MxRecord::preference);
    co_return answer;
}

Task<DnsAnswer<IpAddress>> UnboundResolver::addresses(std::string name) {
    DnsAnswer<IpAddress> answer;
    answer.canonical_name = name;
    if (auto known = known_addresses(name, ipv6_)) {
        answer.status = DnsStatus::found;
        answer.records = *std::move(known);
        co_return answer;
    }
    const auto plain = plain_name(name);
    if (!plain || !ipv6_) {
        answer = co_await ask<IpAddress>(std::move(name), type_a, parse_a);
        co_return answer;
    }
    // Both at once; IPv6 is offered first (RFC 6724 2.1 and 10.3: the caller tries in this order).
    Query v6(*this, *plain, type_aaaa);
    Query v4(*this, *plain, type_a);
    Answer raw_v6 = co_await v6.answer();
    Answer raw_v4 = co_await v4.answer();
    DnsAnswer<IpAddress> first = records_of<IpAddress>(std::move(raw_v6), parse_aaaa);
    answer = records_of<IpAddress>(std::move(raw_v4), parse_a);
    answer.records.insert(answer.records.begin(), first.records.begin(), first.records.end());
    if (first.status != DnsStatus::found && answer.status != DnsStatus::found) {
        answer.status = worse(first.status, answer.status);
        if (answer.detail.empty()) answer.detail = std::move(first.detail);
    } else if (answer.status != DnsStatus::found) {
        answer.status = DnsStatus::found;
        answer.canonical_name = std::move(first.canonical_name);
    }
    answer.security = std::min(answer.security, first.security);
    co_return answer;
}

Task<DnsAnswer<std::string>> UnboundResolver::txt(std::string name) {
    return ask<std::string>(std::move(name), type_txt, parse_txt);
}

Task<DnsAnswer<std::string>> UnboundResolver::ptr(IpAddress address) {
    return ask<std::string>(reverse_name(address), type_ptr, parse_ptr);
}

}  // namespace ph::io

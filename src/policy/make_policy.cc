// policy/make_policy.cc: runs the checks of a stage in their order until one refuses. Knows none of them by name.
#include "policy/make_policy.h"

#include <array>

#include "directory/networks.h"
#include "policy/check.h"
#include "policy/registry.h"

namespace ph::policy {
namespace {

constexpr std::size_t stages = 6;

class RegistryPolicy : public Policy {
  public:
    RegistryPolicy(Site site, directory::NetworkMap trusted, obs::Log* log) : site_(std::move(site)), trusted_(std::move(trusted)), log_(log) {
        for (const CheckInfo* check : all_checks()) {
            if (check->mode == nullptr || site_.params.*check->mode != "off") by_stage_[static_cast<std::size_t>(check->stage)].push_back(check);
        }
    }

    io::Task<Verdict> ask(Facts facts) override {
        Verdict verdict;
        const Question question{facts, site_, verdict.targets};
        for (const CheckInfo* check : by_stage_[static_cast<std::size_t>(facts.stage)]) {
            Answer answer;
            if (check->decide != nullptr) {
                answer = check->decide(question);
            } else {
                answer = co_await check->inquire(question);
            }
            if (!answer) continue;
            if (check->mode != nullptr && site_.params.*check->mode == "warn") {
                warn(*check, facts, *answer);
                continue;
            }
            verdict.refusal = std::move(answer);
            verdict.targets.clear();
            break;
        }
        co_return verdict;
    }

    // A local socket has no address: who may connect to it, the file system says.
    bool trusts(std::string_view address) const override {
        if (address.empty()) return true;
        const auto ip = io::IpAddress::parse(address);
        return ip && trusted_.find(*ip).has_value();
    }

  private:
    void warn(const CheckInfo& check, const Facts& facts, const smtp::Reply& reply) const {
        if (log_ == nullptr) return;
        log_->write(obs::Level::warning, "policy.would_refuse",
                    {{"check", check.name},
                     {"stage", to_text(check.stage)},
                     {"client", facts.client != nullptr ? std::string_view(facts.client->address) : std::string_view()},
                     {"cause", reply.cause},
                     {"reply", reply.text}});
    }

    Site site_;
    directory::NetworkMap trusted_;
    obs::Log* log_;
    std::array<std::vector<const CheckInfo*>, stages> by_stage_;
};

directory::NetworkMap read_networks(const config::Texts& texts, const SourceLocation& mentioned, std::vector<Fault>& faults) {
    directory::NetworkMap networks;
    for (const std::string& text : texts) {
        const auto network = directory::parse_network(text);
        if (network) {
            networks.add(*network);
        } else {
            faults.push_back({network.error().kind, "policy.trusted_networks: " + network.error().message, mentioned});
        }
    }
    return networks;
}

}  // namespace

tl::expected<std::unique_ptr<Policy>, std::vector<Fault>> make_policy(const PolicyParams& params, const Neighbours& neighbours) {
    std::vector<Fault> faults;
    const auto where = [&](std::string_view name) { return neighbours.where ? neighbours.where(name) : SourceLocation{std::string(name), 0, 0}; };
    Site site;
    site.params = params;
    site.directory = neighbours.directory;
    site.world = neighbours.world;
    site.quota = neighbours.quota;
    site.client_access = AccessTable::open(params.client_access, where("policy.client_access"), faults);
    site.helo_access = AccessTable::open(params.helo_access, where("policy.helo_access"), faults);
    site.sender_access = AccessTable::open(params.sender_access, where("policy.sender_access"), faults);
    site.recipient_access = AccessTable::open(params.recipient_access, where("policy.recipient_access"), faults);
    directory::NetworkMap trusted = read_networks(params.trusted_networks, where("policy.trusted_networks"), faults);
    if (!faults.empty()) return tl::unexpected(std::move(faults));
    return std::make_unique<RegistryPolicy>(std::move(site), std::move(trusted), neighbours.log);
}

}  // namespace ph::policy

// io/scripted_resolver.h: a Resolver that answers what a test told it, at once or after a while. A name it was told nothing of does not exist.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/resolver.h"
#include "io/world.h"

namespace ph::io {

class ScriptedResolver final : public Resolver {
  public:
    explicit ScriptedResolver(World& world) : world_(world) {}

    // Names in any case, with or without a final dot. A name with one kind of record has no_data for the others.
    void set_mx(const std::string& name, std::vector<MxRecord> records);
    void set_address(const std::string& name, const std::vector<std::string>& addresses);  // "192.0.2.1"; order is kept
    void set_txt(const std::string& name, std::vector<std::string> texts);
    void set_ptr(const std::string& address, std::vector<std::string> names);
    void set_alias(const std::string& name, const std::string& target);  // CNAME
    void set_security(const std::string& name, Security security);
    // Every question for the name ends so, with that detail, until it is set to `found` again.
    void set_failure(const std::string& name, DnsStatus status, const std::string& detail = "");
    void set_delay(Milliseconds delay) { delay_ = delay; }
    void clear() { names_.clear(); }

    // What was asked, in order: "mx example.org", "a mx.example.org", "txt …", "ptr 192.0.2.1".
    std::vector<std::string> questions;

    Task<DnsAnswer<MxRecord>> mx(std::string name) override;
    Task<DnsAnswer<IpAddress>> addresses(std::string name) override;
    Task<DnsAnswer<std::string>> txt(std::string name) override;
    Task<DnsAnswer<std::string>> ptr(IpAddress address) override;

  private:
    struct Entry {
        std::vector<MxRecord> mx;
        std::vector<IpAddress> addresses;
        std::vector<std::string> txt;
        std::vector<std::string> ptr;
        std::string alias;
        Security security = Security::unchecked;
        DnsStatus failure = DnsStatus::found;
        std::string detail;
    };
    template <typename Record>
    Task<DnsAnswer<Record>> answer(std::string kind, std::string name, std::vector<Record> Entry::*records);
    Entry& entry(const std::string& name);

    World& world_;
    Milliseconds delay_{};
    std::map<std::string, Entry> names_;
};

}  // namespace ph::io

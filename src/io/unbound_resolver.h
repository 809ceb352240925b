// io/unbound_resolver.h: names through libunbound: cached, validated if there is a trust anchor, asynchronous. A thread inside the library does
// the network work; its answers come through a descriptor that the loop watches.
#pragma once

#include <memory>

#include "io/loop.h"
#include "io/params.h"
#include "io/resolver.h"

struct ub_ctx;

namespace ph::io {

class UnboundResolver final : public Resolver {
  public:
    // Faults: a server or file that libunbound does not take.
    static Result<std::unique_ptr<UnboundResolver>> create(Loop& loop, const DnsParams& params);
    // After the loop's coroutines are gone.
    ~UnboundResolver() override;

    Task<DnsAnswer<MxRecord>> mx(std::string name) override;  // by preference
    Task<DnsAnswer<IpAddress>> addresses(std::string name) override;
    Task<DnsAnswer<std::string>> txt(std::string name) override;
    Task<DnsAnswer<std::string>> ptr(IpAddress address) override;

  private:
    class Query;
    struct Close {
        void operator()(ub_ctx* context) const;
    };
    using Context = std::unique_ptr<ub_ctx, Close>;

    UnboundResolver(Loop& loop, const DnsParams& params, Context context);
    static Task<void> watch(UnboundResolver& self);
    template <typename Record, typename Parse>
    Task<DnsAnswer<Record>> ask(std::string name, int type, Parse parse);

    Loop& loop_;
    Milliseconds timeout_;
    bool ipv6_;
    bool validates_;
    bool started_ = false;
    std::string servers_;  // for a person
    Context context_;
};

}  // namespace ph::io

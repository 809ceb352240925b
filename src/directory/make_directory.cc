// directory/make_directory.cc: the Directory of the interface: maps, an expander over them, and the decision where a question is answered. Tables in
// memory answer at once; the system's users may stand behind LDAP, so they are asked on a thread of the pool.
#include "directory/make_directory.h"

#include "base/ascii.h"
#include "directory/expander.h"

namespace ph::directory {
namespace {

class TextDirectory : public Directory {
  public:
    TextDirectory(Maps maps, io::World* world) : maps_(std::move(maps)), expander_(maps_), world_(world) {}

    io::Task<Resolution> resolve(mail::Mailbox address) override {
        Resolution resolution;
        if (!off_the_loop()) {
            resolution = expander_.resolve(address);
            co_return resolution;
        }
        // The coroutine waits, so its frame outlives the work.
        std::function<void()> work = [this, &address, &resolution] { resolution = expander_.resolve(address); };
        co_await world_->blocking(std::move(work));
        co_return resolution;
    }

    io::Task<std::optional<LocalUser>> user(mail::Mailbox address) override {
        std::optional<LocalUser> found;
        if (!off_the_loop()) {
            found = expander_.user(address);
            co_return found;
        }
        std::function<void()> work = [this, &address, &found] { found = expander_.user(address); };
        co_await world_->blocking(std::move(work));
        co_return found;
    }

    bool is_local_domain(std::string_view domain) const override {
        return domain.empty() || maps_.class_of(to_lower(domain)) != DomainClass::foreign;
    }

    const PipeCommand* pipe_command(std::string_view name) const override { return maps_.pipes ? maps_.pipes->find(name) : nullptr; }

  private:
    bool off_the_loop() const { return world_ != nullptr && maps_.users && maps_.users->may_block(); }

    Maps maps_;
    Expander expander_;
    io::World* world_;
};

}  // namespace

tl::expected<std::shared_ptr<Directory>, std::vector<Fault>> make_directory(const DirectoryParams& params, const Surroundings& around) {
    auto maps = read_maps(params, around);
    if (!maps) return tl::unexpected(std::move(maps).error());
    return std::make_shared<TextDirectory>(*std::move(maps), around.world);
}

}  // namespace ph::directory

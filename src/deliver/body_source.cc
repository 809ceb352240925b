// deliver/body_source.cc: bodies from memory as they lie there, and from the spool chunk by chunk. A body that is short or damaged ends with
// the fault of the store, never as if it had been whole.
#include "deliver/body_source.h"

#include <utility>

#include "io/completion.h"

namespace ph::deliver {
namespace {

class MemoryBody final : public BodySource {
  public:
    explicit MemoryBody(store::BodyPtr body) : body_(std::move(body)) {}
    io::Task<store::Stored<std::string_view>> next() override {
        while (at_ < body_->chunks.size() && body_->chunks[at_].empty()) ++at_;
        co_return at_ < body_->chunks.size() ? std::string_view(body_->chunks[at_++]) : std::string_view();
    }

  private:
    store::BodyPtr body_;
    std::size_t at_ = 0;
};

class SpooledBody final : public BodySource {
  public:
    SpooledBody(io::World& world, std::unique_ptr<store::BodyReader> reader) : world_(world), reader_(std::move(reader)) {}
    io::Task<store::Stored<std::string_view>> next() override {
        io::Completion<store::Stored<std::string>> done(world_);
        reader_->next(done.callback());
        auto chunk = co_await done.take();
        if (!chunk) co_return tl::unexpected(std::move(chunk).error());
        chunk_ = *std::move(chunk);
        co_return std::string_view(chunk_);
    }

  private:
    io::World& world_;
    std::unique_ptr<store::BodyReader> reader_;
    std::string chunk_;
};

class SpoolBodyOpener final : public BodyOpener {
  public:
    SpoolBodyOpener(spool::Spool& spool, io::World& world) : spool_(spool), world_(world) {}
    io::Task<store::Stored<std::unique_ptr<BodySource>>> open(const spool::Work& work) override {
        if (work.body) {
            std::unique_ptr<BodySource> source = std::make_unique<MemoryBody>(work.body);
            co_return source;
        }
        io::Completion<store::Stored<std::unique_ptr<store::BodyReader>>> done(world_);
        spool_.engine().open_body(work.id, done.callback());
        auto reader = co_await done.take();
        if (!reader) co_return tl::unexpected(std::move(reader).error());
        std::unique_ptr<BodySource> source = std::make_unique<SpooledBody>(world_, *std::move(reader));
        co_return source;
    }

  private:
    spool::Spool& spool_;
    io::World& world_;
};

}  // namespace

std::unique_ptr<BodyOpener> make_body_opener(spool::Spool& spool, io::World& world) {
    return std::make_unique<SpoolBodyOpener>(spool, world);
}

}  // namespace ph::deliver

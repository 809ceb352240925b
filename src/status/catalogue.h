// status/catalogue.h: all causes and providers: the built-in ones, with what an administrator added or replaced.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "status/cause.h"

namespace ph::status {

// Owns the texts and tables of causes that were loaded at run time. Nothing in it moves or goes before the arena does.
class CatalogueArena {
  public:
    std::string_view keep(std::string_view text) { return strings_.emplace_back(text); }

    template <typename T>
    std::span<const T> keep(std::vector<T> items) {
        if (items.empty()) return {};
        auto holder = std::make_shared<const std::vector<T>>(std::move(items));
        tables_.push_back(holder);
        return *holder;
    }

  private:
    std::deque<std::string> strings_;
    std::deque<std::shared_ptr<const void>> tables_;
};

// What the build compiled in, or one directory held.
struct CataloguePart {
    std::span<const Cause> causes;
    std::span<const Provider> providers;
};

class Catalogue {
  public:
    Catalogue() = default;
    explicit Catalogue(CataloguePart part) { add(part); }

    // A cause or provider with the id of an earlier one takes its place.
    void add(CataloguePart part);
    // As above, for a part whose memory `arena` owns; the catalogue keeps it.
    void add(CataloguePart part, std::shared_ptr<const CatalogueArena> arena);

    std::span<const Cause* const> causes() const { return causes_; }  // sorted by id
    std::span<const Provider* const> providers() const { return providers_; }
    const Cause* find(std::string_view id) const;              // nullptr if there is none
    const Provider* find_provider(std::string_view id) const;  // by id or alias

  private:
    std::vector<const Cause*> causes_;
    std::vector<const Provider*> providers_;
    std::vector<std::shared_ptr<const CatalogueArena>> arenas_;
};

}  // namespace ph::status

// status/catalogue.cc: sorted lists of views; a later part wins over an earlier one by id.
#include "status/catalogue.h"

#include <algorithm>

namespace ph::status {
namespace {

template <typename Entry>
void insert_or_replace(std::vector<const Entry*>& list, const Entry& entry) {
    const auto at = std::ranges::lower_bound(list, entry.id, {}, &Entry::id);
    if (at != list.end() && (*at)->id == entry.id) {
        *at = &entry;
    } else {
        list.insert(at, &entry);
    }
}

}  // namespace

void Catalogue::add(CataloguePart part) {
    for (const Cause& cause : part.causes) insert_or_replace(causes_, cause);
    for (const Provider& provider : part.providers) insert_or_replace(providers_, provider);
}

void Catalogue::add(CataloguePart part, std::shared_ptr<const CatalogueArena> arena) {
    arenas_.push_back(std::move(arena));
    add(part);
}

const Cause* Catalogue::find(std::string_view id) const {
    const auto at = std::ranges::lower_bound(causes_, id, {}, &Cause::id);
    return at != causes_.end() && (*at)->id == id ? *at : nullptr;
}

const Provider* Catalogue::find_provider(std::string_view id) const {
    for (const Provider* provider : providers_) {
        if (provider->id == id || std::ranges::find(provider->aliases, id) != provider->aliases.end()) return provider;
    }
    return nullptr;
}

}  // namespace ph::status

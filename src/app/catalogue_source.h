// app/catalogue_source.h: the catalogue that a command works with: what is built in, and the administrator's directory over it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "status/catalogue.h"

namespace ph::app {

struct LoadedDirectory {
    status::CataloguePart part;
    std::shared_ptr<const status::CatalogueArena> arena;
    std::vector<Fault> faults;
    std::size_t files = 0;
};

// The causes and providers below `directory`; the faults say what could not be loaded.
LoadedDirectory load_directory(const std::string& directory);

// The built-in catalogue with `directory` over it. Files with a mistake are left out and told in `faults`.
status::Catalogue load_catalogue(const std::string& directory, std::vector<Fault>& faults);

}  // namespace ph::app

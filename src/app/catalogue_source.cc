// app/catalogue_source.cc: reads files; what they mean is explain/catalogue_loader's.
#include "app/catalogue_source.h"

#include "app/files.h"
#include "catalogue/builtin.h"
#include "explain/catalogue_loader.h"

namespace ph::app {
namespace {

constexpr std::size_t max_catalogue_file = 1024 * 1024;

}  // namespace

LoadedDirectory load_directory(const std::string& directory) {
    LoadedDirectory loaded;
    const auto files = toml_files(directory);
    if (!files) {
        loaded.faults.push_back(files.error());
        return loaded;
    }
    explain::CatalogueLoader loader;
    std::vector<Fault> unreadable;
    for (const std::string& file : *files) {
        const std::string path = directory + '/' + file;
        const auto text = read_file(path, max_catalogue_file);
        if (text) {
            loader.add_file(file, path, *text);
        } else {
            unreadable.push_back(text.error());
        }
    }
    loaded.files = files->size();
    loaded.faults = loader.faults();
    loaded.faults.insert(loaded.faults.end(), unreadable.begin(), unreadable.end());
    loaded.part = loader.part();
    loaded.arena = loader.arena();
    return loaded;
}

status::Catalogue load_catalogue(const std::string& directory, std::vector<Fault>& faults) {
    status::Catalogue catalogue(catalogue::builtin());
    if (directory.empty()) return catalogue;
    LoadedDirectory loaded = load_directory(directory);
    faults = std::move(loaded.faults);
    if (loaded.files != 0) catalogue.add(loaded.part, loaded.arena);
    return catalogue;
}

}  // namespace ph::app

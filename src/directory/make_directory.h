// directory/make_directory.h: the directory that the configuration and its files describe. A snapshot: a reload makes another one, and who has the
// old one keeps it until he is done.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/directory.h"
#include "directory/maps.h"
#include "directory/params.h"

namespace ph::directory {

// What the directory has to know beside its own parameters.
struct Surroundings {
    std::string hostname = "localhost";
    // Where posthorn.toml sets a parameter ("local.domains"), for complaints; without it the parameter stands in place of the file.
    std::function<SourceLocation(std::string_view name)> where;
    // Address literals of these name us; nullopt: those of the system's interfaces.
    std::optional<std::vector<io::IpAddress>> own_addresses;
    // Asks about users of the system off the loop; without it they are asked where resolve() runs. Outlives the directory.
    io::World* world = nullptr;
};

// All mistakes at once, each with file, line and what to do.
tl::expected<std::shared_ptr<Directory>, std::vector<Fault>> make_directory(const DirectoryParams& params, const Surroundings& around);

// The maps alone, for tests and for `posthorn config check`.
tl::expected<Maps, std::vector<Fault>> read_maps(const DirectoryParams& params, const Surroundings& around);

}  // namespace ph::directory

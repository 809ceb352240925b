// deliver/current_directory.h: how a transport gets at the directory. A reload replaces the snapshot, so it is asked for at each attempt, and the
// attempt keeps the one that it began with.
#pragma once

#include <functional>
#include <memory>

#include "directory/directory.h"

namespace ph::deliver {

using CurrentDirectory = std::function<std::shared_ptr<directory::Directory>()>;

}  // namespace ph::deliver

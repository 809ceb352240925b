// catalogue/builtin.h: the catalogue that the build compiled in, from the files under catalogue/ (cmake/catalogue.cmake).
#pragma once

#include "status/catalogue.h"

namespace ph::catalogue {

// Constant data; costs nothing to get.
status::CataloguePart builtin();

}  // namespace ph::catalogue

// base/assert.cc: how a broken promise of the code ends the process: one line on standard error, then abort.
#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace ph {

void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "posthorn: bug: %s does not hold (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace ph

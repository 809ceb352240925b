// io/spawn.h: starts a detached coroutine on a context; for the worlds alone (co_spawn costs each file that names it two seconds to compile).
#pragma once

#include "io/task.h"

namespace ph::io {

// An exception in the task ends the process with a message: nothing above could know what it left undone.
void spawn_on(boost::asio::io_context& context, Task<void> task);

}  // namespace ph::io

// io/program.h: a program run without a shell, on the real loop. Private to the room: others have World::run.
#pragma once

#include <functional>

#include "io/loop.h"
#include "io/world.h"

namespace ph::io {

Task<Result<ProgramResult>> run_program(Loop& loop, Program program, std::function<std::string()> next_input);

}  // namespace ph::io

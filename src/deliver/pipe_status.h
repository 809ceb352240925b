// deliver/pipe_status.h: what the end of a program means for the message that it was given (situation 126): the numbers of sysexits.h.
#pragma once

#include "deliver/transport.h"
#include "io/world.h"

namespace ph::deliver {

// `name`: of the command, for the text; the first line that the program wrote is quoted. A line of the form "5.1.1 no such user" of a
// program that failed says its own status.
RecipientOutcome outcome_of(const io::ProgramResult& result, std::string_view name);

}  // namespace ph::deliver

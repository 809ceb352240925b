// io/child.h: fork and exec, done with care: in the child only calls that are safe after a fork in a process with threads. Private to the room.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "io/world.h"

namespace ph::io {

// Its own session and process group. The caller closes the descriptors (ours are non-blocking) and reaps it.
struct Child {
    pid_t pid = -1;
    int process = -1;  // pidfd: readable when it has ended
    int input = -1;    // we write to its standard input
    int output = -1;   // its standard output and error
    int trouble = -1;  // end of file: the program runs; octets: a ChildTrouble, it does not
};

// Where the child stopped on its way to the program.
enum class ChildStep : int { group, user, directory, program };
struct ChildTrouble {
    ChildStep step;
    int error;
};
Fault to_fault(const ChildTrouble& trouble, const Program& program);

Result<Child> start_child(const Program& program);

}  // namespace ph::io

// app/exit_status.h: how posthorn ends. Errors are those of sysexits(3), which mail programs have always used.
#pragma once

namespace ph::app {

enum class Exit : int {
    ok = 0,            // done; for explain: the reply reports no failure
    temporary = 1,     // explain: a failure for now
    permanent = 2,     // explain: a failure for good
    undetermined = 3,  // explain: the reply does not say why
    differs = 4,       // catalogue check, catalogue test: there are complaints
    usage = 64,        // the command line is wrong
    data = 65,         // the input is wrong: empty, binary, too large, not JSON
    no_input = 66,     // a file cannot be read
    software = 70,     // a bug
    io = 74,           // the output cannot be written
    config = 78,       // posthorn.toml or a catalogue file is wrong
};

}  // namespace ph::app

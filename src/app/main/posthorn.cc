// app/main/posthorn.cc: the program. Everything it does is in app/commands.cc; a library's exception that reaches this place is a bug.
#include <csignal>
#include <cstdio>
#include <exception>

#include "app/command.h"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is told by write()
    try {
        return ph::app::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "posthorn: internal error: %s\n", error.what());
        return static_cast<int>(ph::app::Exit::software);
    }
}

// io/spawn.cc: detached coroutines, and the end of the process when one throws.
#include "io/spawn.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

namespace ph::io {
namespace {

[[noreturn]] void end_of_process(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "posthorn: a task ended with an exception: %s\n", exception.what());
    } catch (...) {
        std::fprintf(stderr, "posthorn: a task ended with an unknown exception\n");
    }
    std::abort();
}

}  // namespace

void spawn_on(boost::asio::io_context& context, Task<void> task) {
    boost::asio::co_spawn(context, std::move(task), [](const std::exception_ptr& thrown) {
        if (thrown) end_of_process(thrown);
    });
}

}  // namespace ph::io

// app/control_client.cc: connect, one line out, everything in.
#include "app/control_client.h"

#include "io/run_to_end.h"

namespace ph::app {
namespace {

constexpr Milliseconds patience = Seconds(30);
constexpr std::size_t max_answer = 256U * 1024 * 1024;

io::Task<Result<std::string>> ask(io::RealWorld& world, std::string path, std::string request) {
    io::Endpoint endpoint;
    endpoint.path = path;
    auto stream = co_await world.connect(endpoint, std::nullopt, patience);
    if (!stream) {
        co_return fail(FaultKind::unreadable,
                       "cannot reach the server at " + path + ": " + stream.error().message +
                           "; is it running, and are you root or its user? 'posthorn spool dump' reads the spool of a stopped one");
    }
    const auto written = co_await (*stream)->write(request, patience);
    if (!written) co_return fail(FaultKind::unreadable, "the server did not take the question: " + written.error().message);
    std::string text;
    while (true) {
        const auto bytes = co_await (*stream)->read(patience);
        if (!bytes) {
            co_return fail(FaultKind::unreadable, "the server did not finish its answer: " + bytes.error().message);
        }
        if (bytes->empty()) break;
        text += *bytes;
        if (text.size() > max_answer) co_return fail(FaultKind::too_large, "the server's answer is larger than 256 MiB");
    }
    co_return text;
}

}  // namespace

Result<std::string> ask_server(const server::ServerParams& params, const std::string& request) {
    if (params.control_socket.empty()) return fail(FaultKind::bad_value, "server.control_socket is empty: a running server cannot be asked");
    io::RealWorld world;
    return io::run_to_end(world, ask(world, params.control_socket, request + '\n'));
}

}  // namespace ph::app

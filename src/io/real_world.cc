// io/real_world.cc: ties loop, sockets, resolver, programs and threads together. SIGPIPE is ignored from here on: a program or peer that stops
// reading is an error of one write, not the end of the server.
#include "io/real_world.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/assert.h"
#include "io/program.h"
#include "io/real_loop.h"
#include "io/socket_stream.h"
#include "io/spawn.h"
#include "io/thread_pool.h"
#include "io/unbound_resolver.h"
#include "io/wait_list.h"

namespace ph::io {
namespace {

using Executor = boost::asio::io_context::executor_type;
using SteadyTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

// So that no socket or file of ours ever becomes descriptor 0, 1 or 2, and gets what was meant for a person.
void fill_standard_descriptors() {
    int descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor >= 0) close(descriptor);
}

}  // namespace

struct RealWorld::SignalWatch {
    SignalWatch(boost::asio::io_context& context, int number, std::function<void()> run) : signals(context, number), then(std::move(run)) { wait(); }
    void wait() {
        signals.async_wait([this](const boost::system::error_code& error, int) {
            if (error) return;
            wait();
            then();
        });
    }
    boost::asio::basic_signal_set<Executor> signals;
    std::function<void()> then;
};

RealWorld::RealWorld(std::size_t max_threads) : loop_(std::make_unique<RealLoop>()), pool_(std::make_unique<ThreadPool>(max_threads)) {
    std::signal(SIGPIPE, SIG_IGN);
    fill_standard_descriptors();
}

RealWorld::~RealWorld() {
    pool_.reset();
    signals_.clear();
    loop_.reset();
}

Result<void> RealWorld::use_dns(const DnsParams& params) {
    PH_ASSERT(!resolver_);
    PH_TRY(resolver_, UnboundResolver::create(*loop_, params));
    return {};
}

void RealWorld::run_loop() {
    const auto work = boost::asio::make_work_guard(loop_->context());
    loop_->context().restart();
    loop_->context().run();
}

void RealWorld::stop() {
    loop_->context().stop();
}

void RealWorld::on_signal(int number, std::function<void()> then) {
    signals_.push_back(std::make_unique<SignalWatch>(loop_->context(), number, std::move(then)));
}

TimePoint RealWorld::now() const {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Milliseconds RealWorld::ticks() const {
    return loop_->ticks();
}

std::uint64_t RealWorld::random() {
    if (random_left_ == 0) {
        const ssize_t count = uninterrupted([&] { return getrandom(random_.data(), sizeof(random_), 0); });
        PH_ASSERT(count == sizeof(random_));
        random_left_ = random_.size();
    }
    return random_[--random_left_];
}

Task<void> RealWorld::sleep(Milliseconds time) {
    SteadyTimer timer(loop_->context(), time);
    auto waiting = timer.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    co_await std::move(waiting);
}

void RealWorld::spawn(Task<void> task) {
    spawn_on(loop_->context(), std::move(task));
}

void RealWorld::post(std::function<void()> run) {
    boost::asio::post(loop_->context(), std::move(run));
}

// The frame is there until the work is done: the pool ends before the loop does.
Task<void> RealWorld::blocking(std::function<void()> work) {
    WaitList done(*loop_);
    pool_->add([&context = loop_->context(), &done, work = std::move(work)]() mutable {
        work();
        work = nullptr;
        boost::asio::post(context, [&done] { done.wake_all(); });
    });
    co_await done.wait();
}

Task<IoResult<std::unique_ptr<Stream>>> RealWorld::connect(Endpoint to, std::optional<IpAddress> from, Milliseconds timeout) {
    const IoResult<int> socket = connecting_socket(to, from);
    if (!socket) co_return tl::unexpected(socket.error());
    auto stream = std::make_unique<SocketStream>(*loop_, *socket, to);
    const IoResult<void> connected = co_await stream->connected(timeout);
    if (!connected) co_return tl::unexpected(connected.error());
    co_return std::unique_ptr<Stream>(std::move(stream));
}

IoResult<std::unique_ptr<Listener>> RealWorld::listen(const Endpoint& at) {
    const IoResult<int> socket = listening_socket(at);
    if (!socket) return tl::unexpected(socket.error());
    return std::make_unique<SocketListener>(*loop_, *socket, SocketListener::Path::own);
}

IoResult<std::unique_ptr<Listener>> RealWorld::listen_on(int descriptor) {
    const IoResult<int> socket = inherited_socket(descriptor);
    if (!socket) return tl::unexpected(socket.error());
    return std::make_unique<SocketListener>(*loop_, *socket, SocketListener::Path::foreign);
}

Resolver& RealWorld::resolver() {
    PH_ASSERT(resolver_);
    return *resolver_;
}

Task<Result<ProgramResult>> RealWorld::run(Program program, std::function<std::string()> next_input) {
    return run_program(*loop_, std::move(program), std::move(next_input));
}

Loop& RealWorld::loop() {
    return *loop_;
}

}  // namespace ph::io

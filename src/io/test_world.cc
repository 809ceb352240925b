// io/test_world.cc: the virtual loop (an io_context that is only polled, and alarms in order) and the network in memory.
#include "io/test_world.h"

#include <deque>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "io/spawn.h"
#include "io/wait_list.h"

namespace ph::io {
namespace {

constexpr TimePoint first_time{Milliseconds(1'795'547'191'042)};
constexpr Milliseconds first_ticks{1'000'000};
constexpr std::size_t max_backlog = 1024;

tl::unexpected<IoFault> fault(IoTrouble trouble, std::string message) {
    return tl::unexpected(IoFault{trouble, std::move(message)});
}

}  // namespace

class TestWorld::VirtualLoop final : public Loop {
  public:
    VirtualLoop() : Loop(context_), work_(context_.get_executor()) {}

    Milliseconds ticks() const override { return ticks_; }
    void set_alarm(Alarm& alarm, Milliseconds at) override {
        alarm.unlink();
        alarm.at = at;
        Link* after = &alarms_;
        while (after->previous != &alarms_ && static_cast<Alarm*>(after->previous)->at > at) after = after->previous;
        alarm.insert_before(*after);
    }

    // True if anything ran.
    bool poll() {
        std::size_t ran = 0;
        while (const std::size_t count = context_.poll()) ran += count;
        return ran != 0;
    }
    bool wait_for_posts(Milliseconds real_time) { return context_.run_one_for(real_time) != 0; }
    std::optional<Milliseconds> next_alarm() const {
        if (!alarms_.linked()) return std::nullopt;
        return static_cast<const Alarm*>(alarms_.next)->at;
    }
    void pass_to(Milliseconds time) {
        ticks_ = std::max(ticks_, time);
        while (alarms_.linked() && static_cast<Alarm*>(alarms_.next)->at <= ticks_) {
            auto* alarm = static_cast<Alarm*>(alarms_.next);
            alarm->unlink();
            alarm->ring();
        }
    }

  private:
    Link alarms_;  // outlives the coroutines that the context destroys
    Milliseconds ticks_ = first_ticks;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
};

// Registered with its world as long as it is open.
class TestListener final : public Listener {
  public:
    TestListener(TestWorld& world, Endpoint at) : world_(world), local_(std::move(at)), clients_(world.loop()) { world_.listeners_[local_] = this; }
    ~TestListener() override { close(); }

    Task<IoResult<std::unique_ptr<Stream>>> accept() override {
        while (open_ && waiting_.empty()) co_await clients_.wait();
        if (!open_) co_return fault(IoTrouble::closed, "listener closed");
        std::unique_ptr<Stream> stream = std::move(waiting_.front());
        waiting_.pop_front();
        co_return stream;
    }
    void close() override {
        if (!open_) return;
        open_ = false;
        world_.listeners_.erase(local_);
        waiting_.clear();
        clients_.wake_all();
    }
    const Endpoint& local() const override { return local_; }

    bool take(std::unique_ptr<MemoryStream> stream) {
        if (waiting_.size() >= max_backlog) return false;
        waiting_.push_back(std::move(stream));
        clients_.wake_one();
        return true;
    }

  private:
    TestWorld& world_;
    Endpoint local_;
    WaitList clients_;
    std::deque<std::unique_ptr<Stream>> waiting_;
    bool open_ = true;
};

TestWorld::TestWorld(std::uint64_t seed) : loop_(std::make_unique<VirtualLoop>()), random_(seed), names_(*this) {}

TestWorld::~TestWorld() {
    // Before the members that the coroutines still refer to.
    loop_.reset();
}

Loop& TestWorld::loop() {
    return *loop_;
}

void TestWorld::run_until_idle() {
    loop_->poll();
}

void TestWorld::advance(Milliseconds time) {
    const Milliseconds end = loop_->ticks() + time;
    loop_->poll();
    for (auto next = loop_->next_alarm(); next && *next <= end; next = loop_->next_alarm()) {
        loop_->pass_to(*next);
        loop_->poll();
    }
    loop_->pass_to(end);
}

bool TestWorld::run_until(const std::function<bool()>& done, Milliseconds limit) {
    const Milliseconds end = loop_->ticks() + limit;
    while (!done()) {
        if (loop_->poll()) continue;
        if (patience_ > Milliseconds{} && loop_->wait_for_posts(patience_)) continue;
        const auto next = loop_->next_alarm();
        if (!next || *next > end) return false;
        loop_->pass_to(*next);
    }
    return true;
}

void TestWorld::set_reach(const Endpoint& to, Reach reach) {
    reaches_[to] = reach;
}

TimePoint TestWorld::now() const {
    return first_time + (loop_->ticks() - first_ticks) + clock_offset_;
}

Milliseconds TestWorld::ticks() const {
    return loop_->ticks();
}

Task<void> TestWorld::sleep(Milliseconds time) {
    WaitList nobody(*loop_);
    co_await nobody.wait(time);
}

void TestWorld::spawn(Task<void> task) {
    spawn_on(loop_->context(), std::move(task));
}

void TestWorld::post(std::function<void()> run) {
    boost::asio::post(loop_->context(), std::move(run));
}

// Inline, but the caller has let others run before it goes on, as with a thread.
Task<void> TestWorld::blocking(std::function<void()> work) {
    work();
    co_await sleep(Milliseconds{});
}

// A wildcard takes what no listener has for itself.
TestListener* TestWorld::listener_for(const Endpoint& to) {
    const auto at = [&](const Endpoint& endpoint) {
        const auto found = listeners_.find(endpoint);
        return found != listeners_.end() ? found->second : nullptr;
    };
    if (TestListener* exact = at(to)) return exact;
    if (to.is_local()) return nullptr;
    Endpoint any{.address = {.bytes = {}, .v6 = to.address.v6}, .port = to.port, .path = {}};
    return at(any);
}

std::unique_ptr<MemoryStream> TestWorld::open(TestListener& listener, const Endpoint& to, const Endpoint& from) {
    MemoryStreamPair pair = memory_stream_pair(*this, from, to, streams_);
    if (!listener.take(std::move(pair.far))) return nullptr;
    return std::move(pair.near);
}

std::unique_ptr<MemoryStream> TestWorld::dial(const Endpoint& to, const Endpoint& from) {
    TestListener* listener = listener_for(to);
    return listener != nullptr ? open(*listener, to, from) : nullptr;
}

Task<IoResult<std::unique_ptr<Stream>>> TestWorld::connect(Endpoint to, std::optional<IpAddress> from, Milliseconds timeout) {
    const auto found = reaches_.find(to);
    const Reach reach = found != reaches_.end() ? found->second : Reach::normal;
    co_await sleep(reach == Reach::silent ? timeout : Milliseconds{});
    TestListener* listener = listener_for(to);
    if (reach == Reach::silent) co_return fault(IoTrouble::timed_out, "timed out");
    if (reach == Reach::unreachable) co_return fault(IoTrouble::unreachable, "no route to host");
    if (reach == Reach::refused || listener == nullptr) co_return fault(IoTrouble::refused, "connection refused");
    Endpoint local;
    if (!to.is_local()) {
        const IpAddress loopback = *IpAddress::parse(to.address.v6 ? "::1" : "127.0.0.1");
        local = Endpoint{.address = from.value_or(loopback), .port = next_port_++, .path = {}};
        if (next_port_ == 0) next_port_ = 40'000;
    }
    std::unique_ptr<Stream> stream = open(*listener, to, local);
    if (stream == nullptr) co_return fault(IoTrouble::timed_out, "backlog full");
    co_return stream;
}

IoResult<std::unique_ptr<Listener>> TestWorld::listen(const Endpoint& at) {
    Endpoint local = at;
    while (!local.is_local() && local.port == 0) {
        local.port = next_port_++;
        if (listeners_.contains(local)) local.port = 0;
    }
    if (listeners_.contains(local)) return fault(IoTrouble::other, to_text(local) + ": address already in use");
    return std::make_unique<TestListener>(*this, local);
}

Task<Result<ProgramResult>> TestWorld::run(Program program, std::function<std::string()> next_input) {
    std::string input;
    for (std::string chunk = next_input ? next_input() : std::string(); !chunk.empty(); chunk = next_input()) input += chunk;
    co_await sleep(Milliseconds{});
    if (!on_run) co_return fail(FaultKind::missing, "no such program: " + (program.argv.empty() ? std::string() : program.argv[0]));
    Result<ProgramResult> result = on_run(program, input);
    co_return result;
}

}  // namespace ph::io

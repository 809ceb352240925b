// deliver/smtp_pool.cc: idle connections by destination, the last used first, and one task that ends those whose time is over. A peer that
// closed meanwhile is noticed when the connection is used again; the delivery then takes a fresh one.
#include "deliver/smtp_pool.h"

#include <algorithm>
#include <list>
#include <utility>

namespace ph::deliver {

struct SmtpPool::State {
    struct Waiting {
        std::string destination;
        std::unique_ptr<SmtpConnection> connection;
        Milliseconds until;
    };
    explicit State(io::World& the_world) : world(the_world) {}

    io::World& world;
    std::list<Waiting> waiting;  // in the order in which they came
    bool expiring = false;
    bool closed = false;
};

SmtpPool::SmtpPool(io::World& world) : state_(std::make_shared<State>(world)) {}

SmtpPool::~SmtpPool() {
    state_->closed = true;
    state_->waiting.clear();
}

std::size_t SmtpPool::waiting() const {
    return state_->waiting.size();
}

std::unique_ptr<SmtpConnection> SmtpPool::take(const std::string& destination) {
    auto& waiting = state_->waiting;
    const auto last = std::find_if(waiting.rbegin(), waiting.rend(), [&](const auto& one) { return one.destination == destination; });
    if (last == waiting.rend()) return nullptr;
    std::unique_ptr<SmtpConnection> connection = std::move(last->connection);
    waiting.erase(std::next(last).base());
    return connection;
}

void SmtpPool::park(const std::string& destination, std::unique_ptr<SmtpConnection> connection, Milliseconds idle_timeout, std::size_t limit) {
    if (state_->closed || idle_timeout.count() == 0 || state_->waiting.size() >= limit) return retire(std::move(connection));
    state_->waiting.push_back({destination, std::move(connection), state_->world.ticks() + idle_timeout});
    if (state_->expiring) return;
    state_->expiring = true;
    state_->world.spawn(expire(state_));
}

void SmtpPool::retire(std::unique_ptr<SmtpConnection> connection) {
    if (connection->session().usable()) state_->world.spawn(quit(std::move(connection)));
}

void SmtpPool::close() {
    state_->closed = true;
    while (!state_->waiting.empty()) {
        retire(std::move(state_->waiting.front().connection));
        state_->waiting.pop_front();
    }
}

io::Task<void> SmtpPool::quit(std::unique_ptr<SmtpConnection> connection) {
    co_await connection->quit();
}

io::Task<void> SmtpPool::expire(std::shared_ptr<State> state) {
    while (!state->waiting.empty()) {
        const auto first =
            std::min_element(state->waiting.begin(), state->waiting.end(), [](const auto& a, const auto& b) { return a.until < b.until; });
        const Milliseconds left = first->until - state->world.ticks();
        if (left.count() > 0) {
            co_await state->world.sleep(left);
            continue;
        }
        std::unique_ptr<SmtpConnection> connection = std::move(first->connection);
        state->waiting.erase(first);
        if (connection->session().usable()) state->world.spawn(quit(std::move(connection)));
    }
    state->expiring = false;
}

}  // namespace ph::deliver

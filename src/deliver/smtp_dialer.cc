// deliver/smtp_dialer.cc: the race of connections. World::connect cannot be called back, so an attempt that lost ends by itself at its
// timeout; the state it reports to is shared and outlives the Dialer.
#include "deliver/smtp_dialer.h"

#include <utility>

namespace ph::deliver {
namespace {

constexpr std::size_t max_at_once = 3;  // also a destination with twenty dead addresses holds no more sockets than this

}  // namespace

struct Dialer::State {
    State(io::World& the_world, std::vector<Hop> the_hops, Milliseconds the_timeout, Milliseconds the_stagger)
        : world(the_world), hops(std::move(the_hops)), timeout(the_timeout), stagger(the_stagger), changed(the_world) {}

    io::World& world;
    std::vector<Hop> hops;
    Milliseconds timeout;
    Milliseconds stagger;
    io::Signal changed;
    std::size_t started = 0;
    std::size_t running = 0;
    bool start_next = true;  // the one before failed, or has had its head start
    bool abandoned = false;
    std::deque<Dialed> ready;
    std::optional<DialFailure> failure;
    std::size_t failed_hop = 0;
};

Dialer::Dialer(io::World& world, std::vector<Hop> hops, Milliseconds timeout, Milliseconds stagger)
    : state_(std::make_shared<State>(world, std::move(hops), timeout, stagger)) {}

Dialer::~Dialer() {
    state_->abandoned = true;
    state_->ready.clear();
}

const std::optional<DialFailure>& Dialer::failure() const {
    return state_->failure;
}

io::Task<void> Dialer::dial(std::shared_ptr<State> state, std::size_t index) {
    const Hop hop = state->hops[index];
    auto stream = co_await state->world.connect(hop.endpoint, std::nullopt, state->timeout);
    --state->running;
    if (state->abandoned) co_return;
    if (stream) {
        state->ready.push_back(Dialed{hop, *std::move(stream)});
    } else {
        if (!state->failure || index < state->failed_hop) {
            state->failure.emplace(DialFailure{hop, std::move(stream).error()});
            state->failed_hop = index;
        }
        state->start_next = true;
    }
    state->changed.notify();
}

io::Task<std::optional<Dialed>> Dialer::next() {
    const std::shared_ptr<State> state = state_;
    state->start_next = true;
    while (true) {
        if (!state->ready.empty()) {
            std::optional<Dialed> dialed(std::move(state->ready.front()));
            state->ready.pop_front();
            co_return dialed;
        }
        const bool more = state->started < state->hops.size() && state->running < max_at_once;
        if (more && (state->start_next || state->running == 0)) {
            state->start_next = false;
            ++state->running;
            const std::size_t index = state->started++;
            if (state->hops.size() == 1) {  // nobody to race against: no task of its own
                co_await dial(state, index);
            } else {
                state->world.spawn(dial(state, index));
            }
            continue;
        }
        if (state->running == 0) co_return std::nullopt;
        const bool told = co_await state->changed.wait(more ? state->stagger : io::never);
        if (!told) state->start_next = true;
    }
}

}  // namespace ph::deliver

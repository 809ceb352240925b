// smtp/server/test_client.h: a client and the caller of a session in one, in memory, for the tests: it performs the actions, keeps what the
// server said and what it was given to keep, and lets go of received octets as early as the contract allows, so that ASan sees who keeps a view.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "smtp/replies.h"
#include "smtp/server/session.h"

namespace ph::smtp {

class TestClient {
  public:
    using Answer = std::function<Reply(Stage, std::string_view argument)>;

    explicit TestClient(Dialect dialect = Dialect::smtp, ServerParams params = {})
        : params_(std::move(params)), session_(dialect, params_, "mx.example.net", {"192.0.2.1", 4321}) {}

    // From the greeting on. The connection is lost when the action with this number is to be performed.
    void lose_at(std::size_t action) { lose_at_ = action; }
    void start() { perform(session_.step(event::Connected{})); }
    void send(std::string_view bytes) {
        if (closed) return;
        PH_ASSERT(reading_);
        // In a place of their own, which goes as soon as the next action is performed.
        const auto octets = std::make_unique<std::string>(bytes);
        reading_ = false;
        perform(session_.step(event::Received{*octets}));
    }
    void send_octets(std::string_view bytes) {
        for (const char c : bytes) send({&c, 1});
    }
    void time_out() {
        if (ends()) perform(session_.step(event::TimedOut{}));
    }
    void stop() {
        if (ends()) perform(session_.step(event::Stopping{}));
    }
    void hang_up() {
        if (ends()) perform(session_.step(event::PeerClosed{}));
    }
    // What the server said since the last call.
    std::string take_said() { return std::exchange(said, {}); }
    ServerSession& session() { return session_; }

    std::string said;
    std::vector<std::string> messages;  // content of the committed ones
    std::vector<std::size_t> accepted;  // recipients of each
    std::vector<std::size_t> appends;   // sizes
    std::string draft;
    bool begun = false;
    bool closed = false;
    std::size_t actions = 0;
    std::size_t writes = 0;
    std::size_t discards = 0;
    Seconds timeout{};
    Answer answer = [](Stage, std::string_view) { return reply_ok(); };
    std::deque<Reply> commit_answers;
    std::deque<Reply> append_failures;

  private:
    bool ends() {
        reading_ = false;
        return !closed;
    }
    void perform(Action action) {
        while (!closed && !reading_) {
            if (actions++ == lose_at_ && !std::holds_alternative<action::Close>(action)) {
                lost_ = true;
                // Whether the action was begun before the loss or not, the session speaks of it as begun.
                if (std::holds_alternative<action::Append>(action)) begun = true;
                if (std::holds_alternative<action::Commit>(action) || std::holds_alternative<action::Discard>(action)) begun = false;
                action = session_.step(event::PeerClosed{});
                continue;
            }
            std::visit([&](auto& want) { on(want, action); }, action);
        }
    }

    void on(action::Read& want, Action&) {
        PH_ASSERT(!lost_);
        timeout = want.timeout;
        reading_ = true;
    }
    void on(action::Write& want, Action& next) {
        PH_ASSERT(!lost_ && !want.bytes.empty());
        ++writes;
        said += want.bytes;
        next = session_.step(event::Written{});
    }
    void on(action::Ask& want, Action& next) {
        PH_ASSERT(!lost_);
        std::string argument(want.argument);
        if (want.recipient != nullptr) argument = '<' + to_text(want.recipient->address) + '>';
        next = session_.step(event::Answered{answer(want.stage, argument)});
    }
    void on(action::Append& want, Action& next) {
        PH_ASSERT(!lost_);
        begun = true;
        appends.push_back(want.bytes.size());
        if (!append_failures.empty()) {
            event::AppendFailed failed{append_failures.front()};
            append_failures.pop_front();
            next = session_.step(std::move(failed));
            return;
        }
        draft += want.bytes;
        next = session_.step(event::Written{});
    }
    void on(action::Discard&, Action& next) {
        PH_ASSERT(begun);
        begun = false;
        draft.clear();
        ++discards;
        next = session_.step(event::Written{});
    }
    void on(action::Commit&, Action& next) {
        PH_ASSERT(begun && !lost_ && !session_.recipients().empty());
        begun = false;
        const std::size_t count = session_.dialect() == Dialect::lmtp ? session_.recipients().size() : 1;
        event::Committed committed;
        for (std::size_t i = 0; i < count; ++i) {
            committed.replies.push_back(commit_answers.empty() ? reply_ok() : commit_answers.front());
            if (!commit_answers.empty()) commit_answers.pop_front();
        }
        messages.push_back(std::exchange(draft, {}));
        accepted.push_back(session_.recipients().size());
        next = session_.step(std::move(committed));
    }
    void on(action::Close&, Action&) {
        PH_ASSERT(!begun);  // nothing is left with the caller
        closed = true;
    }

    ServerParams params_;
    ServerSession session_;
    std::size_t lose_at_ = SIZE_MAX;
    bool reading_ = false;
    bool lost_ = false;
};

}  // namespace ph::smtp

// smtp/client/conversation.cc: from what a script waits for to the actions of the driver, and back (RFC 5321 3.8, RFC 2920).
// When the peer stops taking our bytes, it is still read once: servers that close in the middle of a message often say why before.
#include "smtp/client/conversation.h"

#include <algorithm>

#include "base/assert.h"

namespace ph::smtp::client {
namespace {

// After a broken write the reply is in the buffers already, or will never come.
constexpr Milliseconds last_words_timeout{5000};

}  // namespace

void Conversation::abandon(PeerReply why) {
    if (!lost_) lost_ = std::move(why);
    out_.clear();
    in_.clear();
}

Action Conversation::step(const Event& event, Script& script) {
    if (std::holds_alternative<event::Connected>(event)) {
        script.start();
    } else {
        std::visit(
            [this](const auto& what) {
                if constexpr (!std::is_same_v<decltype(what), const event::Connected&>) on(what);
            },
            event);
    }
    return next(script);
}

Action Conversation::next(const Script& script) {
    if (script.done()) return action::Close{};
    switch (want_) {
        case Want::reply:
            if (!out_.empty()) return action::Write{out_, block_timeout_};
            return action::Read{write_broken_ ? std::min(timeout_, last_words_timeout) : timeout_, std::exchange(reading_, true)};
        case Want::body:
            return action::WriteBody{out_, framing_, block_timeout_};
        case Want::transaction:
            return action::Idle{};
        case Want::nothing:
            break;
    }
    PH_ASSERT(false);
    return action::Close{};
}

void Conversation::wait(std::coroutine_handle<> script, Want want) {
    waiting_ = script;
    want_ = want;
}

void Conversation::wait_for_reply(std::coroutine_handle<> script, Milliseconds timeout, On421 on_421) {
    wait(script, Want::reply);
    reading_ = false;
    timeout_ = timeout;
    on_421_ = on_421;
}

void Conversation::wait_for_body(std::coroutine_handle<> script, Framing framing) {
    wait(script, Want::body);
    framing_ = framing;
}

void Conversation::resume() {
    want_ = Want::nothing;
    std::exchange(waiting_, {}).resume();
}

bool Conversation::answered_already(On421 on_421) {
    if (lost_) {
        out_.clear();
        answer_ = *lost_;
        return true;
    }
    on_421_ = on_421;
    return out_.empty() && take_reply({});
}

// From what was left over, then from `bytes`; keeps what is left of them.
bool Conversation::take_reply(std::string_view bytes) {
    if (!in_.empty()) {
        in_.erase(0, parser_.feed(in_));
        if (parser_.done()) in_.append(bytes);  // RFC 2920: several replies come at once
    }
    if (!parser_.done()) {
        bytes.remove_prefix(parser_.feed(bytes));
        in_.assign(bytes);
    }
    if (!parser_.done()) return false;
    answer_ = parser_.take();
    if (answer_.lost != Lost::no || (answer_.code == 421 && on_421_ == On421::ends)) abandon(answer_);
    return true;
}

void Conversation::on(const event::Received& received) {
    PH_ASSERT(want_ == Want::reply && out_.empty());
    if (take_reply(received.bytes)) resume();
}

void Conversation::on(const event::Written& /*written*/) {
    PH_ASSERT(want_ == Want::reply || want_ == Want::body);
    out_.clear();
    if (want_ == Want::body) {
        body_end_ = BodyEnd::sent;
        resume();
    } else if (take_reply({})) {
        resume();
    }
}

void Conversation::on(const event::Gone& gone) {
    const bool writing = want_ == Want::body || (want_ == Want::reply && !out_.empty());
    if (writing && gone.how == Lost::closed) {
        write_broken_ = true;
        out_.clear();
        if (want_ == Want::body || take_reply({})) resume();
        return;
    }
    std::string heard = parser_.remains();
    abandon(PeerReply::gone(gone.how, heard.empty() ? gone.text : std::move(heard)));
    answer_ = *lost_;
    resume();
}

void Conversation::on(const event::BodyFailed& /*failed*/) {
    PH_ASSERT(want_ == Want::body);
    // Half a message is on the wire: the peer must not take it for a whole one, so nothing more is said, not even QUIT.
    abandon(PeerReply::gone(Lost::closed));
    body_end_ = BodyEnd::failed;
    resume();
}

void Conversation::on(const event::Transact& transact) {
    PH_ASSERT(want_ == Want::transaction && transact.transaction != nullptr);
    transaction_ = transact.transaction;
    resume();
}

void Conversation::on(const event::Quit& /*quit*/) {
    PH_ASSERT(want_ == Want::transaction);
    resume();
}

}  // namespace ph::smtp::client

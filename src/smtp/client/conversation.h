// smtp/client/conversation.h: what the client's scripts await: a reply, the content sent, the next transaction. Between them and step() it
// turns each wait into actions, and a lost connection into replies: from then on every command is answered by PeerReply::gone() at once, so
// that a script needs no branch for it and cannot forget one.
#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "smtp/client/action.h"
#include "smtp/client/script.h"

namespace ph::smtp::client {

enum class BodyEnd : std::uint8_t {
    sent,
    broken,  // the peer stopped taking it; it may have said why
    failed,  // our own store did not give it
};

enum class On421 : std::uint8_t {
    ends,    // RFC 5321 3.8: the server closes; nothing more is asked of it
    stands,  // LMTP: the reply is about one recipient, others follow
};

class Conversation {
  public:
    explicit Conversation(Milliseconds block_timeout) : block_timeout_(block_timeout) {}

    // Commands are collected here and sent when the script awaits something.
    std::string& out() { return out_; }
    // The connection can still be used.
    bool usable() const { return !lost_; }
    // No more use of it: every further command is answered with `why`.
    void abandon(PeerReply why);

    struct AwaitReply {
        Conversation& talk;
        Milliseconds timeout;
        On421 on_421;
        bool await_ready() const { return talk.answered_already(on_421); }
        void await_suspend(std::coroutine_handle<> script) const { talk.wait_for_reply(script, timeout, on_421); }
        PeerReply await_resume() const { return std::move(talk.answer_); }
    };
    struct AwaitBody {
        Conversation& talk;
        Framing framing;
        bool await_ready() const { return !talk.usable(); }
        void await_suspend(std::coroutine_handle<> script) const { talk.wait_for_body(script, framing); }
        BodyEnd await_resume() const { return std::exchange(talk.body_end_, BodyEnd::broken); }
    };
    struct AwaitTransaction {
        Conversation& talk;
        bool await_ready() const { return !talk.usable(); }
        void await_suspend(std::coroutine_handle<> script) const { talk.wait(script, Want::transaction); }
        const Transaction* await_resume() const { return std::exchange(talk.transaction_, nullptr); }
    };
    AwaitReply reply(Milliseconds timeout, On421 on_421 = On421::ends) { return {*this, timeout, on_421}; }
    AwaitBody body(Framing framing) { return {*this, framing}; }
    // nullptr: there is none any more, or the connection is gone.
    AwaitTransaction next_transaction() { return {*this}; }

    // Runs `script` with what the event brought, up to its next wait.
    Action step(const Event& event, Script& script);

  private:
    enum class Want : std::uint8_t { nothing, reply, body, transaction };

    void wait(std::coroutine_handle<> script, Want want);
    void wait_for_reply(std::coroutine_handle<> script, Milliseconds timeout, On421 on_421);
    void wait_for_body(std::coroutine_handle<> script, Framing framing);
    bool answered_already(On421 on_421);
    bool take_reply(std::string_view bytes);
    void resume();
    Action next(const Script& script);

    void on(const event::Received& received);
    void on(const event::Written& written);
    void on(const event::Gone& gone);
    void on(const event::BodyFailed& failed);
    void on(const event::Transact& transact);
    void on(const event::Quit& quit);

    Milliseconds block_timeout_;
    std::string out_;  // commands not sent yet
    std::string in_;   // received beyond the reply that was waited for; never more than one event brought
    PeerReplyParser parser_;
    std::optional<PeerReply> lost_;

    std::coroutine_handle<> waiting_;
    Want want_ = Want::nothing;
    Milliseconds timeout_{};
    On421 on_421_ = On421::ends;
    Framing framing_ = Framing::dots;
    bool write_broken_ = false;
    bool reading_ = false;  // a Read for this reply has been asked for before

    PeerReply answer_;
    BodyEnd body_end_ = BodyEnd::broken;
    const Transaction* transaction_ = nullptr;
};

}  // namespace ph::smtp::client

// smtp/server/state.h: what a server session remembers, shared by the files of the verbs. The machine (what may come next, the buffers) is in
// session.cc, the way of the content in content.cc, each verb in the file of its name.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/content_scanner.h"
#include "smtp/replies.h"
#include "smtp/server/input.h"
#include "smtp/server/session.h"
#include "smtp/server/verbs.h"
#include "smtp/syntax/content_decoder.h"

namespace ph::smtp {

// Content on its way, from DATA or the first BDAT to the reply; an idle session has none of it.
struct Content {
    explicit Content(Framing framing) : decoder(framing) {}

    ContentDecoder decoder;
    mail::ContentScanner scanner;
    ContentFacts facts;            // after the end
    std::string gathered;          // content that could not stay where it came, until it is appended
    std::uint64_t size = 0;        // accepted so far
    std::uint64_t dropped = 0;     // read after it was clear that the message is refused
    std::optional<Reply> refusal;  // what the client gets at the end
    std::uint64_t chunk_size = 0;  // BDAT: as announced
    std::uint64_t chunk_left = 0;
    bool last_chunk = false;
    bool too_big = false;        // `refusal` is told with the size, at the end
    bool of_transaction = true;  // false: a chunk that comes out of order, only to be taken away
};

struct ServerSession::State {
    State(Dialect its_dialect, const ServerParams& its_params, std::string its_hostname, Client its_client);

    // What the caller is doing for us.
    enum class Awaits : std::uint8_t { connected, read, write, append, discard, commit, connect, helo, mail, rcpt, data, chunk, vrfy, close };
    enum class Mode : std::uint8_t { commands, data, chunk };

    Action on(event::Connected&);
    Action on(event::Received&);
    Action on(event::PeerClosed&);
    Action on(event::TimedOut&);
    Action on(event::Stopping&);
    Action on(event::Answered&);
    Action on(event::Written&);
    Action on(event::AppendFailed&);
    Action on(event::Committed&);

    // Handlers of the verbs: an action, or nothing when the reply is said and the next command may be looked at.
    std::optional<Action> on_helo(std::string_view argument);
    std::optional<Action> on_ehlo(std::string_view argument);
    std::optional<Action> on_mail(std::string_view argument);
    std::optional<Action> on_rcpt(std::string_view argument);
    std::optional<Action> on_data(std::string_view argument);
    std::optional<Action> on_bdat(std::string_view argument);
    std::optional<Action> on_rset(std::string_view argument);
    std::optional<Action> on_noop(std::string_view argument);
    std::optional<Action> on_vrfy(std::string_view argument);
    std::optional<Action> on_help(std::string_view argument);
    std::optional<Action> on_quit(std::string_view argument);
    // What policy answered to their questions.
    void after_connect(const Reply& answer);
    void after_helo(const Reply& answer);
    void after_mail(const Reply& answer);
    void after_rcpt(const Reply& answer);
    void after_data(const Reply& answer);
    void after_chunk(Reply& answer);
    void after_vrfy(const Reply& answer);

    // session.cc: the machine.
    Action run();
    std::optional<Action> take_command();
    enum class Line : std::uint8_t { none, whole, too_long, characters };
    Line take_line(std::string_view& line);
    Line skip_line();
    std::optional<Action> execute(std::string_view line);
    Action read(Seconds timeout);
    Action write();
    Action discard();
    Action ask(Awaits question, Stage stage, const mail::Recipient* recipient = nullptr, std::string_view asked = {});
    std::optional<Action> say(const Reply& reply);  // nothing: `return say(...)` ends a handler
    void count(const Reply& reply);
    Reply too_many_errors() const;
    void close_after(const Reply& reply);
    void end_transaction();

    // ehlo.cc
    std::optional<Action> greet(std::string_view name, bool with_extensions);
    // rcpt.cc: why the recipient is refused before policy is asked.
    std::optional<Reply> parse_recipient(std::string_view argument, mail::Recipient& recipient);
    Reply no_recipients() const;  // data.cc
    // content.cc
    std::optional<Action> take_content();
    std::optional<Action> take_octets(std::string_view in);
    std::optional<Action> append(std::string_view bytes);
    std::optional<Action> drop(std::uint64_t octets);
    std::optional<Action> content_ended();
    std::optional<Action> chunk_ended();
    std::optional<Reply> content_refusal() const;
    void refuse_content();
    void say_to_all(const Reply& reply);

    bool lmtp() const { return dialect == Dialect::lmtp; }

    const ServerParams& params;
    std::string hostname;
    Client client;
    std::string helo;
    std::string previous_helo;  // while policy is asked about a new one; for VRFY the argument
    mail::Envelope envelope;
    std::vector<mail::Recipient> recipients;
    std::unique_ptr<mail::Recipient> asked_recipient;  // while policy is asked about it
    std::unique_ptr<Content> content;
    std::unique_ptr<Reply> greeting_refusal;  // then nothing but QUIT is taken (RFC 5321 3.1)

    Input input;
    std::string out;                                // replies that were not sent yet, or are being sent
    std::array<std::string_view, 3> last_errors{};  // names of replies, the latest first
    std::uint32_t errors = 0;
    std::uint64_t commands = 0;
    std::uint32_t commands_without_mail = 0;
    std::uint32_t messages = 0;
    std::uint32_t refused_recipients = 0;  // of this transaction
    Dialect dialect;
    Phase phase = Phase::fresh;
    Mode mode = Mode::commands;
    Awaits awaits = Awaits::connected;
    enum class Skip : std::uint8_t { no, too_long, characters } skip = Skip::no;  // the rest of a broken line is dropped
    bool extended = false;
    bool asked_extended = false;  // what the helo in question is
    bool content_begun = false;   // the caller has octets of a message that is neither committed nor discarded
    bool closing = false;         // when all is written: Close
};

}  // namespace ph::smtp

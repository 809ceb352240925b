// smtp/server/session.cc: the machine of the server session: events in, actions out; command lines cut from the input, replies gathered so that
// a pipelined group costs one Write (RFC 2920 3.2). Only CRLF ends a command; a line that is broken is never executed, not even in part.
#include "smtp/server/session.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "catalogue/replies.h"
#include "smtp/server/state.h"
#include "smtp/syntax/command.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

constexpr std::size_t max_command = 512;    // RFC 5321 4.5.3.1.4, with CRLF
constexpr std::size_t max_extended = 2048;  // MAIL and RCPT, with what SIZE, BODY, DSN (RFC 3461 4: 500 for ORCPT) and SMTPUTF8 add
constexpr std::size_t flush_size = 16 * 1024;

bool takes_extended(std::string_view line) {
    return starts_with_ignoring_case(line, "MAIL") || starts_with_ignoring_case(line, "RCPT");
}

bool has_control(std::string_view line) {
    return std::any_of(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

// Situation 98: a web browser, or a header that some program sends where commands belong.
bool is_http_or_header(std::string_view verb) {
    constexpr std::array<std::string_view, 8> methods = {"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH"};
    if (std::find(methods.begin(), methods.end(), verb) != methods.end()) return true;
    const std::size_t colon = verb.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    return std::all_of(verb.begin(), verb.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

ServerSession::ServerSession(Dialect dialect, const ServerParams& params, std::string hostname, Client client)
    : state_(std::make_unique<State>(dialect, params, std::move(hostname), std::move(client))) {}
ServerSession::~ServerSession() = default;

Action ServerSession::step(Event event) {
    Action action = std::visit([this](auto& what) { return state_->on(what); }, event);
    state_->input.keep();
    return action;
}

const Client& ServerSession::client() const {
    return state_->client;
}
std::string_view ServerSession::hostname() const {
    return state_->hostname;
}
std::string_view ServerSession::helo() const {
    return state_->helo;
}
bool ServerSession::extended() const {
    return state_->extended;
}
Dialect ServerSession::dialect() const {
    return state_->dialect;
}
const mail::Envelope& ServerSession::envelope() const {
    return state_->envelope;
}
const std::vector<mail::Recipient>& ServerSession::recipients() const {
    return state_->recipients;
}
const ContentFacts& ServerSession::content() const {
    static const ContentFacts none{};
    if (const Content* content = state_->content.get()) return content->facts;
    return none;
}
std::uint64_t ServerSession::commands() const {
    return state_->commands;
}
std::string_view ServerSession::protocol() const {
    if (state_->lmtp()) return state_->envelope.smtputf8 ? "UTF8LMTP" : "LMTP";
    if (!state_->extended) return "SMTP";
    return state_->envelope.smtputf8 ? "UTF8SMTP" : "ESMTP";
}

ServerSession::State::State(Dialect its_dialect, const ServerParams& its_params, std::string its_hostname, Client its_client)
    : params(its_params), hostname(std::move(its_hostname)), client(std::move(its_client)), dialect(its_dialect) {}

Action ServerSession::State::on(event::Connected&) {
    PH_ASSERT(awaits == Awaits::connected);
    return ask(Awaits::connect, Stage::connect);
}

Action ServerSession::State::on(event::Received& received) {
    PH_ASSERT(awaits == Awaits::read);
    input.receive(received.bytes);
    return run();
}

// RFC 5321 4.1.1.10: a transaction that was not finished is aborted.
Action ServerSession::State::on(event::PeerClosed&) {
    out.clear();
    input.clear();
    closing = true;
    return run();
}

Action ServerSession::State::on(event::TimedOut&) {
    PH_ASSERT(awaits == Awaits::read);
    close_after(refuse(refusal::session_timeout));
    return run();
}

Action ServerSession::State::on(event::Stopping&) {
    PH_ASSERT(awaits == Awaits::read);
    close_after(refuse(refusal::stopping));
    return run();
}

Action ServerSession::State::on(event::Answered& answered) {
    switch (awaits) {
        case Awaits::connect:
            after_connect(answered.reply);
            break;
        case Awaits::helo:
            after_helo(answered.reply);
            break;
        case Awaits::mail:
            after_mail(answered.reply);
            break;
        case Awaits::rcpt:
            after_rcpt(answered.reply);
            break;
        case Awaits::data:
            after_data(answered.reply);
            break;
        case Awaits::chunk:
            after_chunk(answered.reply);
            break;
        case Awaits::vrfy:
            after_vrfy(answered.reply);
            break;
        default:
            PH_ASSERT(false);
    }
    return run();
}

Action ServerSession::State::on(event::Written&) {
    PH_ASSERT(awaits == Awaits::write || awaits == Awaits::append || awaits == Awaits::discard);
    if (awaits == Awaits::write) std::string().swap(out);
    return run();
}

Action ServerSession::State::on(event::AppendFailed& failed) {
    PH_ASSERT(awaits == Awaits::append && content != nullptr);
    content->refusal = std::move(failed.reply);
    return run();
}

Action ServerSession::State::on(event::Committed& committed) {
    PH_ASSERT(awaits == Awaits::commit && !committed.replies.empty());
    PH_ASSERT(!lmtp() || committed.replies.size() == recipients.size());
    // RFC 2033 4.2: one reply for each recipient that was accepted, in their order.
    for (std::size_t i = 0; i < (lmtp() ? committed.replies.size() : 1); ++i) {
        const Reply& reply = committed.replies[i];
        if (reply.positive()) {
            errors = 0;
            commands_without_mail = 0;
        }
        say(reply);
    }
    ++messages;
    end_transaction();
    return run();
}

Action ServerSession::State::run() {
    while (true) {
        if (closing) {
            content.reset();
            mode = Mode::commands;
        }
        if (content_begun && content == nullptr) return discard();
        if (closing && out.empty()) {
            awaits = Awaits::close;
            return action::Close{};
        }
        if (closing || out.size() >= flush_size) return write();
        if (auto action = mode == Mode::commands ? take_command() : take_content()) return *action;
    }
}

std::optional<Action> ServerSession::State::take_command() {
    if (errors >= params.max_errors) {
        close_after(too_many_errors());
        return std::nullopt;
    }
    std::string_view line;
    const Line taken = take_line(line);
    if (taken != Line::none) ++commands;
    switch (taken) {
        case Line::none:
            return read(params.command_timeout);
        case Line::too_long:
            return say(refuse(refusal::command_too_long));
        case Line::characters:
            return say(refuse(refusal::command_characters));
        case Line::whole:
            break;
    }
    return execute(line);
}

// RFC 5321 2.3.8: lines end with CRLF, and CR and LF stand nowhere else. To a bare LF there is an answer at once, because someone who
// types waits for one; what follows it, up to a CRLF, is part of the same broken line.
ServerSession::State::Line ServerSession::State::take_line(std::string_view& line) {
    if (skip != Skip::no) {
        if (const Line found = skip_line(); found != Line::whole) return found;
    }
    const std::string_view rest = input.rest();
    const std::size_t line_feed = rest.find('\n');
    if (std::min(line_feed, rest.size()) > max_extended) {
        skip = Skip::too_long;
        return Line::too_long;
    }
    if (line_feed == std::string_view::npos) return Line::none;
    if (line_feed == 0 || rest[line_feed - 1] != '\r') {
        input.take(line_feed + 1);
        skip = Skip::characters;
        return Line::characters;
    }
    line = rest.substr(0, line_feed - 1);
    input.take(line_feed + 1);
    if (line.size() + 2 > (takes_extended(line) ? max_extended : max_command)) return Line::too_long;
    return has_control(line) ? Line::characters : Line::whole;
}

// Drops the rest of a broken line. `whole`: it is gone.
ServerSession::State::Line ServerSession::State::skip_line() {
    while (true) {
        const std::string_view rest = input.rest();
        const std::size_t line_feed = rest.find('\n');
        if (line_feed == std::string_view::npos) {
            input.take(rest.size() - (rest.ends_with('\r') ? 1 : 0));  // a CR may yet be half of CRLF
            return Line::none;
        }
        input.take(line_feed + 1);
        if (line_feed != 0 && rest[line_feed - 1] == '\r') {
            skip = Skip::no;
            return Line::whole;
        }
        if (skip == Skip::characters) return Line::characters;
    }
}

std::optional<Action> ServerSession::State::execute(std::string_view line) {
    if (!is_utf8(line)) return say(refuse(refusal::bad_utf8));
    const CommandLine command = split_command(line);
    const Verb* verb = find_verb(command.verb, dialect);
    if (greeting_refusal != nullptr && (verb == nullptr || verb->word != "QUIT")) return say(*greeting_refusal);
    if (verb == nullptr) {
        if (is_http_or_header(command.verb)) return say(refuse(refusal::http_or_header));
        return say(refuse(refusal::unknown_command));
    }
    if (verb->argument == Argument::none && !command.argument.empty()) return say(refuse(refusal::no_parameters_allowed, {{"text", verb->word}}));
    const status::OwnReply* refused = verb->refusal(phase);
    if (refused != nullptr && verb->follows != Follows::content) return say(refuse(*refused));
    return (this->*verb->run)(command.argument);
}

Action ServerSession::State::read(Seconds timeout) {
    if (!out.empty()) return write();
    input.release();
    if (content != nullptr) std::string().swap(content->gathered);
    awaits = Awaits::read;
    return action::Read{timeout};
}

Action ServerSession::State::write() {
    awaits = Awaits::write;
    return action::Write{out};
}

Action ServerSession::State::discard() {
    content_begun = false;
    awaits = Awaits::discard;
    return action::Discard{};
}

Action ServerSession::State::ask(Awaits question, Stage stage, const mail::Recipient* recipient, std::string_view asked) {
    awaits = question;
    return action::Ask{stage, recipient, asked};
}

std::optional<Action> ServerSession::State::say(const Reply& reply) {
    // RFC 6531 3.5: replies are ASCII unless the client asked for SMTPUTF8.
    const bool as_it_is =
        envelope.smtputf8 || std::all_of(reply.text.begin(), reply.text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (as_it_is) {
        append_wire(out, reply);
    } else {
        Reply plain = reply;
        std::replace_if(
            plain.text.begin(), plain.text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
        append_wire(out, plain);
    }
    if (reply.closes()) closing = true;
    count(reply);
    return std::nullopt;
}

// Situation 100. Only what is refused for good counts: a client that is put off does nothing wrong by trying its other recipients.
void ServerSession::State::count(const Reply& reply) {
    if (reply.code.value() < 500) return;
    ++errors;
    std::rotate(last_errors.begin(), last_errors.end() - 1, last_errors.end());
    last_errors.front() = reply.name.empty() ? std::string_view("policy") : reply.name;
}

Reply ServerSession::State::too_many_errors() const {
    std::string names;
    for (const std::string_view name : last_errors) {
        if (name.empty()) break;
        if (!names.empty()) names += ", ";
        names += name;
    }
    return refuse(refusal::too_many_errors, {{"text", names}});
}

void ServerSession::State::close_after(const Reply& reply) {
    closing = true;
    append_wire(out, reply);
}

// Back to where MAIL may come. Content that the caller has is discarded by run().
void ServerSession::State::end_transaction() {
    content.reset();
    mode = Mode::commands;
    envelope = {};
    std::vector<mail::Recipient>().swap(recipients);
    refused_recipients = 0;
    if (phase != Phase::fresh) phase = Phase::greeted;
}

}  // namespace ph::smtp

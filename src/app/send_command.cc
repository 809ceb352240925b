// app/send_command.cc: `posthorn send`: a message from a file or standard input, handed to the server over SMTP as any mail program would,
// with its answer for each recipient explained when it refuses.
#include <algorithm>
#include <unistd.h>

#include "app/catalogue_source.h"
#include "app/command.h"
#include "app/console.h"
#include "app/files.h"
#include "app/settings.h"
#include "deliver/smtp_connection.h"
#include "explain/explainer.h"
#include "explain/report_text.h"
#include "io/run_to_end.h"
#include "server/snapshot.h"

namespace ph::app {
namespace {

constexpr std::size_t max_message = 1024U * 1024 * 1024;
constexpr Milliseconds connect_patience = Seconds(30);

struct Sending {
    deliver::Hop hop;
    std::string hostname;
    smtp::client::Transaction transaction;
    std::string message;
    std::string trouble;  // no session came about: why
    smtp::client::TransactionResult result;
};

// Lines end in CRLF on the wire, however the file has them.
std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.append(line).append("\r\n");
        at = end + 1;
    }
    return out;
}

io::Task<void> hand_in(io::RealWorld& world, Sending& sending) {
    auto stream = co_await world.connect(sending.hop.endpoint, std::nullopt, connect_patience);
    if (!stream) {
        sending.trouble = "cannot reach the server at " + to_text(sending.hop.endpoint) + ": " + stream.error().message + "; is it running?";
        co_return;
    }
    const smtp::ClientParams params;
    deliver::SmtpConnection connection(world, sending.hop, *std::move(stream), smtp::client::Protocol::smtp, params, sending.hostname);
    co_await connection.open();
    if (!connection.session().usable()) {
        const auto& refusal = connection.session().refusal();
        sending.trouble = "the server does not want to talk: " + (refusal ? refusal->reply.text : std::string("the connection ended"));
        co_return;
    }
    deliver::Content content;
    content.recoded = &sending.message;
    co_await connection.transact(sending.transaction, content);
    sending.result = connection.session().result();
    if (connection.session().usable()) co_await connection.quit();
}

// Where users hand in mail, or else where other servers do; "any address" is reached over loopback.
std::optional<io::Endpoint> door(const server::ServerParams& params) {
    const server::Doors doors = server::doors_of(params);
    const auto& endpoints = !doors.submission.empty() ? doors.submission : doors.smtp;
    if (endpoints.empty()) return std::nullopt;
    io::Endpoint endpoint = endpoints.front();
    if (!endpoint.is_local() && endpoint.address.bytes == decltype(endpoint.address.bytes){}) {
        endpoint.address = *io::IpAddress::parse(endpoint.address.v6 ? "::1" : "127.0.0.1");
    }
    return endpoint;
}

std::string default_sender(const std::string& hostname) {
    const char* user = getlogin();
    return std::string(user != nullptr ? user : "root") + '@' + hostname;
}

// A server that takes no more recipients with this copy, or a session that broke off, says nothing about the address.
bool is_permanent(const smtp::client::RecipientResult& result) {
    using smtp::client::Fate;
    switch (result.fate) {
        case Fate::too_large:
        case Fate::no_smtputf8:
        case Fate::no_eight_bit:
        case Fate::bad_address:
            return true;
        default:
            return result.reply.permanent();
    }
}

Exit tell(Context& context, const Sending& sending) {
    std::vector<Fault> faults;
    const status::Catalogue catalogue = load_catalogue(context.settings.app.catalogue_directory, faults);
    explain::Explainer explainer(catalogue);
    Exit exit = Exit::ok;
    for (std::size_t i = 0; i < sending.result.recipients.size(); ++i) {
        const smtp::client::RecipientResult& result = sending.result.recipients[i];
        const std::string address = mail::to_text(sending.transaction.recipients[i].address);
        context.console.print(address + ": " + (result.reply.text.empty() ? "not sent" : result.reply.text) + '\n');
        if (result.fate == smtp::client::Fate::delivered) continue;
        exit = is_permanent(result) ? Exit::permanent : std::max(exit, Exit::temporary);
        std::string report;
        if (!result.reply.text.empty()) {
            explain::append_report(report, explainer.diagnose(result.reply.text), context.console.style(context.console.language()));
        }
        context.console.print(report);
    }
    return exit;
}

}  // namespace

Exit run_send(Context& context) {
    const Arguments& arguments = context.arguments;
    Console& console = context.console;
    if (arguments.words().empty()) return console.fail(Exit::usage, "send: say to whom: posthorn send ADDRESS...");
    Sending sending;
    sending.hostname = server::own_hostname(context.settings.server.server);
    if (sending.hostname.empty()) sending.hostname = "localhost";
    const std::string from(arguments.value("from").value_or(default_sender(sending.hostname)));
    const Result<mail::Mailbox> reverse_path = from.empty() ? Result<mail::Mailbox>(mail::Mailbox{}) : mail::parse_mailbox(from);
    if (!reverse_path) return console.fail(Exit::usage, "send: '" + from + "' is no address: " + reverse_path.error().message);
    sending.transaction.reverse_path = *reverse_path;
    for (const std::string_view word : arguments.words()) {
        const Result<mail::Mailbox> address = mail::parse_mailbox(word);
        if (!address) return console.fail(Exit::usage, "send: '" + std::string(word) + "' is no address: " + address.error().message);
        mail::Recipient recipient;
        recipient.address = *address;
        sending.transaction.recipients.push_back(recipient);
    }
    const auto endpoint = door(context.settings.server.server);
    if (!endpoint) return console.fail(Exit::config, "send: the server listens nowhere: set server.smtp_listen");
    sending.hop = {"localhost", *endpoint};
    const Result<std::string> text = read_file(std::string(arguments.value("file").value_or("-")), max_message);
    if (!text) return console.fail(Exit::no_input, "send: " + to_text(text.error()));
    sending.message = with_crlf(*text);
    sending.transaction.size = sending.message.size();
    sending.transaction.eight_bit = std::ranges::any_of(sending.message, [](char c) { return static_cast<unsigned char>(c) > 127; });
    io::RealWorld world;
    io::run_to_end(world, hand_in(world, sending));
    if (!sending.trouble.empty()) return console.fail(Exit::temporary, "send: " + sending.trouble);
    return tell(context, sending);
}

}  // namespace ph::app

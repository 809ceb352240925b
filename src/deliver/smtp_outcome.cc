// deliver/smtp_outcome.cc: statuses and texts of SMTP deliveries. The enhanced code of the peer is kept where it agrees with its basic code
// (RFC 3464 2.3.4); otherwise the basic code and the command say what can be said. At the greeting a 5yz becomes 4.x: it is about the host.
#include "deliver/smtp_outcome.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "deliver/finding.h"

namespace ph::deliver {
namespace {

using smtp::Lost;
using smtp::client::Command;

constexpr std::size_t max_text = 1000;

// A reply of several lines in one, as DSNs and logs carry it; fit for a header field.
std::string in_one_line(std::string_view text) {
    std::string line = to_valid_utf8(text.substr(0, max_text));
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return line;
}

RecipientOutcome at(const Hop& hop, status::EnhancedCode status, std::uint32_t situation, std::string text) {
    RecipientOutcome outcome = finding(status, situation, std::move(text));
    outcome.remote_host = hop.host;
    outcome.remote_address = io::to_text(hop.endpoint);
    return outcome;
}

std::string_view doing(Command command) {
    switch (command) {
        case Command::greeting:
            return "receiving the initial server greeting";
        case Command::ehlo:
            return "performing the EHLO handshake";
        case Command::helo:
            return "performing the HELO handshake";
        case Command::lhlo:
            return "performing the LHLO handshake";
        case Command::mail:
            return "sending MAIL FROM";
        case Command::rcpt:
            return "sending RCPT TO";
        case Command::data:
            return "sending DATA command";
        case Command::bdat:
            return "sending BDAT command";
        case Command::content:
            return "sending end of data -- message may be sent more than once";
    }
    return "";
}

// Situations 106 and 115.
RecipientOutcome lost(const Hop& hop, const smtp::PeerReply& reply, Command command) {
    const std::string where = std::string(doing(command));
    std::string text;
    if (reply.lost == Lost::garbage) {
        text = "Protocol error: host " + name_of(hop) + " said: " + in_one_line(reply.text);
        if (command != Command::greeting) text += " (in reply to " + std::string(to_text(command)) + " command)";
    } else if (reply.lost == Lost::timed_out) {
        text = "conversation with " + name_of(hop) + " timed out while " + where;
    } else {
        text = "lost connection with " + name_of(hop) + " while " + where;
    }
    const bool garbage = reply.lost == Lost::garbage;
    RecipientOutcome outcome = at(hop, garbage ? status::EnhancedCode{4, 5, 0} : status::EnhancedCode{4, 4, 2}, garbage ? 115 : 106, std::move(text));
    outcome.reply = reply;
    outcome.command = std::string(to_text(command));
    return outcome;
}

// RFC 5321 4.5.3.1.10: 552 to RCPT for too many recipients is an old way to say 452.
bool is_only_for_now(const smtp::PeerReply& reply, Command command) {
    return reply.code == 552 && command == Command::rcpt && reply.enhanced == status::EnhancedCode{5, 5, 3};
}

}  // namespace

std::string name_of(const Hop& hop) {
    return hop.host + '[' + (hop.endpoint.is_local() ? hop.endpoint.path : io::to_text(hop.endpoint.address)) + ']';
}

status::EnhancedCode derived_status(std::uint16_t code, Command command) {
    const auto code_class = static_cast<std::uint8_t>(code / 100);
    const auto is = [&](std::uint16_t subject, std::uint16_t detail) { return status::EnhancedCode{code_class, subject, detail}; };
    switch (code) {
        case 421:
        case 521:
            return is(3, 2);
        case 450:
            return command == Command::rcpt ? is(2, 0) : is(0, 0);
        case 451:
            return is(3, 0);
        case 452:
            return is(3, 1);
        case 454:
        case 530:
            return is(7, 0);
        case 455:
        case 501:
        case 504:
        case 555:
            return is(5, 4);
        case 500:
            return is(5, 2);
        case 502:
        case 503:
            return is(5, 1);
        case 535:
            return is(7, 8);
        case 551:
            return is(1, 6);
        case 552:
            return command == Command::rcpt ? is(2, 2) : is(3, 4);
        case 553:
            return command == Command::mail ? is(1, 7) : is(1, 3);
        case 556:
            return is(1, 10);
        default:
            return is(0, 0);
    }
}

RecipientOutcome connect_failed(const Hop& hop, const io::IoFault& fault) {
    std::string_view why = fault.message;
    Lost how = Lost::unreachable;
    if (fault.trouble == io::IoTrouble::refused) {
        why = "Connection refused";
        how = Lost::refused;
    } else if (fault.trouble == io::IoTrouble::timed_out) {
        why = "Connection timed out";
        how = Lost::timed_out;
    } else if (fault.trouble == io::IoTrouble::unreachable && why.empty()) {
        why = "Network is unreachable";
    }
    const std::string place = hop.endpoint.is_local() ? name_of(hop) : name_of(hop) + ':' + std::to_string(hop.endpoint.port);
    // Without descriptors or memory of our own nothing was learnt about the host.
    const bool ours = fault.trouble == io::IoTrouble::exhausted;
    RecipientOutcome outcome = at(hop, ours ? status::EnhancedCode{4, 3, 2} : status::EnhancedCode{4, 4, 1}, ours ? 0 : 105,
                                  "connect to " + place + ": " + in_one_line(why));
    outcome.reply = smtp::PeerReply::gone(how);
    return outcome;
}

RecipientOutcome host_refused(const Hop& hop, const smtp::ClientSession::Refusal& refusal) {
    const smtp::PeerReply& reply = refusal.reply;
    if (reply.lost != Lost::no) return lost(hop, reply, refusal.command);
    status::EnhancedCode status = reply.enhanced.value_or(derived_status(reply.code, refusal.command));
    status.code_class = 4;
    if (status.subject == 0 && status.detail == 0) status = {4, 3, 2};
    RecipientOutcome outcome = at(hop, status, 113, "host " + name_of(hop) + " refused to talk to me: " + in_one_line(reply.text));
    outcome.reply = reply;
    outcome.diagnostic_type = "smtp";
    outcome.command = std::string(to_text(refusal.command));
    return outcome;
}

RecipientOutcome answered(const Hop& hop, const smtp::client::RecipientResult& result) {
    const smtp::PeerReply& reply = result.reply;
    if (reply.lost != Lost::no) return lost(hop, reply, result.command);
    const bool delivered = reply.positive();
    status::EnhancedCode status =
        delivered ? reply.enhanced.value_or(status::EnhancedCode{2, 0, 0}) : reply.enhanced.value_or(derived_status(reply.code, result.command));
    if (is_only_for_now(reply, result.command)) status.code_class = 4;
    const std::string command(to_text(result.command));
    std::string text =
        delivered ? in_one_line(reply.text) : "host " + name_of(hop) + " said: " + in_one_line(reply.text) + " (in reply to " + command + " command)";
    RecipientOutcome outcome = at(hop, status, delivered ? 0 : 114, std::move(text));
    if (delivered) outcome.ending = Ending::delivered;
    outcome.reply = reply;
    outcome.diagnostic_type = "smtp";
    outcome.command = command;
    return outcome;
}

RecipientOutcome unfit(const Hop& hop, status::EnhancedCode status, std::uint32_t situation, std::string text) {
    return at(hop, status, situation, std::move(text));
}

bool is_host_trouble(const smtp::client::RecipientResult& result) {
    return result.fate == smtp::client::Fate::refused && (result.reply.lost != Lost::no || result.reply.code == 421);
}

}  // namespace ph::deliver

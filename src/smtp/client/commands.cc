// smtp/client/commands.cc: MAIL and RCPT as lines (RFC 5321 4.1.1.2, 4.1.1.3; RFC 1870, 6152, 6531, 3461). The addresses come from other
// people: is_writable() keeps those off the wire that would become commands of their own.
#include "smtp/client/commands.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::smtp::client {
namespace {

constexpr std::string_view hex = "0123456789ABCDEF";

// RFC 3461 4: xtext
void append_xtext(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 32 && byte < 127 && c != '+' && c != '=') {
            out += c;
        } else {
            out += {'+', hex[byte >> 4U], hex[byte & 15U]};
        }
    }
}

// RFC 6533 3: utf-8-addr-unitext where UTF-8 may stand on the wire, utf-8-addr-xtext with \x{HEX} where not.
void append_utf8_address(std::string& out, std::string_view text, bool smtputf8) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        const bool plain = point.value > 32 && point.value < 127 && point.value != '+' && point.value != '=' && point.value != '\\';
        if (plain || (smtputf8 && point.valid && point.value > 127)) {
            out.append(text.substr(at, point.length));
        } else {
            std::string digits;
            for (char32_t rest = point.value; rest != 0; rest >>= 4U) digits.insert(digits.begin(), hex[rest & 15U]);
            out += "\\x{" + (digits.size() < 2 ? std::string(2 - digits.size(), '0') + digits : digits) + "}";
        }
        at += point.length;
    }
}

// RFC 3461 4.2: addr-type ";" xtext
void append_orcpt(std::string& out, std::string_view orcpt, bool smtputf8) {
    const std::size_t semicolon = orcpt.find(';');
    if (semicolon == std::string_view::npos) return;
    const std::string_view type = orcpt.substr(0, semicolon);
    if (type.empty() || !std::all_of(type.begin(), type.end(), [](char c) { return is_alnum(c) || c == '-'; })) return;
    out += " ORCPT=";
    out.append(type);
    out += ';';
    if (equals_ignoring_case(type, "utf-8")) return append_utf8_address(out, orcpt.substr(semicolon + 1), smtputf8);
    append_xtext(out, orcpt.substr(semicolon + 1));
}

void append_notify(std::string& out, mail::Notify notify) {
    if (notify.bits == 0) return;
    out += " NOTIFY=";
    if ((notify.bits & mail::Notify::never) != 0) {  // RFC 3461 4.1: NEVER stands alone
        out += "NEVER";
        return;
    }
    constexpr std::array<std::pair<std::uint8_t, std::string_view>, 3> words = {
        {{mail::Notify::success, "SUCCESS"}, {mail::Notify::failure, "FAILURE"}, {mail::Notify::delay, "DELAY"}}};
    bool first = true;
    for (const auto& [bit, word] : words) {
        if ((notify.bits & bit) == 0) continue;
        if (!first) out += ',';
        out.append(word);
        first = false;
    }
}

}  // namespace

std::string_view to_text(Command command) {
    switch (command) {
        case Command::greeting:
            return "";
        case Command::ehlo:
            return "EHLO";
        case Command::helo:
            return "HELO";
        case Command::lhlo:
            return "LHLO";
        case Command::mail:
            return "MAIL FROM";
        case Command::rcpt:
            return "RCPT TO";
        case Command::data:
            return "DATA";
        case Command::bdat:
            return "BDAT";
        case Command::content:
            return "end of DATA";
    }
    return "";
}

void append_mail(std::string& out, const Transaction& transaction, const Offers& offers, Wishes wishes) {
    out += "MAIL FROM:<" + mail::to_text(transaction.reverse_path) + '>';
    if (offers.size_parameter) out += " SIZE=" + std::to_string(transaction.size);
    if (transaction.binary && offers.binary_mime) {
        out += " BODY=BINARYMIME";
    } else if (transaction.eight_bit && offers.eight_bit) {
        out += " BODY=8BITMIME";
    }
    if (wishes.smtputf8) out += " SMTPUTF8";
    if (wishes.dsn && transaction.ret != mail::Ret::unset) out += transaction.ret == mail::Ret::full ? " RET=FULL" : " RET=HDRS";
    if (wishes.dsn && !transaction.envid.empty()) {
        out += " ENVID=";
        append_xtext(out, transaction.envid);
    }
    out += "\r\n";
}

void append_rcpt(std::string& out, const mail::Recipient& recipient, Wishes wishes) {
    out += "RCPT TO:<" + mail::to_text(recipient.address) + '>';
    if (wishes.dsn) {
        append_notify(out, recipient.notify);
        append_orcpt(out, recipient.orcpt, wishes.smtputf8);
    }
    out += "\r\n";
}

bool is_writable(const mail::Mailbox& mailbox) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; };
    const auto outside = [](char c) { return c == '<' || c == '>' || c == ' ' || c == '"' || c == '\\'; };
    return std::none_of(mailbox.local_part.begin(), mailbox.local_part.end(), control) &&
           std::none_of(mailbox.domain.begin(), mailbox.domain.end(), [&](char c) { return control(c) || outside(c); });
}

}  // namespace ph::smtp::client

// mail/trace.cc: writes trace fields. RFC 5321 4.4 gives Received: a strict grammar that loop detection and people rely on; what a client says
// of itself is put in only where it fits that grammar, and into a comment where it does not.
#include "mail/trace.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/address_literal.h"
#include "mail/field_writer.h"

namespace ph::mail {
namespace {

// RFC 5322 3.2.2: in a comment, parentheses and backslashes would need quoting; none of them tells anything here.
std::string comment_text(std::string_view text) {
    constexpr std::size_t max_comment = 255;
    std::string clean = clean_ascii_value(text, max_comment);
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return c == '(' || c == ')' || c == '\\'; }, '?');
    return clean;
}

bool is_protocol(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

// RFC 5321 4.4: TCP-info = address-literal / ( Domain FWS address-literal ).
std::string tcp_info(const Received& received) {
    const std::string literal = address_literal(received.client_address);
    if (literal.empty()) return "(local)";
    if (!is_domain(received.client_name)) return "(" + literal + ")";
    return "(" + std::string(received.client_name) + " " + literal + ")";
}

// RFC 5321 4.4: From-domain = "FROM" FWS Extended-Domain. A HELO that is no domain stands in a comment behind the address.
std::string from_clause(const Received& received) {
    if (is_domain(received.helo) || is_address_literal(received.helo)) {
        return "from " + std::string(received.helo) + " " + tcp_info(received);
    }
    const std::string literal = address_literal(received.client_address);
    if (literal.empty()) return {};
    std::string clause = "from " + literal + " " + tcp_info(received);
    if (!received.helo.empty()) clause += " (HELO " + comment_text(received.helo) + ")";
    return clause;
}

// RFC 6531 3.7.3: a UTF-8 address stands in the clause only of a message that came with SMTPUTF8.
bool has_for_clause(const Received& received) {
    if (received.recipient == nullptr || received.recipient->is_null()) return false;
    return received.recipient->is_ascii() || received.protocol.starts_with("UTF8");
}

std::string address_text(const Mailbox& mailbox) {
    return clean_value(to_text(mailbox), max_path);
}

}  // namespace

std::string received_field(const Received& received) {
    const std::string from = from_clause(received);
    std::string field = "Received: " + from;
    if (!from.empty()) field += "\r\n\t";
    field += "by " + clean_value(received.hostname, max_domain) + " (Posthorn)";
    if (is_protocol(received.protocol)) field += " with " + std::string(received.protocol);
    field += " id " + to_text(received.id);
    if (!received.tls.empty()) field += "\r\n\t(" + comment_text(received.tls) + ")";
    if (has_for_clause(received)) field += "\r\n\tfor <" + address_text(*received.recipient) + ">";
    return field + ";\r\n\t" + rfc5322_date(received.when) + "\r\n";
}

std::string return_path_field(const Mailbox& reverse_path) {
    return "Return-Path: <" + address_text(reverse_path) + ">\r\n";
}

std::string delivered_to_field(const Mailbox& recipient) {
    return "Delivered-To: " + address_text(recipient) + "\r\n";
}

std::string date_field(TimePoint when) {
    return "Date: " + rfc5322_date(when) + "\r\n";
}

std::string message_id_field(std::string_view unique, std::string_view hostname) {
    return "Message-ID: <" + clean_value(unique, max_local_part) + "@" + clean_value(hostname, max_domain) + ">\r\n";
}

}  // namespace ph::mail

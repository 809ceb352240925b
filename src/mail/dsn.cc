// mail/dsn.cc: puts a notice together: the text for people, the fields for programs, the message it is about. 7-bit as long as it can be:
// only a notice to a UTF-8 address, or about a UTF-8 message whose sender takes that, has UTF-8 outside of encoded parts (RFC 6533).
#include "mail/dsn.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/display.h"
#include "base/utf8.h"
#include "mail/downgrade.h"
#include "mail/encoded_word.h"
#include "mail/field_writer.h"
#include "mail/header_section.h"
#include "mail/octets.h"
#include "mail/trace.h"
#include "mail/transfer_encoding.h"

namespace ph::mail {
namespace {

constexpr std::size_t text_columns = 76;
constexpr std::size_t max_text = 32 * 1024;  // of all texts together
constexpr std::size_t max_diagnostic = 1000;
constexpr std::size_t max_address = 500;      // RFC 3461 4.2 for ORCPT; a mailbox is shorter
constexpr std::size_t max_xtext = 1500;       // holds every mailbox
constexpr std::size_t max_envelope_id = 100;  // RFC 3461 4.4
constexpr std::size_t max_header_octets = 64 * 1024;
constexpr std::size_t max_line = 998;   // RFC 5322 2.1.1
constexpr std::size_t end_room = 2000;  // for the part header and the last delimiter

struct ActionWords {
    std::string_view word;
    status::Bilingual subject;
};
// In the order of DsnAction.
constexpr std::array<ActionWords, 5> action_words = {{
    {"failed", {"Mail not delivered", "邮件未送达"}},
    {"delayed", {"Mail delayed, still trying", "邮件延迟，仍在重试"}},
    {"delivered", {"Mail delivered", "邮件已送达"}},
    {"relayed", {"Mail passed on", "邮件已转交下一台服务器"}},
    {"expanded", {"Mail passed on to a list", "邮件已分发给列表成员"}},
}};

bool is_boundary(std::string_view text) {
    return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), is_alnum);
}

// Whether each CR and LF of `text` stands in a CRLF, there is no NUL, and no line is over 998 octets.
bool has_plain_lines(std::string_view text) {
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
        if (!pair && (text[at] == '\r' || text[at] == '\n' || text[at] == '\0')) return false;
        if (pair) start = ++at + 1;
        if (at >= start + max_line) return false;
    }
    return true;
}

// One text as lines for every screen: no control characters, at most 76 columns.
std::string plain_lines(std::string_view text) {
    std::string out;
    while (!text.empty() && out.size() < max_text) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line = printable(to_valid_utf8(text.substr(0, end)));
        if (display_width(line) <= text_columns) {
            out.append(line.substr(0, line.find_last_not_of(' ') + 1)).append("\r\n");
        } else {
            for (const std::string& part : wrap(line, text_columns)) out.append(part).append("\r\n");
        }
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return out;
}

class DsnBuilder {
  public:
    explicit DsnBuilder(const Dsn& dsn);
    DsnMessage build();

  private:
    void header();
    void text_part();
    void status_part();
    void recipient_fields(const DsnRecipient& recipient);
    void original_part();
    bool append_whole_message();
    void append_headers();
    std::string returned_headers() const;

    void part(std::string_view type, std::string_view encoding = {});
    void field(std::string_view name, std::string_view value) { append_field(out_, name, value); }
    std::string value(std::string_view text, std::size_t max) const;
    std::string typed_address(std::string_view type, std::string_view address) const;
    std::string original_recipient(std::string_view orcpt) const;

    const Dsn& dsn_;
    std::string_view original_header_;
    bool utf8_ = false;
    std::string out_;
};

bool any_utf8_address(const Dsn& dsn) {
    return std::any_of(dsn.recipients.begin(), dsn.recipients.end(),
                       [](const DsnRecipient& one) { return !one.final_recipient.is_ascii() || has_high_octet(one.original_recipient); });
}

DsnBuilder::DsnBuilder(const Dsn& dsn) : dsn_(dsn) {
    const auto section = HeaderSection::parse(dsn.original.substr(0, max_header_octets));
    original_header_ = dsn.original.substr(0, section ? section->size() : 0);
    // RFC 6533 4.1: UTF-8 goes to a sender who showed that it takes it.
    const bool about_utf8 = any_utf8_address(dsn) || (has_high_octet(original_header_) && is_utf8(original_header_));
    utf8_ = !dsn.reverse_path.is_ascii() || (dsn.smtputf8 && about_utf8);
}

DsnMessage DsnBuilder::build() {
    header();
    text_part();
    status_part();
    original_part();
    out_ += "\r\n--" + dsn_.boundary + "--\r\n";
    const bool eight_bit = has_high_octet(out_);
    return {std::move(out_), eight_bit, utf8_};
}

std::string DsnBuilder::value(std::string_view text, std::size_t max) const {
    return utf8_ ? clean_value(text, max) : clean_ascii_value(text, max);
}

// Of several outcomes the worst gives the subject: a failure must not hide behind a success.
DsnAction worst_action(const Dsn& dsn) {
    const auto less = [](const DsnRecipient& a, const DsnRecipient& b) { return a.action < b.action; };
    return std::min_element(dsn.recipients.begin(), dsn.recipients.end(), less)->action;
}

void DsnBuilder::header() {
    const std::string host = value(dsn_.reporting_mta, max_domain);
    const status::Bilingual subject = dsn_subject(worst_action(dsn_));
    out_ += date_field(dsn_.now);
    field("From", "Mail Delivery System <MAILER-DAEMON@" + host + ">");
    field("To", dsn_.reverse_path.is_null() ? "undisclosed-recipients:;" : "<" + value(to_text(dsn_.reverse_path), max_path) + ">");
    field("Subject", std::string(subject.en) + " / " + encode_words(subject.zh));
    out_ += message_id_field(dsn_.unique, host);
    // RFC 3834 3.1.5: the answer names what it answers.
    const auto original = HeaderSection::parse(original_header_);
    const std::string id = original ? original->value("Message-ID") : std::string();
    const bool sane = id.size() > 2 && id.size() <= 255 && id.front() == '<' && id.find('>') == id.size() - 1;
    if (sane && std::all_of(id.begin(), id.end(), [](char c) { return c > 32 && c < 127; })) {
        field("In-Reply-To", id);
        field("References", id);
    }
    field("Auto-Submitted", "auto-replied");  // RFC 3834 5
    field("MIME-Version", "1.0");
    field("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + dsn_.boundary + "\"");
    if (utf8_) field("Content-Transfer-Encoding", "8bit");
    out_ += "\r\nThis is a MIME-encapsulated message.\r\n";
}

void DsnBuilder::part(std::string_view type, std::string_view encoding) {
    out_ += "\r\n--" + dsn_.boundary + "\r\n";
    field("Content-Type", type);
    if (!encoding.empty()) field("Content-Transfer-Encoding", encoding);
}

void DsnBuilder::text_part() {
    std::string text;
    for (const std::string& one : dsn_.texts) {
        if (!text.empty()) text += "\r\n";
        text += plain_lines(one);
    }
    if (text.size() > max_text) text.resize(text.rfind("\r\n", max_text - 2) + 2);
    constexpr std::string_view type = "text/plain; charset=utf-8";
    // The boundary cannot be guessed. Should it stand in the text all the same, base64 hides it.
    const bool suspect = text.find(dsn_.boundary) != std::string::npos;
    if (!suspect && !has_high_octet(text) && has_plain_lines(text)) {
        part(type);
        out_ += "\r\n" + text;
    } else if (!suspect && quoted_printable_size(text) <= base64_size(text)) {
        part(type, "quoted-printable");
        out_ += "\r\n" + encode_quoted_printable(text);
    } else {
        part(type, "base64");
        out_ += "\r\n" + encode_base64(text);
    }
}

void DsnBuilder::status_part() {
    if (utf8_) {
        part("message/global-delivery-status", "8bit");  // RFC 6533 4
    } else {
        part("message/delivery-status");
    }
    out_ += "\r\n";
    // RFC 3464 2.2: the fields of the message.
    if (!dsn_.envelope_id.empty()) field("Original-Envelope-Id", value(dsn_.envelope_id, max_envelope_id));
    field("Reporting-MTA", "dns; " + value(dsn_.reporting_mta, max_domain));
    field("Arrival-Date", rfc5322_date(dsn_.arrival));
    for (const DsnRecipient& recipient : dsn_.recipients) recipient_fields(recipient);
}

// RFC 3464 2.3: the fields of a recipient, behind an empty line.
void DsnBuilder::recipient_fields(const DsnRecipient& recipient) {
    out_ += "\r\n";
    const std::string address = to_text(recipient.final_recipient);
    if (!recipient.original_recipient.empty()) field("Original-Recipient", original_recipient(recipient.original_recipient));
    field("Final-Recipient", typed_address("rfc822", address));
    field("Action", to_text(recipient.action));
    field("Status", status::to_text(recipient.status));
    if (!recipient.remote_mta.empty()) field("Remote-MTA", "dns; " + value(recipient.remote_mta, max_domain));
    if (!recipient.diagnostic.empty()) {
        std::string text = recipient.diagnostic;
        std::replace_if(text.begin(), text.end(), is_blank, ' ');
        const std::string type = clean_ascii_value(recipient.diagnostic_type, 40);
        const bool atom = !type.empty() && std::all_of(type.begin(), type.end(), [](char c) { return is_alnum(c) || c == '-'; });
        field("Diagnostic-Code", (atom ? type : "x-unknown") + "; " + value(text, max_diagnostic));
    }
    if (recipient.last_attempt) field("Last-Attempt-Date", rfc5322_date(*recipient.last_attempt));
    if (recipient.will_retry_until && recipient.action == DsnAction::delayed) field("Will-Retry-Until", rfc5322_date(*recipient.will_retry_until));
}

// RFC 6533 3: a UTF-8 address has the type utf-8; where only ASCII may stand, it is written as xtext.
std::string DsnBuilder::typed_address(std::string_view type, std::string_view address) const {
    const std::string clean = clean_value(address, max_address);
    if (!has_high_octet(clean)) return std::string(type) + "; " + clean;
    return "utf-8; " + (utf8_ ? clean : utf8_address_xtext(clean).substr(0, max_xtext));
}

// RFC 3461 5.2.1 (c): as the sender gave it, in its type.
std::string DsnBuilder::original_recipient(std::string_view orcpt) const {
    const std::size_t semicolon = orcpt.find(';');
    if (semicolon == std::string_view::npos) return typed_address("rfc822", orcpt);
    const std::string type = clean_ascii_value(orcpt.substr(0, semicolon), 40);
    const std::string_view address = orcpt.substr(semicolon + 1);
    const bool atom = !type.empty() && std::all_of(type.begin(), type.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
    return typed_address(atom ? type : "unknown", trim(address));
}

void DsnBuilder::original_part() {
    // The boundary cannot be guessed; if it stands there all the same, the message would end the notice.
    if (dsn_.original.empty() || dsn_.original.find(dsn_.boundary) != std::string_view::npos) return;
    if (dsn_.ret == Ret::full && dsn_.original_whole && append_whole_message()) return;
    append_headers();
}

// False if it is too large or cannot be made to pass.
bool DsnBuilder::append_whole_message() {
    const std::size_t room = max_dsn_size - std::min(max_dsn_size, out_.size() + end_room);
    if (dsn_.original.size() > room) return false;
    const auto message = downgrade(dsn_.original, utf8_ ? NextHop::eight_bit : NextHop::seven_bit);
    if (!message || message->size() > room) return false;
    const bool global = has_high_octet(original_header_) && is_utf8(original_header_);
    part(global ? "message/global" : "message/rfc822", has_high_octet(*message) ? "8bit" : "");
    out_ += "\r\n" + *message;
    return true;
}

void DsnBuilder::append_headers() {
    const std::string headers = returned_headers();
    if (headers.empty()) return;
    const bool global = has_high_octet(headers);
    part(global ? "message/global-headers" : "text/rfc822-headers", global ? "8bit" : "");
    out_ += "\r\n" + headers;
}

// The fields that are whole and fit. In a 7-bit notice a UTF-8 Subject becomes encoded words, and elsewhere '?' stands for what is not ASCII:
// broken mail is returned too, and its sender has to recognise it.
std::string DsnBuilder::returned_headers() const {
    const std::size_t room = std::min(max_header_octets, max_dsn_size - std::min(max_dsn_size, out_.size() + end_room));
    const auto section = HeaderSection::parse(original_header_);
    if (!section) return {};
    std::string headers;
    for (const HeaderField& header : section->fields()) {
        if (!header.whole.ends_with('\n')) break;
        std::string text;
        if (has_plain_lines(header.whole) && (!has_high_octet(header.whole) || (utf8_ && is_utf8(header.whole)))) {
            text = header.whole;
        } else if (header.is("Subject") && is_utf8(header.value)) {
            append_field(text, header.name, encode_words(header.unfolded()));
        } else {
            append_field(text, header.name, clean_ascii_value(header.unfolded(), max_diagnostic));
        }
        if (headers.size() + text.size() > room) break;
        headers += text;
    }
    return headers;
}

}  // namespace

std::string_view to_text(DsnAction action) {
    return action_words[static_cast<std::size_t>(action)].word;
}

status::Bilingual dsn_subject(DsnAction action) {
    return action_words[static_cast<std::size_t>(action)].subject;
}

Result<DsnMessage> build_dsn(const Dsn& dsn) {
    if (dsn.recipients.empty()) return fail(FaultKind::missing, "a delivery status notification without a recipient");
    if (dsn.recipients.size() > max_dsn_recipients) return fail(FaultKind::too_large, "too many recipients for one delivery status notification");
    if (!is_boundary(dsn.boundary)) return fail(FaultKind::bad_value, "a boundary has 1 to 60 letters and digits");
    DsnBuilder builder(dsn);
    return builder.build();
}

std::string utf8_address_xtext(std::string_view address) {
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    std::string out;
    for (std::size_t at = 0; at < address.size();) {
        const CodePoint point = decode_utf8(address, at);
        at += point.length;
        // RFC 6533 3: QCHAR is printable ASCII but '\', '+' and '='.
        if (point.value > 0x20 && point.value < 0x7F && point.value != '\\' && point.value != '+' && point.value != '=') {
            out += static_cast<char>(point.value);
            continue;
        }
        std::string hex;
        for (char32_t rest = point.value; rest != 0 || hex.size() < 2; rest >>= 4U) hex.insert(hex.begin(), hex_digits[rest & 15U]);
        out += "\\x{" + hex + "}";
    }
    return out;
}

}  // namespace ph::mail

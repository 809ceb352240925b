// spool/codec.cc: one list of fields for each struct, read and written side by side. A tag is never used again for something else.
#include "spool/codec.h"

#include "spool/wire.h"

namespace ph::spool {
namespace {

namespace info_tag {
enum : std::uint32_t {
    reverse_path = 1,
    body,
    smtputf8,
    ret,
    envid,
    declared_size,
    client,
    helo,
    protocol,
    arrived_with,
    arrived,
    eight_bit,
    notice
};
}
namespace job_tag {
enum : std::uint32_t { recipient = 1, reverse_path, last, delay_told, protocol_errors };
}
namespace recipient_tag {
enum : std::uint32_t { address = 1, notify, orcpt, original, expanded, tell_expanded, last_status, since };
}
namespace last_tag {
enum : std::uint32_t { at = 1, cause, reply, status, remote, command };
}

// The length of the local part, the local part, the domain. The null path is the empty value.
std::string encode_mailbox(const mail::Mailbox& mailbox) {
    std::string out;
    if (mailbox.is_null()) return out;
    append_varint(out, mailbox.local_part.size());
    out += mailbox.local_part;
    out += mailbox.domain;
    return out;
}

bool decode(std::string_view bytes, mail::Mailbox& mailbox) {
    std::uint64_t length = 0;
    if (bytes.empty()) {
        mailbox = {};
        return true;
    }
    if (!take_varint(bytes, length) || length > bytes.size()) return false;
    mailbox.local_part = bytes.substr(0, length);
    mailbox.domain = bytes.substr(length);
    return true;
}

std::uint64_t pack(status::EnhancedCode code) {
    return code.code_class * 1'000'000ULL + code.subject * 1000ULL + code.detail;
}
status::EnhancedCode unpack(std::uint64_t value) {
    if (value >= 10'000'000) return {};
    return {static_cast<std::uint8_t>(value / 1'000'000), static_cast<std::uint16_t>(value / 1000 % 1000), static_cast<std::uint16_t>(value % 1000)};
}

// An enum that a newer program extended reads as its first value.
template <typename Enum>
Enum enum_from(std::uint64_t value, Enum last) {
    return value <= static_cast<std::uint64_t>(last) ? static_cast<Enum>(value) : Enum{};
}

std::string encode_recipient(const PendingRecipient& pending) {
    std::string out;
    FieldWriter fields(out);
    fields.bytes(recipient_tag::address, encode_mailbox(pending.recipient.address));
    fields.number(recipient_tag::notify, pending.recipient.notify.bits);
    fields.bytes(recipient_tag::orcpt, pending.recipient.orcpt);
    if (pending.original != pending.recipient.address) fields.nested(recipient_tag::original, encode_mailbox(pending.original));
    fields.number(recipient_tag::expanded, pending.expanded ? 1 : 0);
    fields.number(recipient_tag::tell_expanded, pending.tell_expanded ? 1 : 0);
    fields.number(recipient_tag::last_status, pack(pending.last_status));
    fields.time(recipient_tag::since, pending.since);
    return out;
}

bool read_recipient_field(const Field& field, PendingRecipient& pending, bool& has_original) {
    switch (field.tag) {
        case recipient_tag::address:
            return decode(field.bytes, pending.recipient.address);
        case recipient_tag::notify:
            pending.recipient.notify.bits = static_cast<std::uint8_t>(field.number & 15U);
            return true;
        case recipient_tag::orcpt:
            pending.recipient.orcpt = field.bytes;
            return true;
        case recipient_tag::original:
            has_original = true;
            return decode(field.bytes, pending.original);
        case recipient_tag::expanded:
            pending.expanded = field.number != 0;
            return true;
        case recipient_tag::tell_expanded:
            pending.tell_expanded = field.number != 0;
            return true;
        case recipient_tag::last_status:
            pending.last_status = unpack(field.number);
            return true;
        case recipient_tag::since:
            pending.since = field.time();
            return true;
        default:
            return true;
    }
}

bool decode(std::string_view bytes, PendingRecipient& pending) {
    FieldReader fields(bytes);
    bool has_original = false;
    for (Field field; fields.next(field);) {
        if (!read_recipient_field(field, pending, has_original)) return false;
    }
    if (!has_original) pending.original = pending.recipient.address;
    return !fields.broken();
}

std::string encode_last(const LastAttempt& last) {
    std::string out;
    FieldWriter fields(out);
    fields.time(last_tag::at, last.at);
    fields.bytes(last_tag::cause, last.cause);
    fields.bytes(last_tag::reply, last.reply);
    fields.bytes(last_tag::status, last.status);
    fields.bytes(last_tag::remote, last.remote);
    fields.bytes(last_tag::command, last.command);
    return out;
}

bool decode(std::string_view bytes, LastAttempt& last) {
    FieldReader fields(bytes);
    for (Field field; fields.next(field);) {
        switch (field.tag) {
            case last_tag::at:
                last.at = field.time();
                break;
            case last_tag::cause:
                last.cause = field.bytes;
                break;
            case last_tag::reply:
                last.reply = field.bytes;
                break;
            case last_tag::status:
                last.status = field.bytes;
                break;
            case last_tag::remote:
                last.remote = field.bytes;
                break;
            case last_tag::command:
                last.command = field.bytes;
                break;
            default:
                break;
        }
    }
    return !fields.broken();
}

bool read_field(const Field& field, MessageInfo& info) {
    mail::Envelope& envelope = info.envelope;
    switch (field.tag) {
        case info_tag::reverse_path:
            return decode(field.bytes, envelope.reverse_path);
        case info_tag::body:
            envelope.body = enum_from(field.number, mail::BodyType::binary_mime);
            return true;
        case info_tag::smtputf8:
            envelope.smtputf8 = field.number != 0;
            return true;
        case info_tag::ret:
            envelope.ret = enum_from(field.number, mail::Ret::headers);
            return true;
        case info_tag::envid:
            envelope.envid = field.bytes;
            return true;
        case info_tag::declared_size:
            envelope.declared_size = field.number;
            return true;
        case info_tag::client:
            info.origin.client = field.bytes;
            return true;
        case info_tag::helo:
            info.origin.helo = field.bytes;
            return true;
        case info_tag::protocol:
            info.origin.protocol = field.bytes;
            return true;
        case info_tag::arrived_with:
            info.origin.arrived_with = field.bytes;
            return true;
        case info_tag::arrived:
            info.arrived = field.time();
            return true;
        case info_tag::eight_bit:
            info.eight_bit = field.number != 0;
            return true;
        case info_tag::notice:
            info.notice = field.number != 0;
            return true;
        default:
            return true;
    }
}

bool read_field(const Field& field, JobData& data) {
    switch (field.tag) {
        case job_tag::recipient:
            return data.recipients.size() < max_recipients_in_job && decode(field.bytes, data.recipients.emplace_back());
        case job_tag::reverse_path:
            return decode(field.bytes, data.reverse_path);
        case job_tag::last:
            return decode(field.bytes, data.last);
        case job_tag::delay_told:
            data.delay_told = field.number != 0;
            return true;
        case job_tag::protocol_errors:
            data.protocol_errors = static_cast<std::uint16_t>(field.number > UINT16_MAX ? UINT16_MAX : field.number);
            return true;
        default:
            return true;
    }
}

// The version octet, then the fields.
template <typename Struct>
Result<Struct> decode_all(std::string_view bytes, std::string_view what) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != codec_version) {
        return fail(FaultKind::malformed, std::string(what) + (bytes.empty() ? " is empty" : " has a version that this program does not know"));
    }
    Struct value;
    FieldReader fields(bytes.substr(1));
    for (Field field; fields.next(field);) {
        if (!read_field(field, value))
            return fail(FaultKind::malformed, std::string(what) + " is damaged before offset " + std::to_string(fields.offset() + 1));
    }
    if (fields.broken()) return fail(FaultKind::malformed, std::string(what) + " is damaged at offset " + std::to_string(fields.offset() + 1));
    return value;
}

}  // namespace

std::string encode(const MessageInfo& info) {
    std::string out(1, static_cast<char>(codec_version));
    FieldWriter fields(out);
    const mail::Envelope& envelope = info.envelope;
    fields.bytes(info_tag::reverse_path, encode_mailbox(envelope.reverse_path));
    fields.number(info_tag::body, static_cast<std::uint64_t>(envelope.body));
    fields.number(info_tag::smtputf8, envelope.smtputf8 ? 1 : 0);
    fields.number(info_tag::ret, static_cast<std::uint64_t>(envelope.ret));
    fields.bytes(info_tag::envid, envelope.envid);
    fields.number(info_tag::declared_size, envelope.declared_size);
    fields.bytes(info_tag::client, info.origin.client);
    fields.bytes(info_tag::helo, info.origin.helo);
    fields.bytes(info_tag::protocol, info.origin.protocol);
    fields.bytes(info_tag::arrived_with, info.origin.arrived_with);
    fields.time(info_tag::arrived, info.arrived);
    fields.number(info_tag::eight_bit, info.eight_bit ? 1 : 0);
    fields.number(info_tag::notice, info.notice ? 1 : 0);
    return out;
}

std::string encode(const JobData& data) {
    std::string out(1, static_cast<char>(codec_version));
    FieldWriter fields(out);
    for (const PendingRecipient& pending : data.recipients) fields.nested(job_tag::recipient, encode_recipient(pending));
    fields.bytes(job_tag::reverse_path, encode_mailbox(data.reverse_path));
    fields.bytes(job_tag::last, encode_last(data.last));
    fields.number(job_tag::delay_told, data.delay_told ? 1 : 0);
    fields.number(job_tag::protocol_errors, data.protocol_errors);
    return out;
}

Result<MessageInfo> decode_message_info(std::string_view bytes) {
    return decode_all<MessageInfo>(bytes, "the envelope of the message");
}

Result<JobData> decode_job_data(std::string_view bytes) {
    return decode_all<JobData>(bytes, "the recipients of the job");
}

}  // namespace ph::spool

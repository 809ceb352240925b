// mail/downgrade.cc: walks the MIME tree of a message (RFC 2046), encodes leaves, and relabels what is around them (RFC 2045 6.4: a multipart
// is labelled with what its parts need). What lies outside of the parts of a multipart is for nobody; it is dropped when it would not pass.
#include "mail/downgrade.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/content_type.h"
#include "mail/header_section.h"
#include "mail/octets.h"
#include "mail/transfer_encoding.h"

namespace ph::mail {
namespace {

constexpr unsigned max_depth = 50;
constexpr std::size_t max_parts = 10'000;
constexpr std::size_t max_line = 998;  // RFC 5321 4.5.3.1.6, without CRLF

struct Content {
    bool high = false;    // octets above 127
    bool broken = false;  // NUL, or CR or LF alone
    bool long_line = false;
};

Content look_at(std::string_view text) {
    Content content;
    content.high = has_high_octet(text);
    content.broken = text.find('\0') != std::string_view::npos;
    std::ptrdiff_t pairs = 0;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', start)) {
        const bool pair = end != 0 && text[end - 1] == '\r';
        pairs += pair ? 1 : 0;
        content.broken = content.broken || !pair;
        content.long_line = content.long_line || end - start > max_line + 1;
        start = end + 1;
    }
    content.long_line = content.long_line || text.size() - start > max_line;
    content.broken = content.broken || std::count(text.begin(), text.end(), '\r') != pairs;
    return content;
}

std::string_view line_end_of(std::string_view text) {
    if (text.ends_with("\r\n")) return "\r\n";
    return text.ends_with('\n') ? "\n" : "";
}

enum class Place : std::uint8_t {
    message,  // has a header section of its own with MIME-Version
    part,
    digest_part,  // a message by default (RFC 2046 5.1.5)
};

class Downgrader {
  public:
    Downgrader(NextHop next_hop, std::size_t size) : next_hop_(next_hop) { out_.reserve(size + size / 8); }

    Result<void> entity(std::string_view text, Place place, unsigned depth);
    std::string take() { return std::move(out_); }

  private:
    bool passes(const Content& content, std::string_view encoding) const;
    Result<void> multipart(std::string_view body, const ContentType& type, unsigned depth);
    Result<void> part(std::string_view text, Place place, unsigned depth);
    Result<void> leaf(const HeaderSection& header, std::string_view text, const ContentType& type, Place place);
    void append_header(const HeaderSection& header, std::string_view text, std::string_view encoding);
    std::string_view identity() const { return next_hop_ == NextHop::seven_bit ? "7bit" : "8bit"; }

    NextHop next_hop_;
    std::size_t parts_ = 0;
    std::string out_;
};

tl::unexpected<Fault> impossible(std::string why) {
    return fail(FaultKind::bad_value, std::move(why));
}

std::string encoding_of(const HeaderSection& header) {
    return to_lower(trim(header.value("Content-Transfer-Encoding")));
}

bool is_identity(std::string_view encoding) {
    return encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary";
}

bool Downgrader::passes(const Content& content, std::string_view encoding) const {
    if (content.broken || (content.high && next_hop_ == NextHop::seven_bit)) return false;
    return !content.long_line || encoding != "binary";
}

// The header section without its Content-Transfer-Encoding and without its end, then the new one.
void Downgrader::append_header(const HeaderSection& header, std::string_view text, std::string_view encoding) {
    const char* copied = text.data();
    const auto copy_to = [&](const char* end) { out_.append(copied, static_cast<std::size_t>(end - copied)); };
    const char* end = text.data();
    for (const HeaderField& field : header.fields()) {
        end = field.whole.data() + field.whole.size();
        if (!field.is("Content-Transfer-Encoding")) continue;
        copy_to(field.whole.data());
        copied = end;
    }
    copy_to(end);
    if (!header.fields().empty() && line_end_of(out_).empty()) out_ += "\r\n";
    out_.append("Content-Transfer-Encoding: ").append(encoding).append("\r\n");
}

Result<void> Downgrader::entity(std::string_view text, Place place, unsigned depth) {
    if (depth > max_depth) return fail(FaultKind::too_large, "the parts of the message are nested too deeply");
    PH_TRY(const HeaderSection header, HeaderSection::parse(text));
    const std::string_view head = text.substr(0, header.size());
    const std::string_view body = text.substr(header.size());
    const std::string encoding = encoding_of(header);
    if (!passes(look_at(head), {})) return impossible("a header section has octets that the next server does not take");
    if (passes(look_at(body), encoding)) {
        out_ += text;
        return {};
    }
    const bool is_message = place == Place::digest_part && header.find("Content-Type") == nullptr;
    const ContentType type = ContentType::parse(is_message ? "message/rfc822" : header.value("Content-Type"));
    const bool composite = type.is_multipart() || type.type == "message";
    if (!composite) return leaf(header, text, type, place);
    if (!is_identity(encoding)) return impossible("a part that consists of parts is encoded");
    append_header(header, text, identity());
    out_ += "\r\n";
    if (type.is_multipart()) return multipart(body, type, depth);
    if (!type.is_message()) return impossible("a part of type message/" + type.subtype + " cannot be encoded");
    return entity(body, Place::message, depth + 1);
}

Result<void> Downgrader::multipart(std::string_view body, const ContentType& type, unsigned depth) {
    // RFC 1847 2.1, 2.2: what was signed must arrive as it was signed.
    if (type.subtype == "signed" || type.subtype == "encrypted") return impossible("a signed or encrypted part must not be changed");
    const std::string_view boundary = type.boundary();
    const Place place = type.subtype == "digest" ? Place::digest_part : Place::part;
    std::size_t section = 0;
    bool in_part = false;
    Delimiter last = Delimiter::none;
    for (std::size_t at = 0; at < body.size() && last != Delimiter::close;) {
        const std::size_t next = std::min(body.find('\n', at), body.size() - 1) + 1;
        const std::string_view line = body.substr(at, next - at);
        const Delimiter delimiter = delimiter_of(line.substr(0, line.size() - line_end_of(line).size()), boundary);
        if (delimiter != Delimiter::none) {
            const std::string_view before = body.substr(section, at - section);
            if (in_part) {
                if (auto done = part(before, place, depth + 1); !done) return done;
            } else if (passes(look_at(before), {})) {
                out_ += before;
            }
            out_ += line;
            last = delimiter;
            in_part = delimiter == Delimiter::open;
            section = next;
        }
        at = next;
    }
    if (last == Delimiter::none) return impossible("a multipart has no part");
    const std::string_view rest = body.substr(section);
    if (in_part) return entity(rest, place, depth + 1);
    if (passes(look_at(rest), {})) out_ += rest;
    return {};
}

// RFC 2046 5.1.1: the line end before a delimiter belongs to the delimiter.
Result<void> Downgrader::part(std::string_view text, Place place, unsigned depth) {
    if (++parts_ > max_parts) return fail(FaultKind::too_large, "the message has too many parts");
    const std::string_view end = line_end_of(text);
    if (auto done = entity(text.substr(0, text.size() - end.size()), place, depth); !done) return done;
    out_ += end;
    return {};
}

Result<void> Downgrader::leaf(const HeaderSection& header, std::string_view text, const ContentType& type, Place place) {
    const std::string_view body = text.substr(header.size());
    const std::string encoding = encoding_of(header);
    std::string decoded;
    std::string_view octets = body;
    if (encoding == "quoted-printable") {  // with raw octets in it, which decode as themselves
        PH_TRY(decoded, decode_quoted_printable(body));
        octets = decoded;
    } else if (!is_identity(encoding)) {
        return impossible("a part has octets that its own encoding excludes");
    }
    const bool quoted = type.type == "text" && !look_at(octets).broken && quoted_printable_size(octets) <= base64_size(octets);
    append_header(header, text, quoted ? "quoted-printable" : "base64");
    if (place == Place::message && header.find("MIME-Version") == nullptr) out_ += "MIME-Version: 1.0\r\n";
    if (place != Place::digest_part && header.find("Content-Type") == nullptr) {
        // RFC 1428 3: 8-bit text of which nobody said what it is.
        out_ += is_utf8(octets) ? "Content-Type: text/plain; charset=utf-8\r\n" : "Content-Type: text/plain; charset=unknown-8bit\r\n";
    }
    out_ += "\r\n";
    out_ += quoted ? encode_quoted_printable(octets) : encode_base64(octets);
    return {};
}

}  // namespace

Result<std::string> downgrade(std::string_view message, NextHop next_hop) {
    Downgrader downgrader(next_hop, message.size());
    if (auto done = downgrader.entity(message, Place::message, 0); !done) return tl::unexpected(std::move(done).error());
    return downgrader.take();
}

}  // namespace ph::mail

// smtp/peer_reply.cc: replies of other servers, put together from bytes as they come (RFC 5321 4.2, 4.2.1). The peer is hostile until shown
// otherwise: what is kept is bounded, and what is not a reply ends as Lost::garbage with its beginning, never as a guess at a code.
#include "smtp/peer_reply.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace ph::smtp {
namespace {

constexpr std::size_t max_kept_line = 1024;  // RFC 5321 4.5.3.1.5: a reply line has at most 512 octets; some servers send more
constexpr std::size_t max_kept_text = 4096;
constexpr std::size_t max_octets = 64 * 1024;
constexpr std::uint16_t max_lines = 100;

// RFC 5321 4.2: three digits, 2 to 5 first; then a hyphen, a blank or the end of the line.
std::optional<std::uint16_t> code_of(std::string_view line) {
    if (line.size() < 3 || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) return std::nullopt;
    const auto code = status::ReplyCode::parse(line.substr(0, 3));
    if (!code) return std::nullopt;
    return static_cast<std::uint16_t>(code->value());
}

// RFC 2034 4: the enhanced code stands first in the text, and its class is the first digit of the code.
std::optional<status::EnhancedCode> enhanced_of(std::string_view text, std::uint16_t code) {
    if (text.size() <= 4) return std::nullopt;
    text.remove_prefix(4);
    std::size_t length = 0;
    const auto enhanced = status::EnhancedCode::parse_head(text, length);
    if (!enhanced || enhanced->code_class != code / 100) return std::nullopt;
    if (length < text.size() && !is_blank(text[length])) return std::nullopt;
    return enhanced;
}

}  // namespace

std::size_t PeerReplyParser::feed(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !done_) {
        const std::string_view rest = bytes.substr(taken);
        const std::size_t end = rest.find('\n');
        const std::string_view part = rest.substr(0, end);
        line_.append(part.substr(0, max_kept_line - std::min(max_kept_line, line_.size())));
        const std::size_t length = end == std::string_view::npos ? part.size() : part.size() + 1;
        taken += length;
        octets_ += length;
        if (end != std::string_view::npos) end_line();
        if (octets_ > max_octets && !done_) {  // a line, or a reply, without end
            keep(line_);
            garbage_ = done_ = true;
        }
    }
    return taken;
}

void PeerReplyParser::end_line() {
    // RFC 5321 2.3.8 asks for CRLF; a bare LF is tolerated here, because nothing can be smuggled in a reply that ends a delivery.
    if (line_.ends_with('\r')) line_.pop_back();
    const auto code = code_of(line_);
    if (lines_ == 0) code_ = code.value_or(0);
    ++lines_;
    keep(line_);
    const bool last = line_.size() < 4 || line_[3] == ' ';
    // RFC 5321 4.2.1: every line of a reply has the same code.
    if (!code || *code != code_ || (!last && lines_ == max_lines)) {
        garbage_ = done_ = true;
    } else if (last) {
        done_ = true;
    }
    line_.clear();
}

void PeerReplyParser::keep(std::string_view line) {
    if (text_.size() + 1 >= max_kept_text) return;
    if (!text_.empty()) text_ += '\n';
    text_.append(line.substr(0, max_kept_text - text_.size()));
}

PeerReply PeerReplyParser::take() {
    PeerReply reply;
    if (garbage_) {
        reply.lost = Lost::garbage;
    } else {
        reply.code = code_;
        reply.enhanced = enhanced_of(text_.substr(0, text_.find('\n')), code_);
    }
    reply.text = std::exchange(text_, {});
    *this = PeerReplyParser{};
    return reply;
}

std::string PeerReplyParser::remains() const {
    if (text_.empty()) return line_;
    return line_.empty() ? text_ : text_ + '\n' + line_;
}

}  // namespace ph::smtp

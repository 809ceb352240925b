// smtp/server/content.cc: the way of the content, from the client's octets to Append and Commit, and the checks at its end (RFC 5321 4.5.2,
// 4.1.1.4, 6.3; RFC 3030 2). One pass; content stays where it came unless something in it had to change. A message that is already known to
// be refused is read to its end and dropped, within bounds, because only then the client listens.
#include <algorithm>
#include <map>

#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

// Situation 85: the host that wrote most of the Received fields.
std::string looping_host(const ContentFacts& facts) {
    std::map<std::string_view, unsigned> counts;
    for (const std::string& host : facts.received_by) ++counts[host];
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() || most->first.empty() ? "unknown" : std::string(most->first);
}

}  // namespace

std::optional<Action> ServerSession::State::take_content() {
    if (mode == Mode::chunk && content->chunk_left == 0) return chunk_ended();
    if (mode == Mode::data && content->decoder.ended()) return content_ended();
    std::string_view in = input.rest();
    if (in.empty()) return read(params.data_timeout);
    if (mode == Mode::chunk) {
        in = in.substr(0, content->chunk_left);
        content->chunk_left -= in.size();
    }
    return take_octets(in);
}

// All of `in` becomes one Append: a view of it if it passes unchanged, otherwise gathered.
std::optional<Action> ServerSession::State::take_octets(std::string_view in) {
    if (mode == Mode::chunk && (envelope.body == mail::BodyType::binary_mime || !content->of_transaction)) {
        input.take(in.size());
        return append(in);
    }
    std::string_view whole;
    content->gathered.clear();
    std::size_t taken = 0;
    while (taken < in.size() && !content->decoder.ended()) {
        const ContentDecoder::Piece piece = content->decoder.next(in.substr(taken));
        taken += piece.taken;
        if (whole.empty() && content->gathered.empty()) {
            whole = piece.bytes;
        } else if (!piece.bytes.empty()) {
            if (content->gathered.empty()) content->gathered.reserve(in.size() + 64);
            content->gathered += whole;
            content->gathered += piece.bytes;
            whole = {};
        }
    }
    input.take(taken);
    return append(content->gathered.empty() ? whole : content->gathered);
}

std::optional<Action> ServerSession::State::append(std::string_view bytes) {
    if (bytes.empty()) return std::nullopt;
    if (content->refusal) return drop(bytes.size());
    if (content->size + bytes.size() > params.max_message_size) {
        content->too_big = true;
        content->dropped = content->size;
        content->refusal = refuse(refusal::bdat_chunk_too_big);  // told with the size if it is DATA
        return drop(bytes.size());
    }
    content->size += bytes.size();
    content->scanner.feed(bytes);
    content_begun = true;
    awaits = Awaits::append;
    return action::Append{bytes};
}

// Twice the limit is patience enough; a client that goes on hears the answer early.
std::optional<Action> ServerSession::State::drop(std::uint64_t octets) {
    content->dropped += octets;
    if (content->dropped <= 2 * params.max_message_size) return std::nullopt;
    refuse_content();
    closing = true;
    return std::nullopt;
}

std::optional<Action> ServerSession::State::chunk_ended() {
    if (content->last_chunk) return content_ended();
    if (content->refusal) {
        refuse_content();
        return std::nullopt;
    }
    mode = Mode::commands;
    return say(accept(reply::chunk_ok, {{"size", std::to_string(content->chunk_size)}}));
}

std::optional<Action> ServerSession::State::content_ended() {
    if (mode == Mode::chunk && !content->refusal) {
        if (auto action = append(content->decoder.finish())) return action;
        if (closing) return std::nullopt;
    }
    if (!content->refusal) {
        content->facts = content->scanner.finish();
        content->facts.bare_line_feed = content->decoder.bare_newline();
        content->refusal = content_refusal();
    }
    if (content->refusal) {
        refuse_content();
        return std::nullopt;
    }
    if (!content_begun) {  // an empty message is one too
        content_begun = true;
        awaits = Awaits::append;
        return action::Append{};
    }
    content_begun = false;
    awaits = Awaits::commit;
    return action::Commit{};
}

// The checks that need nothing but the content.
std::optional<Reply> ServerSession::State::content_refusal() const {
    const ContentFacts& facts = content->facts;
    if (facts.received > params.max_hops) return refuse(refusal::too_many_hops, {{"host", looping_host(facts)}});
    if (facts.mime_depth > params.max_mime_depth) return refuse(refusal::mime_nesting);
    if (facts.longest_line > params.max_line_length && params.long_lines == "refuse" && envelope.body != mail::BodyType::binary_mime) {
        return refuse(refusal::line_too_long, {{"limit", std::to_string(params.max_line_length)}});
    }
    if (facts.bare_line_feed && params.bare_newline == "refuse") return refuse(refusal::bare_lf, {{"host", hostname}});
    const bool strict = params.header_defects == "refuse";
    if (facts.bad_header && strict) return refuse(refusal::bad_header);
    if (!facts.has_from && (strict || dialect == Dialect::submission)) return refuse(refusal::no_from);  // RFC 5322 3.6, RFC 6409 8
    return std::nullopt;
}

// The end of a message that is not taken, or of a chunk that came out of order.
void ServerSession::State::refuse_content() {
    Reply reply = *std::move(content->refusal);
    if (!content->of_transaction) {
        content.reset();
        mode = Mode::commands;
        say(reply);
        return;
    }
    if (content->too_big && mode == Mode::data) {
        reply = refuse(refusal::size_data, {{"size", std::to_string(content->dropped)}, {"limit", std::to_string(params.max_message_size)}});
    }
    if (mode == Mode::data || content->last_chunk) {
        say_to_all(reply);
    } else {
        say(reply);
    }
    end_transaction();
}

// RFC 2033 4.2: LMTP answers for each recipient.
void ServerSession::State::say_to_all(const Reply& reply) {
    for (std::size_t i = 0; i < (lmtp() ? recipients.size() : 1); ++i) say(reply);
}

}  // namespace ph::smtp

// smtp/server/bdat.cc: the BDAT verb (RFC 3030 2). Its octets follow at once, so they are taken away whatever the answer is, and a count that
// cannot be read ends the session: what follows would be executed as commands. Asks policy stage "data" at the first chunk.
#include "base/ascii.h"
#include "catalogue/replies.h"
#include "smtp/server/state.h"
#include "smtp/syntax/command.h"
#include "smtp/syntax/parameters.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

struct Chunk {
    std::uint64_t size = 0;
    bool last = false;
};

// RFC 3030 2: bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF.
std::optional<Chunk> parse_chunk(std::string_view argument) {
    const CommandLine words = split_command(argument);
    const auto size = parse_size(words.verb);
    if (!size || (!words.argument.empty() && !equals_ignoring_case(words.argument, "LAST"))) return std::nullopt;
    return Chunk{*size, !words.argument.empty()};
}

}  // namespace

std::optional<Action> ServerSession::State::on_bdat(std::string_view argument) {
    const auto chunk = parse_chunk(argument);
    if (!chunk) {
        say(refuse(refusal::bdat_syntax));
        closing = true;
        return std::nullopt;
    }
    if (chunk->size > 2 * params.max_message_size) {
        say(refuse(refusal::bdat_chunk_too_big));  // so much is not even taken away
        closing = true;
        return std::nullopt;
    }
    const status::OwnReply* refused = find_verb("BDAT", dialect)->refusal(phase);
    if (content == nullptr) content = std::make_unique<Content>(Framing::chunks);
    content->chunk_size = chunk->size;
    content->chunk_left = chunk->size;
    content->last_chunk = chunk->last;
    mode = Mode::chunk;
    if (refused != nullptr || recipients.empty()) {
        content->refusal = refused != nullptr ? refuse(*refused) : no_recipients();
        content->of_transaction = false;
    } else if (chunk->size > params.max_message_size - content->size) {
        content->refusal = refuse(refusal::bdat_chunk_too_big);
    } else if (phase != Phase::bdat) {
        return ask(Awaits::chunk, Stage::data);
    }
    return std::nullopt;
}

void ServerSession::State::after_chunk(Reply& answer) {
    if (answer.positive()) {
        phase = Phase::bdat;
    } else {
        content->refusal = std::move(answer);
    }
}

}  // namespace ph::smtp

// smtp/server/data.cc: the DATA verb up to its go-ahead (RFC 5321 4.1.1.4, 3.3); what follows is in content.cc. Asks policy stage "data".
#include "catalogue/replies.h"
#include "smtp/server/state.h"

namespace ph::smtp {
namespace {

namespace refusal = catalogue::reply;

}  // namespace

std::optional<Action> ServerSession::State::on_data(std::string_view) {
    if (recipients.empty()) return say(no_recipients());
    // RFC 3030 3: content that is not made of lines cannot have an end that is one.
    if (envelope.body == mail::BodyType::binary_mime) return say(refuse(refusal::binary_needs_bdat));
    // RFC 2920 3.1: DATA is the last of its group. What came with it may be content or commands; guessing wrong would make one the other.
    if (!input.rest().empty() && params.pipelining_check == "reject") {
        close_after(refuse(refusal::pipelining));
        return std::nullopt;
    }
    return ask(Awaits::data, Stage::data);
}

// Situation 80; RFC 2033 4.2 wants 503 from LMTP in any case.
Reply ServerSession::State::no_recipients() const {
    return refuse(refused_recipients == 0 || lmtp() ? refusal::need_rcpt : refusal::no_valid_recipients);
}

void ServerSession::State::after_data(const Reply& answer) {
    if (!answer.positive()) {
        say(answer);
        end_transaction();
        return;
    }
    content = std::make_unique<Content>(Framing::dots);
    mode = Mode::data;
    say(accept(reply::data_go_ahead));
}

}  // namespace ph::smtp

// smtp/client/session_fuzz.cc: a hostile server: any bytes, cut anywhere, lost anywhere. The session ends; every recipient has exactly one
// fate; nobody counts as delivered before the content went out; nothing is asked after Close.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "smtp/client/session.h"

namespace {

using namespace ph::smtp;

// The input: a byte of choices, then what the server says; the length of each piece is made of the choices.
class Hostile {
  public:
    explicit Hostile(std::string_view bytes) : bytes_(bytes) {}

    std::uint8_t byte() {
        if (bytes_.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(bytes_.front());
        bytes_.remove_prefix(1);
        return value;
    }
    std::string_view piece(std::size_t length) {
        const std::string_view piece = bytes_.substr(0, length);
        bytes_.remove_prefix(piece.size());
        return piece;
    }
    bool empty() const { return bytes_.empty(); }

  private:
    std::string_view bytes_;
};

client::Transaction make(std::uint8_t choice) {
    client::Transaction transaction;
    transaction.reverse_path = {"s", "client.example"};
    transaction.size = choice;
    transaction.eight_bit = (choice & 1U) != 0;
    transaction.binary = (choice & 6U) == 6U;
    for (int i = 0; i < (choice >> 3U) % 6; ++i) transaction.recipients.push_back({{"r" + std::to_string(i), "example.org"}, {}, "rfc822;x@y"});
    return transaction;
}

void check(const client::TransactionResult& result, const client::Transaction& transaction, bool content_sent) {
    PH_ASSERT(result.recipients.size() == transaction.recipients.size());
    for (const auto& recipient : result.recipients) {
        PH_ASSERT(recipient.fate != client::Fate::pending);
        PH_ASSERT(recipient.fate != client::Fate::delivered || content_sent);
        PH_ASSERT(recipient.reply.text.size() <= 8192);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Hostile peer(std::string_view(reinterpret_cast<const char*>(data), size));
    const std::uint8_t choice = peer.byte();
    const bool single = (choice & 1U) != 0;
    ClientSession session((choice & 2U) != 0 ? client::Protocol::lmtp : client::Protocol::smtp, {}, "client.example");
    client::Transaction transaction;
    bool transacting = false;
    bool content_sent = false;
    int transactions = 0;
    client::Event event = client::event::Connected{};
    for (std::size_t steps = 0;; ++steps) {
        PH_ASSERT(steps < 4 * size + 200);
        const client::Action action = session.step(event);
        if (transacting && (std::holds_alternative<client::action::Idle>(action) || std::holds_alternative<client::action::Close>(action))) {
            check(session.result(), transaction, content_sent);
            transacting = false;
        }
        if (std::holds_alternative<client::action::Close>(action)) return 0;
        if (std::holds_alternative<client::action::Idle>(action)) {
            if (++transactions > 3) {
                event = client::event::Quit{};
                continue;
            }
            transaction = make(static_cast<std::uint8_t>(choice + transactions * 37));
            transacting = true;
            content_sent = false;
            event = client::event::Transact{&transaction};
        } else if (std::holds_alternative<client::action::Read>(action)) {
            if (peer.empty()) {
                event = client::event::Gone{(choice & 4U) != 0 ? Lost::closed : Lost::timed_out, ""};
            } else {
                event = client::event::Received{peer.piece(single ? 1 : 1 + steps * 7 % 64)};
            }
        } else if (std::holds_alternative<client::action::WriteBody>(action)) {
            content_sent = (choice & 8U) == 0;
            event = content_sent          ? client::Event(client::event::Written{})
                    : (choice & 16U) != 0 ? client::Event(client::event::BodyFailed{})
                                          : client::Event(client::event::Gone{Lost::closed, ""});
        } else {
            PH_ASSERT(!std::get<client::action::Write>(action).bytes.empty());
            event = client::event::Written{};
        }
    }
}

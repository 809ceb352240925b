// smtp/server/session_fuzz.cc: any octets, cut anywhere, with any answers of the caller. TestClient asserts the order of actions; here: every line
// that is said is well-formed, nothing is committed without a recipient, and nothing said or kept grows beyond its bound.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "catalogue/replies.h"
#include "smtp/server/test_client.h"

namespace {

using namespace ph::smtp;
namespace refusal = ph::catalogue::reply;

// Choices are taken from the end of the input, octets of the client from its head.
class Choices {
  public:
    explicit Choices(std::string_view& data) : data_(data) {}
    unsigned next() {
        if (data_.empty()) return 0;
        const auto choice = static_cast<unsigned char>(data_.back());
        data_.remove_suffix(1);
        return choice;
    }

  private:
    std::string_view& data_;
};

Reply some_answer(unsigned choice) {
    switch (choice & 15U) {
        case 1:
            return refuse(refusal::access_denied, {{"text", "x\r\n"}});
        case 2:
            return refuse(refusal::stopping);
        case 3:
            return refuse(refusal::recipient_unknown, {{"address", "\xFF\xFF"}});
        case 4:
            return refuse(refusal::storage_fails);
        default:
            return reply_ok();
    }
}

void check_said(std::string_view said) {
    PH_ASSERT(said.size() < 1'000'000);
    while (!said.empty()) {
        const std::size_t end = said.find('\n');
        PH_ASSERT(end != std::string_view::npos && end > 0 && said[end - 1] == '\r');
        const std::string_view line = said.substr(0, end - 1);
        PH_ASSERT(line.size() + 2 <= 512 && line.size() >= 4);
        PH_ASSERT(line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '9' && line[2] >= '0' && line[2] <= '9');
        PH_ASSERT(line[3] == ' ' || line[3] == '-');
        for (const char c : line) PH_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
        said.remove_prefix(end + 1);
    }
}

ServerParams some_params(unsigned choice) {
    ServerParams params;
    params.max_message_size = 2000;
    params.max_recipients = 3;
    params.max_errors = 30;
    if ((choice & 1U) != 0) params.bare_newline = "refuse";
    if ((choice & 2U) != 0) params.header_defects = "accept";
    if ((choice & 4U) != 0) params.pipelining_check = "allow";
    if ((choice & 8U) != 0) params.long_lines = "refuse";
    if ((choice & 16U) != 0) params.max_messages = 2;
    return params;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::string_view data(reinterpret_cast<const char*>(bytes), size);
    Choices choices(data);
    const ServerParams params = some_params(choices.next());
    const unsigned kind = choices.next();
    TestClient client(static_cast<Dialect>(kind % 3), params);
    if ((kind & 128U) != 0) client.lose_at(choices.next());
    client.answer = [&](Stage, std::string_view) { return (kind & 64U) != 0 ? some_answer(choices.next()) : reply_ok(); };
    if ((kind & 32U) != 0) client.append_failures.push_back(refuse(refusal::storage_fails));
    if ((kind & 16U) != 0) client.commit_answers.push_back(some_answer(choices.next()));
    client.start();
    while (!data.empty() && !client.closed) {
        const std::size_t length = std::min<std::size_t>(data.size(), (kind & 8U) != 0 ? choices.next() + 1U : 4096U);
        const std::string part(data.substr(0, length));
        data.remove_prefix(std::min(length, data.size()));
        client.send(part);
        std::size_t kept = 0;
        for (const std::string& message : client.messages) kept += message.size();
        PH_ASSERT(client.draft.size() <= 2000 && kept <= 2000 * client.messages.size());
    }
    switch (choices.next() % 3) {
        case 0:
            client.hang_up();
            break;
        case 1:
            client.time_out();
            break;
        default:
            client.stop();
            break;
    }
    PH_ASSERT(client.closed);
    check_said(client.said);
    for (const std::size_t recipients : client.accepted) PH_ASSERT(recipients >= 1 && recipients <= 3);
    return 0;
}

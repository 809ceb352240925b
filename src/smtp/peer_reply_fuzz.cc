// smtp/peer_reply_fuzz.cc: any bytes as replies, whole and octet by octet: the same replies, and nothing over its bounds.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "smtp/peer_reply.h"

namespace {

using ph::smtp::Lost;
using ph::smtp::PeerReply;

std::vector<PeerReply> parse(std::string_view bytes, std::size_t step) {
    std::vector<PeerReply> replies;
    ph::smtp::PeerReplyParser parser;
    while (!bytes.empty()) {
        const std::size_t taken = parser.feed(bytes.substr(0, step));
        PH_ASSERT(taken > 0 && parser.remains().size() <= 6 * 1024);
        bytes.remove_prefix(taken);
        if (!parser.done()) continue;
        const PeerReply reply = parser.take();
        PH_ASSERT(reply.text.size() <= 4096 && (reply.lost == Lost::garbage) == (reply.code == 0));
        PH_ASSERT(reply.code == 0 || (reply.code >= 200 && reply.code <= 599));
        PH_ASSERT(!reply.enhanced || reply.enhanced->code_class == reply.code / 100);
        replies.push_back(reply);
    }
    return replies;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = parse(bytes, bytes.size() + 1);
    const auto single = parse(bytes, 1);
    if (bytes.size() > 60'000) return 0;  // the bound on octets may cut an endless line elsewhere
    PH_ASSERT(whole.size() == single.size());
    for (std::size_t i = 0; i < whole.size(); ++i) PH_ASSERT(whole[i].text == single[i].text && whole[i].code == single[i].code);
    return 0;
}

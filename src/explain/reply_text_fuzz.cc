// explain/reply_text_fuzz.cc: any bytes as a reply: what the parser and the normaliser point at lies inside the text, in order, and the
// normal text is UTF-8.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/utf8.h"
#include "explain/charset.h"
#include "explain/normal_text.h"
#include "explain/reply_text.h"

namespace ph::explain {
namespace {

void check_stretches(const ReplyText& reply) {
    std::size_t from = 0;
    for (const Stretch& words : reply.words) {
        PH_ASSERT(words.begin >= from && words.begin < words.end && words.end <= reply.whole.size());
        from = words.end;
    }
    for (const Stretch& around : reply.around) PH_ASSERT(around.begin < around.end && around.end <= reply.whole.size());
}

void check_normal(const NormalText& normal, std::string_view text) {
    PH_ASSERT(normal.origin.size() == normal.text.size());
    PH_ASSERT(is_utf8(normal.text));
    PH_ASSERT(!normal.text.starts_with(' ') && !normal.text.ends_with(' ') && normal.text.find("  ") == std::string::npos);
    for (std::size_t i = 0; i < normal.origin.size(); ++i) {
        PH_ASSERT(normal.origin[i] < text.size());
        PH_ASSERT(i == 0 || normal.origin[i] >= normal.origin[i - 1]);
    }
    for (const Value& value : normal.values) PH_ASSERT(value.begin < value.end && value.end <= text.size());
    PH_ASSERT(normal.facts.empty() || normal.facts.back() == '\n');
}

void check_split(std::string_view text) {
    const char* from = text.data();
    for (const std::string_view reply : split_replies(text)) {
        PH_ASSERT(!reply.empty() && reply.data() >= from && reply.data() + reply.size() <= text.data() + text.size());
        from = reply.data() + reply.size();
    }
}

}  // namespace
}  // namespace ph::explain

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ph::explain;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    std::string storage;
    const std::string_view text = to_utf8(bytes, storage);
    ReplyText reply;
    parse_reply(text, reply);
    check_stretches(reply);
    NormalText normal;
    for (const Stretch& words : reply.words) append_normalized(text, words.begin, words.end, normal);
    check_normal(normal, text);
    const std::size_t before = normal.text.size();
    for (const Stretch& around : reply.around) append_facts(text, around.begin, around.end, normal);
    PH_ASSERT(normal.text.size() == before && normal.origin.size() == before);
    check_split(text);
    return 0;
}

// explain/batch_fuzz.cc: any lines get one line of JSON each, and the same line gets the same answer from a batch that has seen others.
#include <cstddef>
#include <cstdint>
#include <string>

#include <simdjson.h>

#include "base/ascii.h"
#include "base/assert.h"
#include "explain/batch.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

const status::Catalogue& sample_catalogue() {
    static TestCatalogue* const catalogue = [] {
        auto* made = new TestCatalogue;
        made->providers(
            "[google]\nkind = \"mailbox\"\nen = \"Google\"\nzh = \"谷歌\"\nhosts = [\"google.com\"]\nwords = [\"gsmtp\"]\n"
            "[lists]\nkind = \"list\"\nen = \"List\"\nzh = \"名单\"\nhosts = [\"bl.example.org\"]\n");
        made->cause("recipient.unknown",
                    "[[match]]\nid = \"en\"\ntext = [\"user unknown\", \"no * user\", \"用户不存在\"]\nnot = [\"not\"]\n[[match]]\nid = "
                    "\"esc\"\nenhanced = [\"X.1.1\"]\n");
        made->cause("recipient.full", "[[match]]\nid = \"re\"\npattern = [\"mailbox (is )?full\", \"over .*quota\"]\n",
                    "reason = \"mailbox_full\"\nretry_after = 60\n");
        made->cause("policy.host",
                    "[[match]]\nid = \"host\"\ntext = [\"blocked\"]\nprovider = [\"google\"]\nhost = [\"example.com\"]\n[[match]]\nid = \"url\"\nurl "
                    "= [\"no=1\"]\n");
        return made;
    }();
    return catalogue->get();
}

// The parser of the tests reads numbers of 64 bits only; an id may be longer.
bool is_json_line(std::string_view line, simdjson::dom::parser& parser) {
    const auto error = parser.parse(line.data(), line.size()).error();
    return error == simdjson::SUCCESS || (error == simdjson::NUMBER_ERROR && line.starts_with("{\"id\":"));
}

}  // namespace
}  // namespace ph::explain

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ph::explain;
    static Batch used(sample_catalogue());
    static simdjson::dom::parser parser;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string line(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        std::string answer;
        const bool good = used.answer(line, answer);
        if (ph::trim(line).empty()) {
            PH_ASSERT(answer.empty());
            continue;
        }
        PH_ASSERT(answer.find('\n') == answer.size() - 1);
        answer.pop_back();
        PH_ASSERT(is_json_line(answer, parser));
        PH_ASSERT(answer.starts_with("{\"id\":null,\"error\":\"") == !good);
        std::string again;
        PH_ASSERT(used.answer(line, again) == good);
        PH_ASSERT(!good || again == answer + '\n');
    }
    return 0;
}

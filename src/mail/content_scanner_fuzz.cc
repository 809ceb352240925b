// mail/content_scanner_fuzz.cc: the facts of a message do not depend on where it was cut, and line lengths are what a plain count says.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "mail/content_scanner.h"

namespace {

std::uint32_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
        longest = std::max(longest, line.size());
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return static_cast<std::uint32_t>(longest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = 1 + data[0] % 97U;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    ph::mail::ContentScanner whole;
    whole.feed(text);
    const ph::mail::ContentFacts facts = whole.finish();
    ph::mail::ContentScanner cut;
    for (std::size_t at = 0; at < text.size(); at += step) cut.feed(text.substr(at, step));
    PH_ASSERT(cut.finish() == facts);
    PH_ASSERT(facts.size == text.size() && facts.header_size <= facts.size);
    PH_ASSERT(facts.longest_line == longest_line(text));
    PH_ASSERT(facts.delivered_to.size() <= 20 && facts.received_by.size() <= 100 && facts.message_id.size() <= 255 && facts.mime_depth <= 100);
    return 0;
}

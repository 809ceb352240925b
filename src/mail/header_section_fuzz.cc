// mail/header_section_fuzz.cc: fields are views into the message in order, and the streaming scanner finds the same header section.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "mail/content_scanner.h"
#include "mail/header_section.h"

namespace {

void check_against_scanner(const ph::mail::HeaderSection& section, std::string_view text) {
    ph::mail::ContentScanner scanner;
    scanner.feed(text);
    const ph::mail::ContentFacts& facts = scanner.finish();
    if (facts.longest_line >= 2000) return;  // the scanner keeps only the heads of such lines
    PH_ASSERT(facts.header_size == section.size());
    PH_ASSERT(facts.bad_header == (section.bad_lines() != 0));
    PH_ASSERT(facts.received == section.count("Received"));
    PH_ASSERT(facts.has_from == (section.find("From") != nullptr));
    PH_ASSERT(facts.has_date == (section.find("Date") != nullptr));
    PH_ASSERT(facts.has_message_id == (section.find("Message-ID") != nullptr));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto section = ph::mail::HeaderSection::parse(text);
    if (!section) return 0;
    PH_ASSERT(section->size() <= text.size());
    const char* end = text.data();
    for (const ph::mail::HeaderField& field : section->fields()) {
        PH_ASSERT(!field.name.empty() && field.whole.data() >= end);
        end = field.whole.data() + field.whole.size();
        PH_ASSERT(field.name.data() == field.whole.data() && field.value.data() + field.value.size() <= end);
        PH_ASSERT(field.unfolded().find('\n') == std::string::npos);
    }
    PH_ASSERT(end <= text.data() + section->size());
    check_against_scanner(*section, text);
    return 0;
}

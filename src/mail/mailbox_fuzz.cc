// mail/mailbox_fuzz.cc: what is taken as an address is within the limits, has nothing that ends a line, and reads back as the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/utf8.h"
#include "mail/mailbox.h"

namespace {

void check(const ph::mail::Mailbox& mailbox) {
    const std::string text = to_text(mailbox);
    PH_ASSERT(text.size() + 2 <= ph::mail::max_path && mailbox.domain.size() <= ph::mail::max_domain);
    PH_ASSERT(ph::is_utf8(text));
    for (const char c : text) PH_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    PH_ASSERT(mailbox.domain.empty() || ph::mail::is_domain(mailbox.domain) || ph::mail::is_address_literal(mailbox.domain));
    if (mailbox.is_null()) return;
    const auto again = ph::mail::parse_mailbox(text);
    PH_ASSERT(again && *again == mailbox);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto mailbox = ph::mail::parse_mailbox(text)) {
        PH_ASSERT(!mailbox->is_null());
        check(*mailbox);
    }
    std::size_t length = 0;
    if (const auto mailbox = ph::mail::parse_path(text, length)) {
        PH_ASSERT(length >= 2 && length <= text.size() && text[0] == '<' && text[length - 1] == '>');
        check(*mailbox);
    }
    return 0;
}

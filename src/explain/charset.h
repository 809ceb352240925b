// explain/charset.h: the bytes of a reply as UTF-8. Replies carry no charset, so it is recognised by what comes out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ph::explain {

enum class Charset : std::uint8_t { utf8, gb18030, big5, windows1252, broken };

std::string_view to_text(Charset charset);

// `bytes` as UTF-8. UTF-8 input comes back as the same view; anything else is decoded into `storage`, which the result then
// points into. Never fails: what no charset explains has U+FFFD in place of the bytes that are not UTF-8.
std::string_view to_utf8(std::string_view bytes, std::string& storage, Charset* found = nullptr);

}  // namespace ph::explain

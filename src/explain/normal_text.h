// explain/normal_text.h: a reply as the rules see it (catalogue/README.md): one spelling, lower case, values taken out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "status/enhanced_code.h"

namespace ph::explain {

enum class ValueKind : std::uint8_t { address, ip, url, host };

// A value that was taken out: bytes begin to end of the reply, without brackets around it.
struct Value {
    ValueKind kind;
    std::uint32_t begin;
    std::uint32_t end;
};

// Buffers that are used again from reply to reply.
struct NormalText {
    std::string text;
    std::vector<std::uint32_t> origin;  // for each byte of text, where it came from in the reply
    std::vector<Value> values;
    // Lower case, a line each: URLs as they stand, host names (of URLs too) with a dot in front: ".zen.spamhaus.org\n".
    std::string facts;
    std::optional<status::EnhancedCode> enhanced;  // the first one met in the text

    void clear();
};

// Appends the bytes begin to end of `reply` (UTF-8) to `out`, as a piece of its own.
void append_normalized(std::string_view reply, std::size_t begin, std::size_t end, NormalText& out);

// Takes only the values and facts of that piece, for words around the reply that rules must not see.
void append_facts(std::string_view reply, std::size_t begin, std::size_t end, NormalText& out);

}  // namespace ph::explain

// spool/wire.h: the grammar below the fields: a version octet, then fields of a key (tag * 2 + kind) and a number or a length with octets.
// Numbers are little-endian base 128 (LEB128), at most 10 octets. FieldReader stops at the first octet that breaks the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace ph::spool {

class FieldWriter {
  public:
    explicit FieldWriter(std::string& out) : out_(out) {}
    // What is 0, false, empty or the epoch is not written: it is what a reader starts from.
    void number(std::uint32_t tag, std::uint64_t value);
    void time(std::uint32_t tag, TimePoint value);
    void bytes(std::uint32_t tag, std::string_view value);
    void nested(std::uint32_t tag, std::string_view value);  // written also when empty

  private:
    std::string& out_;
};

void append_varint(std::string& out, std::uint64_t value);
// Takes a number off the head of `bytes`; false if none stands there.
bool take_varint(std::string_view& bytes, std::uint64_t& value);

struct Field {
    std::uint32_t tag = 0;
    bool is_number = false;
    std::uint64_t number = 0;
    std::string_view bytes;  // into what is read

    TimePoint time() const;
};

class FieldReader {
  public:
    explicit FieldReader(std::string_view bytes) : begin_(bytes.data()), rest_(bytes) {}
    bool next(Field& field);  // false at the end, and where the grammar breaks
    bool broken() const { return broken_; }
    std::size_t offset() const { return static_cast<std::size_t>(rest_.data() - begin_); }

  private:
    const char* begin_;
    std::string_view rest_;
    bool broken_ = false;
};

}  // namespace ph::spool

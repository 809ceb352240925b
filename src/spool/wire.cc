// spool/wire.cc: numbers of base 128 and tagged fields, written and read with bounds.
#include "spool/wire.h"

namespace ph::spool {
namespace {

// Small negative times are small numbers too: 0, -1, 1, -2 become 0, 1, 2, 3.
std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}
std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>((value & 0x7FU) | 0x80U);
        value >>= 7U;
    }
    out += static_cast<char>(value);
}

bool take_varint(std::string_view& bytes, std::uint64_t& value) {
    value = 0;
    for (unsigned at = 0; at < bytes.size() && at < 10; ++at) {
        const auto octet = static_cast<unsigned char>(bytes[at]);
        if (at == 9 && octet > 1) return false;  // more than 64 bits
        value |= static_cast<std::uint64_t>(octet & 0x7FU) << (7 * at);
        if (octet < 0x80) {
            bytes.remove_prefix(at + 1);
            return true;
        }
    }
    return false;
}

void FieldWriter::number(std::uint32_t tag, std::uint64_t value) {
    if (value == 0) return;
    append_varint(out_, static_cast<std::uint64_t>(tag) * 2);
    append_varint(out_, value);
}

void FieldWriter::time(std::uint32_t tag, TimePoint value) {
    number(tag, zigzag(value.time_since_epoch().count()));
}

void FieldWriter::bytes(std::uint32_t tag, std::string_view value) {
    if (!value.empty()) nested(tag, value);
}

void FieldWriter::nested(std::uint32_t tag, std::string_view value) {
    append_varint(out_, static_cast<std::uint64_t>(tag) * 2 + 1);
    append_varint(out_, value.size());
    out_ += value;
}

TimePoint Field::time() const {
    return TimePoint(Milliseconds(unzigzag(number)));
}

bool FieldReader::next(Field& field) {
    if (rest_.empty() || broken_) return false;
    std::uint64_t key = 0;
    broken_ = true;
    if (!take_varint(rest_, key) || key / 2 == 0 || key / 2 > UINT32_MAX) return false;
    field.tag = static_cast<std::uint32_t>(key / 2);
    field.is_number = key % 2 == 0;
    field.bytes = {};
    if (!take_varint(rest_, field.number)) return false;
    if (!field.is_number) {
        if (field.number > rest_.size()) return false;
        field.bytes = rest_.substr(0, field.number);
        rest_.remove_prefix(field.number);
    }
    broken_ = false;
    return true;
}

}  // namespace ph::spool

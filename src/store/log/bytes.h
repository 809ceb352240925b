// store/log/bytes.h: numbers and texts of the spool's format, little-endian, without padding. The reader never goes beyond its bytes: after the
// first thing that is not there everything reads as 0 or empty, and ok() is false.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace ph::store::log {

static_assert(std::endian::native == std::endian::little, "the format is little-endian and written as it lies in memory");

template <typename T>
void put(char* at, T value) {
    static_assert(std::is_integral_v<T>);
    std::memcpy(at, &value, sizeof value);
}

template <typename T>
T get(const char* at) {
    static_assert(std::is_integral_v<T>);
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <typename T>
void append(std::string& out, T value) {
    char bytes[sizeof value];
    put(bytes, value);
    out.append(bytes, sizeof bytes);
}

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <typename T>
    T number() {
        if (rest_.size() < sizeof(T)) {
            fail();
            return T{};
        }
        const T value = get<T>(rest_.data());
        rest_.remove_prefix(sizeof(T));
        return value;
    }
    std::string_view bytes(std::size_t size) {
        if (rest_.size() < size) {
            fail();
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::string_view rest() { return bytes(rest_.size()); }
    std::size_t left() const { return rest_.size(); }
    bool ok() const { return ok_; }
    bool done() const { return ok_ && rest_.empty(); }

  private:
    void fail() {
        ok_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace ph::store::log

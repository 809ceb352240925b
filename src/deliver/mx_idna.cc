// deliver/mx_idna.cc: U-labels to A-labels for lookups: lower case, NFC, then Punycode (RFC 3492 6.3). Sharp s and final sigma stay what they
// are, as IDNA2008 has it; older programs would ask for another name.
#include "deliver/mx_idna.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include <utf8proc.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::deliver {
namespace {

constexpr std::size_t max_label = 63;
constexpr std::size_t max_name = 253;

// RFC 3492 5: the parameters of Punycode.
constexpr std::uint32_t base = 36;
constexpr std::uint32_t t_min = 1;
constexpr std::uint32_t t_max = 26;
constexpr std::uint32_t skew = 38;
constexpr std::uint32_t damp = 700;
constexpr std::uint32_t initial_bias = 72;
constexpr std::uint32_t initial_n = 128;

char digit(std::uint32_t value) {
    return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

// RFC 3492 6.1
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
    delta = first ? delta / damp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
    return k + (base - t_min + 1) * delta / (delta + skew);
}

void append_delta(std::string& out, std::uint32_t delta, std::uint32_t bias) {
    for (std::uint32_t k = base;; k += base) {
        const std::uint32_t t = k <= bias ? t_min : std::min(t_max, k - bias);
        if (delta < t) break;
        out += digit(t + (delta - t) % (base - t));
        delta = (delta - t) / (base - t);
    }
    out += digit(delta);
}

// RFC 3492 6.3. A label has at most 63 code points here, so that nothing can overflow.
std::string punycode(const std::u32string& label) {
    std::string out;
    for (const char32_t point : label) {
        if (point < 128) out += static_cast<char>(point);
    }
    auto handled = static_cast<std::uint32_t>(out.size());
    const std::uint32_t basic = handled;
    if (basic > 0) out += '-';
    std::uint32_t n = initial_n;
    std::uint32_t delta = 0;
    std::uint32_t bias = initial_bias;
    while (handled < label.size()) {
        char32_t next = std::numeric_limits<char32_t>::max();
        for (const char32_t point : label) {
            if (point >= n) next = std::min(next, point);
        }
        delta += (static_cast<std::uint32_t>(next) - n) * (handled + 1);
        n = static_cast<std::uint32_t>(next);
        for (const char32_t point : label) {
            if (point < n) ++delta;
            if (point != n) continue;
            append_delta(out, delta, bias);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            ++handled;
        }
        ++delta;
        ++n;
    }
    return out;
}

std::optional<std::u32string> normal_points(std::string_view label) {
    std::string lower;
    for (std::size_t at = 0; at < label.size();) {
        const CodePoint point = decode_utf8(label, at);
        if (!point.valid || point.value < 0x21) return std::nullopt;
        append_utf8(lower, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point.value))));
        at += point.length;
    }
    utf8proc_uint8_t* composed = utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(lower.c_str()));
    if (composed == nullptr) return std::nullopt;
    const std::string text(reinterpret_cast<const char*>(composed));
    std::free(composed);  // NOLINT(cppcoreguidelines-no-malloc): utf8proc allocates with malloc
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        points += point.value;
        at += point.length;
    }
    return points;
}

std::optional<std::string> to_ascii_label(std::string_view label) {
    if (label.empty() || label.size() > max_label * 4) return std::nullopt;
    const auto above = [](char c) { return static_cast<unsigned char>(c) > 127; };
    if (std::none_of(label.begin(), label.end(), above)) {
        if (label.size() > max_label) return std::nullopt;
        return to_lower(label);
    }
    const auto points = normal_points(label);
    if (!points || points->size() > max_label) return std::nullopt;
    std::string ascii = "xn--" + punycode(*points);
    if (ascii.size() > max_label) return std::nullopt;
    return ascii;
}

}  // namespace

std::optional<std::string> to_ascii_domain(std::string_view domain) {
    std::string ascii;
    while (true) {
        const std::size_t dot = domain.find('.');
        const auto label = to_ascii_label(domain.substr(0, dot));
        if (!label) return std::nullopt;
        ascii += *label;
        if (dot == std::string_view::npos) break;
        ascii += '.';
        domain.remove_prefix(dot + 1);
    }
    if (ascii.size() > max_name) return std::nullopt;
    return ascii;
}

}  // namespace ph::deliver

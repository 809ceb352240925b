// mail/encoded_word.cc: RFC 2047. Written always as UTF-8 in base64, which for the mix of Chinese and English is short enough.
// Read leniently: characters that a broken program cut between two words of one charset are put together again.
#include "mail/encoded_word.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/field_writer.h"
#include "mail/transfer_encoding.h"

namespace ph::mail {
namespace {

// RFC 2047 2: an encoded word has at most 75 characters; 12 are "=?utf-8?B?" and "?=". Shorter, so that the first fits behind "Subject:".
constexpr std::size_t octets_of_word = 36;
constexpr std::size_t max_text = 2000;
constexpr std::size_t max_value = 10'000;
constexpr std::size_t max_word = 1000;  // others write words longer than the standard has them

bool needs_encoding(std::string_view text) {
    if (text.find("=?") != std::string_view::npos) return true;
    return std::any_of(text.begin(), text.end(), [](char c) { return c < 32 || c > 126; });
}

struct Word {
    std::string charset;  // in lower case, without the language of RFC 2231 5
    std::string octets;
    std::size_t length = 0;
};

// RFC 2047 4.2: in Q, '_' is a blank.
Result<std::string> decode_q(std::string_view text) {
    std::string quoted(text);
    std::replace(quoted.begin(), quoted.end(), '_', ' ');
    // A blank at the end would be taken for padding by quoted-printable.
    const std::size_t end = quoted.find_last_not_of(' ') + 1;
    PH_TRY(std::string octets, decode_quoted_printable(std::string_view(quoted).substr(0, end)));
    return octets.append(quoted.size() - end, ' ');
}

// The encoded word at the head of `text`.
std::optional<Word> take_word(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    text = text.substr(0, max_word);
    const std::size_t charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end + 3 > text.size() || text[charset_end + 2] != '?') return std::nullopt;
    const std::size_t content = charset_end + 3;
    const std::size_t end = text.find("?=", content);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view encoded = text.substr(content, end - content);
    if (encoded.find_first_of(" \t?") != std::string_view::npos) return std::nullopt;
    const char encoding = to_lower(text[charset_end + 1]);
    if (encoding != 'b' && encoding != 'q') return std::nullopt;
    auto octets = encoding == 'b' ? decode_base64(encoded) : decode_q(encoded);
    if (!octets) return std::nullopt;
    const std::string_view charset = text.substr(2, charset_end - 2);
    return Word{to_lower(charset.substr(0, charset.find('*'))), *std::move(octets), end + 2};
}

void append_decoded(std::string& out, const Word& word) {
    if (word.charset != "iso-8859-1") {
        out += to_valid_utf8(word.octets);
        return;
    }
    for (const char c : word.octets) append_utf8(out, static_cast<unsigned char>(c));
}

std::string unfolded(std::string_view value) {
    std::string text;
    for (const char c : value.substr(0, max_value)) {
        if (c != '\r' && c != '\n') text += c == '\t' ? ' ' : c;
    }
    return text;
}

}  // namespace

std::string encode_words(std::string_view text) {
    if (!needs_encoding(text)) return std::string(text);
    const std::string clean = clean_value(text, max_text);
    std::string out;
    std::size_t start = 0;
    for (std::size_t at = 0; at < clean.size();) {
        at += decode_utf8(clean, at).length;
        const bool full = at < clean.size() && at + decode_utf8(clean, at).length - start > octets_of_word;
        if (!full && at < clean.size()) continue;
        if (!out.empty()) out += ' ';
        out += "=?utf-8?B?" + encode_base64_word(std::string_view(clean).substr(start, at - start)) + "?=";
        start = at;
    }
    return out;
}

std::string decode_words(std::string_view value) {
    const std::string text = unfolded(value);
    std::string_view rest = text;
    std::string out;
    std::string plain;  // what stands between encoded words; not shown if it is blank (RFC 2047 6.2)
    Word pending;
    const auto flush = [&] {
        append_decoded(out, pending);
        pending = {};
    };
    while (!rest.empty()) {
        auto word = take_word(rest);
        if (!word) {
            plain += rest.front();
            rest.remove_prefix(1);
            continue;
        }
        const bool adjacent = pending.length != 0 && trim(plain).empty();
        if (!adjacent || word->charset != pending.charset) flush();
        if (!adjacent) out += to_valid_utf8(plain);
        plain.clear();
        rest.remove_prefix(word->length);
        pending.charset = std::move(word->charset);
        pending.octets += word->octets;
        pending.length = word->length;
    }
    flush();
    return clean_value(out + to_valid_utf8(plain), std::string::npos);
}

}  // namespace ph::mail

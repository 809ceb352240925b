// mail/content_scanner.cc: one pass over the content: fields of the header section (RFC 5322 2.2), nesting of parts (RFC 2046), line lengths.
// It runs over every octet that is received. So lines are looked at only where their heads can matter, in headers and between the parts of
// a multipart; other bodies are skimmed for octets above 127 and for lines longer than the longest so far, without visiting each line.
#include "mail/content_scanner.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "mail/content_type.h"
#include "mail/octets.h"

namespace ph::mail {
namespace {

constexpr std::size_t max_line_head = 2000;  // what is kept of a line: RFC 5322 2.1.1 allows 998
constexpr std::size_t max_value = 4000;
constexpr std::uint32_t max_depth = 100;
constexpr std::size_t max_delivered_to = 20;
constexpr std::size_t max_received_by = 100;
constexpr std::size_t max_value_kept = 255;

void raise_to(std::uint32_t& longest, std::uint64_t length) {
    longest = std::max(longest, static_cast<std::uint32_t>(std::min<std::uint64_t>(length, UINT32_MAX)));
}

// RFC 5322 3.6.8: ftext is printable ASCII without the colon; 4.5.8 allows blanks before it.
std::optional<std::string_view> field_name(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view name = line.substr(0, colon);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    if (name.empty()) return std::nullopt;
    for (const char c : name) {
        if (c < 33 || c > 126) return std::nullopt;
    }
    return name;
}

std::string_view next_word(std::string_view& text) {
    while (true) {
        text = text.substr(std::min(text.size(), text.find_first_not_of(" \t")));
        if (!text.starts_with('(')) break;
        std::size_t depth = 0;
        std::size_t at = 0;
        for (; at < text.size(); ++at) {
            if (text[at] == '(') ++depth;
            if (text[at] == ')' && --depth == 0) break;
        }
        text.remove_prefix(std::min(text.size(), at + 1));
    }
    const std::size_t end = std::min(text.size(), text.find_first_of(" \t;("));
    const std::string_view word = text.substr(0, std::max<std::size_t>(end, text.empty() ? 0 : 1));
    text.remove_prefix(word.size());
    return word;
}

// RFC 5321 4.4: By-domain = "BY" FWS Extended-Domain, behind the optional "FROM", whose domain may itself be "by".
std::string by_host(std::string_view value) {
    while (true) {
        const std::string_view word = next_word(value);
        if (word.empty() || word == ";") return {};
        if (equals_ignoring_case(word, "from")) {
            next_word(value);
        } else if (equals_ignoring_case(word, "by")) {
            return to_lower(next_word(value).substr(0, max_value_kept));
        }
    }
}

// The last line feed of `bytes`; npos if there is none. memrchr is of the C library, not of the standard; rfind goes octet by octet.
std::size_t last_line_feed(std::string_view bytes) {
    const void* found = ::memrchr(bytes.data(), '\n', bytes.size());
    return found == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

}  // namespace

void ContentScanner::feed(std::string_view piece) {
    if (!facts_.eight_bit) facts_.eight_bit = has_high_octet(piece);
    while (!piece.empty()) {
        const std::size_t taken = state_ == State::plain ? skim(piece) : take_line(piece);
        facts_.size += taken;
        if (state_ != State::header && facts_.header_size == 0) facts_.header_size = facts_.size;
        piece.remove_prefix(taken);
    }
}

const ContentFacts& ContentScanner::finish() {
    const bool cut_header = state_ == State::header;
    raise_to(facts_.longest_line, line_length_);
    if (line_length_ != 0 && state_ != State::plain) on_line(line_);
    if (state_ == State::header || state_ == State::part_header) end_field();
    if (state_ == State::header) end_header();
    if (cut_header) facts_.header_size = facts_.size;
    return facts_;
}

// One line, or what is there of it.
std::size_t ContentScanner::take_line(std::string_view piece) {
    const void* end = std::memchr(piece.data(), '\n', piece.size());
    const std::size_t length = end == nullptr ? piece.size() : static_cast<std::size_t>(static_cast<const char*>(end) - piece.data());
    const std::string_view text = piece.substr(0, length);
    if (state_ == State::header && !facts_.eight_bit_header) facts_.eight_bit_header = has_high_octet(text);
    const bool whole = end != nullptr && line_length_ == 0;
    if (!whole && line_.size() < max_line_head) line_.append(text.substr(0, max_line_head - line_.size()));
    line_length_ += length;
    if (length != 0) last_ = text.back();
    if (end == nullptr) return length;

    const std::uint64_t without_cr = line_length_ - (line_length_ != 0 && last_ == '\r' ? 1 : 0);
    raise_to(facts_.longest_line, without_cr);
    const std::string_view line = whole ? text : std::string_view(line_);
    on_line(line.substr(0, std::min<std::uint64_t>(without_cr, max_line_head)));
    line_.clear();
    line_length_ = 0;
    return length + 1;
}

// All of `piece`, for its line lengths alone. A line that is no longer than the longest so far ends within a window of that length; so it is
// enough to look for the last line feed of each window, and to measure only the lines that reach beyond.
std::size_t ContentScanner::skim(std::string_view piece) {
    const auto size = static_cast<std::ptrdiff_t>(piece.size());
    std::ptrdiff_t start = -static_cast<std::ptrdiff_t>(line_length_);  // where the line begins; before the piece if it began in an earlier one
    while (start < size) {
        const std::ptrdiff_t equal = start + facts_.longest_line + 1;  // where a line as long as the longest has its line feed
        if (equal > 0 && equal < size && piece[static_cast<std::size_t>(equal)] == '\n' && piece[static_cast<std::size_t>(equal - 1)] == '\r') {
            start = equal + 1;
            line_length_ = 0;
            continue;
        }
        const std::ptrdiff_t from = std::max<std::ptrdiff_t>(start, 0);
        const std::ptrdiff_t to = std::clamp<std::ptrdiff_t>(equal, from, size);
        std::size_t line_feed = last_line_feed(piece.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
        if (line_feed != std::string_view::npos) {
            start = from + static_cast<std::ptrdiff_t>(line_feed) + 1;
            line_length_ = 0;
            continue;
        }
        line_feed = piece.find('\n', static_cast<std::size_t>(to));
        if (line_feed == std::string_view::npos) break;
        start = static_cast<std::ptrdiff_t>(line_ended(piece, start, line_feed));
    }
    line_length_ = static_cast<std::uint64_t>(size - start);
    last_ = piece.back();
    return piece.size();
}

// Measures the line from `start` to the line feed; where the next one begins.
std::size_t ContentScanner::line_ended(std::string_view piece, std::ptrdiff_t start, std::size_t line_feed) {
    const auto length = static_cast<std::uint64_t>(static_cast<std::ptrdiff_t>(line_feed) - start);
    const char before = line_feed != 0 ? piece[line_feed - 1] : last_;
    raise_to(facts_.longest_line, length - (length != 0 && before == '\r' ? 1 : 0));
    line_length_ = 0;
    return line_feed + 1;
}

void ContentScanner::on_line(std::string_view line) {
    const bool in_header = state_ == State::header || state_ == State::part_header;
    if (line.starts_with("--") && !levels_.empty() && on_delimiter(line)) return;
    if (in_header) on_header_line(line);
}

void ContentScanner::on_header_line(std::string_view line) {
    if (line.empty()) {
        end_field();
        return end_header();
    }
    if (line.front() == ' ' || line.front() == '\t') {  // RFC 5322 2.2.3: a folded line goes on
        if (!any_field_ && state_ == State::header) facts_.bad_header = true;
        if (field_ != Field::other) value_.append(line.substr(0, max_value - std::min(max_value, value_.size())));
        return;
    }
    end_field();
    const auto name = field_name(line);
    if (!name) {
        if (state_ == State::header) facts_.bad_header = true;
        return;
    }
    any_field_ = true;
    on_field(*name, line.substr(line.find(':') + 1));
}

void ContentScanner::on_field(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view other) { return equals_ignoring_case(name, other); };
    if (is("content-type")) {
        field_ = Field::content_type;
    } else if (state_ == State::part_header) {
        return;
    } else if (is("received")) {
        ++facts_.received;
        if (facts_.received <= max_received_by) field_ = Field::received;
    } else if (is("delivered-to")) {
        field_ = Field::delivered_to;
    } else if (is("message-id")) {
        if (!facts_.has_message_id) field_ = Field::message_id;
        facts_.has_message_id = true;
    } else if (is("from")) {
        facts_.has_from = true;
    } else if (is("date")) {
        facts_.has_date = true;
    }
    if (field_ != Field::other) value_.assign(value.substr(0, max_value));
}

void ContentScanner::end_field() {
    const std::string_view value = trim(value_);
    switch (field_) {
        case Field::received:
            if (std::string host = by_host(value); !host.empty()) facts_.received_by.push_back(std::move(host));
            break;
        case Field::delivered_to:
            if (facts_.delivered_to.size() < max_delivered_to) facts_.delivered_to.push_back(to_lower(value.substr(0, max_value_kept)));
            break;
        case Field::message_id:
            facts_.message_id = value.substr(0, max_value_kept);
            break;
        case Field::content_type:
            if (!typed_) content_type_ = value;
            typed_ = true;
            break;
        case Field::other:
            break;
    }
    field_ = Field::other;
    value_.clear();
}

// What follows the empty line: parts, a message within, or a body.
void ContentScanner::end_header() {
    const ContentType content = ContentType::parse(content_type_);
    const State leaf = levels_.empty() ? State::plain : State::parts;
    content_type_.clear();
    typed_ = false;
    state_ = leaf;
    if ((!content.is_multipart() && !content.is_message()) || depth_ == max_depth) return;
    facts_.mime_depth = std::max(facts_.mime_depth, ++depth_);
    if (content.is_message()) return begin_header(State::part_header);
    const std::string_view boundary = content.boundary();
    if (boundary.empty()) return;
    levels_.push_back({std::hash<std::string_view>{}(boundary), std::string(boundary), depth_});
    state_ = State::parts;
}

// A delimiter ends all parts within its multipart, finished or not (RFC 2046 5.1.2). The hashes keep a body of nothing but "--" lines cheap.
bool ContentScanner::on_delimiter(std::string_view line) {
    std::string_view open = line.substr(2);
    while (!open.empty() && is_blank(open.back())) open.remove_suffix(1);
    const std::string_view closed = open.ends_with("--") ? open.substr(0, open.size() - 2) : std::string_view();
    const std::size_t open_hash = std::hash<std::string_view>{}(open);
    const std::size_t closed_hash = std::hash<std::string_view>{}(closed);
    for (std::size_t i = levels_.size(); i-- != 0;) {
        const Level& level = levels_[i];
        if (level.hash != open_hash && level.hash != closed_hash) continue;
        const Delimiter delimiter = delimiter_of(line, level.boundary);
        if (delimiter == Delimiter::none) continue;
        depth_ = level.depth;
        if (delimiter == Delimiter::open) {
            levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(i) + 1, levels_.end());
            begin_header(State::part_header);
        } else {
            --depth_;
            levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(i), levels_.end());
            state_ = levels_.empty() ? State::plain : State::parts;
        }
        return true;
    }
    return false;
}

void ContentScanner::begin_header(State state) {
    state_ = state;
    field_ = Field::other;
    value_.clear();
    content_type_.clear();
    typed_ = false;
    any_field_ = false;
}

}  // namespace ph::mail

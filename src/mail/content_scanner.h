// mail/content_scanner.h: reads the content of a message while it streams by and keeps what it showed (ContentFacts). One per message.
// Its memory is bounded: one line's head, one field, and the boundaries of at most 100 multiparts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/content_facts.h"

namespace ph::mail {

class ContentScanner {
  public:
    // The next octets, dots already taken off, lines ended by CRLF; cut anywhere, the facts do not depend on where.
    void feed(std::string_view piece);
    // After the last piece; once.
    const ContentFacts& finish();
    const ContentFacts& facts() const { return facts_; }

  private:
    enum class State : std::uint8_t {
        header,       // the header section of the message
        part_header,  // that of a part, or of a message within
        parts,        // the body of a leaf among other parts: only delimiter lines matter
        plain,        // a body with no delimiter to look for, up to the end of the message
    };
    enum class Field : std::uint8_t { other, received, delivered_to, message_id, content_type };
    struct Level {
        std::size_t hash;
        std::string boundary;
        std::uint32_t depth;
    };

    std::size_t take_line(std::string_view piece);
    std::size_t skim(std::string_view piece);
    std::size_t line_ended(std::string_view piece, std::ptrdiff_t start, std::size_t line_feed);

    void on_line(std::string_view line);
    void on_header_line(std::string_view line);
    void on_field(std::string_view name, std::string_view value);
    void end_field();
    void end_header();
    void end_part_header();
    bool on_delimiter(std::string_view line);
    void begin_header(State state);

    ContentFacts facts_;
    State state_ = State::header;
    std::string line_;               // the head of a line that began in an earlier piece
    std::uint64_t line_length_ = 0;  // its octets so far, all of them
    char last_ = 0;                  // its last octet
    Field field_ = Field::other;
    std::string value_;         // unfolded, cut at max_value
    bool any_field_ = false;    // a continuation line has something to continue
    std::string content_type_;  // of the header section that is being read
    bool typed_ = false;        // it had a Content-Type: the first one counts
    std::uint32_t depth_ = 0;
    std::vector<Level> levels_;
};

}  // namespace ph::mail

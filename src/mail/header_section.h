// mail/header_section.h: the header section of a message, taken apart into fields (RFC 5322 2.2, with the obsolete forms of 4.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ph::mail {

// Views into the message that was parsed.
struct HeaderField {
    std::string_view name;   // "Subject", without colon and blanks
    std::string_view value;  // what follows the colon, folds included, without the last line end
    std::string_view whole;  // the field with its line end

    bool is(std::string_view a_name) const;  // without regard to case
    // The value on one line: line ends before blanks are gone, and so are the blanks around it (RFC 5322 2.2.3).
    std::string unfolded() const;
};

struct HeaderLimits {
    std::size_t octets = 1024 * 1024;
    std::size_t fields = 5000;
};

// The message must outlive it.
class HeaderSection {
  public:
    // From the head of `message` to the first empty line, or to its end. Line ends are CRLF or LF. Lines that are no fields are passed over
    // and counted. The one fault: a header section over the limits.
    static Result<HeaderSection> parse(std::string_view message, HeaderLimits limits = {});

    const std::vector<HeaderField>& fields() const { return fields_; }
    // The first field of that name; nullptr if there is none.
    const HeaderField* find(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    // The unfolded value of the first field of that name; "" if there is none.
    std::string value(std::string_view name) const;
    std::size_t size() const { return size_; }  // octets, with the empty line
    bool ended() const { return ended_; }       // there is an empty line
    std::size_t bad_lines() const { return bad_lines_; }

  private:
    std::vector<HeaderField> fields_;
    std::size_t size_ = 0;
    std::size_t bad_lines_ = 0;
    bool ended_ = false;
};

}  // namespace ph::mail

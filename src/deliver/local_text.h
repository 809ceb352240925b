// deliver/local_text.h: a message as files and programs of this machine take it: lines end in LF, and what final delivery adds stands before it
// (RFC 5321 4.4). The stored content has CRLF.
#pragma once

#include <string>
#include <string_view>

#include "mail/mailbox.h"

namespace ph::deliver {

// Makes LF of CRLF, piece by piece; the pieces may be cut between the two. A CR or LF that stands alone stays (BINARYMIME).
class LineEnds {
  public:
    void append(std::string& out, std::string_view piece);
    void finish(std::string& out);  // after the last piece

  private:
    bool carriage_return_ = false;  // the last octet was one, and is not written yet
};

// "Return-Path: <…>" and "Delivered-To: …" with LF.
std::string final_header(const mail::Mailbox& reverse_path, const mail::Mailbox& recipient);

}  // namespace ph::deliver

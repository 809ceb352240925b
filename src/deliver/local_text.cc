// deliver/local_text.cc: line ends and header fields of mail that has come to its end.
#include "deliver/local_text.h"

#include <cstring>

#include "mail/trace.h"

namespace ph::deliver {

void LineEnds::append(std::string& out, std::string_view piece) {
    if (piece.empty()) return;
    if (carriage_return_ && piece.front() != '\n') out.push_back('\r');
    carriage_return_ = piece.back() == '\r';
    if (carriage_return_) piece.remove_suffix(1);
    while (!piece.empty()) {
        const void* found = std::memchr(piece.data(), '\r', piece.size());
        if (found == nullptr) break;
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - piece.data());
        const bool line_end = at + 1 < piece.size() && piece[at + 1] == '\n';
        out.append(piece.substr(0, line_end ? at : at + 1));
        piece.remove_prefix(at + 1);
    }
    out.append(piece);
}

void LineEnds::finish(std::string& out) {
    if (carriage_return_) out.push_back('\r');
    carriage_return_ = false;
}

std::string final_header(const mail::Mailbox& reverse_path, const mail::Mailbox& recipient) {
    std::string header;
    LineEnds ends;
    ends.append(header, mail::return_path_field(reverse_path));
    ends.append(header, mail::delivered_to_field(recipient));
    return header;
}

}  // namespace ph::deliver

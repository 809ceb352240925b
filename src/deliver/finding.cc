// deliver/finding.cc: outcomes of our own finding, and how an error of the system becomes one (situations 124, 131).
#include "deliver/finding.h"

#include <cerrno>
#include <system_error>

#include "base/ascii.h"
#include "base/utf8.h"

namespace ph::deliver {
namespace {

constexpr std::string_view diagnostic_type = "x-posthorn";
constexpr std::size_t max_line = 400;

status::EnhancedCode status_of(int error) {
    switch (error) {
        case ENOSPC:
            return {4, 3, 1};
        case EDQUOT:
        case EFBIG:
            return {4, 2, 2};
        default:
            return {4, 3, 0};
    }
}

}  // namespace

tl::unexpected<Obstacle> obstacle(int error, const std::string& what) {
    return tl::unexpected(Obstacle{error, "cannot " + what + ": " + std::generic_category().message(error)});
}

RecipientOutcome delivered_here(std::string text) {
    RecipientOutcome outcome;
    outcome.ending = Ending::delivered;
    outcome.status = {2, 0, 0};
    outcome.text = std::move(text);
    outcome.diagnostic_type = diagnostic_type;
    outcome.final_delivery = true;
    return outcome;
}

RecipientOutcome finding(status::EnhancedCode status, std::uint32_t situation, std::string text) {
    RecipientOutcome outcome;
    outcome.ending = status.code_class == 5 ? Ending::failed : Ending::deferred;
    outcome.status = status;
    outcome.text = std::move(text);
    outcome.diagnostic_type = diagnostic_type;
    outcome.situation = situation;
    return outcome;
}

RecipientOutcome finding(const Obstacle& obstacle) {
    const status::EnhancedCode status = status_of(obstacle.error);
    const bool full = status != status::EnhancedCode{4, 3, 0};
    return finding(status, full ? 124 : 0, obstacle.text);
}

RecipientOutcome finding(const store::StoreFault& fault) {
    const bool damaged = fault.trouble == store::Trouble::damaged;
    return finding({4, 3, 0}, damaged ? 131 : 0, "the message cannot be read from the spool: " + fault.message);
}

bool is_host_trouble(const Obstacle& obstacle) {
    return obstacle.error == ENOSPC || obstacle.error == EIO || obstacle.error == EROFS || obstacle.error == EMFILE || obstacle.error == ENFILE;
}

std::string one_line(std::string_view text) {
    text = trim(text);
    text = trim(text.substr(0, text.find_first_of("\r\n")));
    std::string line = to_valid_utf8(text);
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    if (line.size() <= max_line) return line;
    std::size_t end = max_line;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // not within a character
    line.resize(end);
    return line;
}

}  // namespace ph::deliver

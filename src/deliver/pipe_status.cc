// deliver/pipe_status.cc: the map from exit status to enhanced status code.
#include "deliver/pipe_status.h"

#include <array>
#include <csignal>
#include <optional>

#include "deliver/finding.h"

namespace ph::deliver {
namespace {

struct ExitMeaning {
    int status;
    status::EnhancedCode code;
    std::string_view text;
};
// sysexits.h, in its order.
constexpr std::array meanings{ExitMeaning{64, {5, 3, 0}, "it was called wrongly"},
                              ExitMeaning{65, {5, 6, 0}, "it cannot use this message"},
                              ExitMeaning{66, {5, 3, 0}, "its input is missing"},
                              ExitMeaning{67, {5, 1, 1}, "it knows no such user"},
                              ExitMeaning{68, {5, 1, 2}, "it knows no such host"},
                              ExitMeaning{69, {5, 3, 0}, "it is not available"},
                              ExitMeaning{70, {5, 3, 0}, "it has an error"},
                              ExitMeaning{71, {4, 3, 0}, "the system failed it"},
                              ExitMeaning{72, {5, 3, 0}, "a file of the system is missing"},
                              ExitMeaning{73, {5, 2, 0}, "it cannot create a file"},
                              ExitMeaning{74, {5, 3, 0}, "reading or writing failed"},
                              ExitMeaning{75, {4, 3, 0}, "it asks to try again later"},
                              ExitMeaning{76, {5, 5, 0}, "it got an answer that it does not understand"},
                              ExitMeaning{77, {5, 7, 0}, "it does not permit this"},
                              ExitMeaning{78, {5, 3, 5}, "it is not configured as it must be"}};

const ExitMeaning* meaning_of(int status) {
    for (const ExitMeaning& meaning : meanings) {
        if (meaning.status == status) return &meaning;
    }
    return nullptr;
}

std::string with_words(const std::string& text, std::string_view words) {
    return words.empty() ? text : text + ": " + std::string(words);
}

// Killed, or too slow: the program's trouble and not the message's, so it is tried again (situation 129).
std::optional<RecipientOutcome> crashed(const io::ProgramResult& result, const std::string& command, std::string_view words) {
    if (result.timed_out) return finding({4, 3, 0}, 129, with_words(command + " took too long and was stopped", words));
    if (result.status <= 128 || result.status >= 128 + NSIG) return std::nullopt;
    return finding({4, 3, 0}, 129, with_words(command + " was killed by signal " + std::to_string(result.status - 128), words));
}

}  // namespace

RecipientOutcome outcome_of(const io::ProgramResult& result, std::string_view name) {
    const std::string command = "command " + std::string(name);
    std::string words = one_line(result.output);
    if (auto outcome = crashed(result, command, words)) return *std::move(outcome);
    if (result.status == 0) return delivered_here("delivered to " + command);
    std::size_t length = 0;
    const auto own = status::EnhancedCode::parse_head(words, length);
    if (own && own->code_class != 2) return finding(*own, 126, with_words(command + " says", one_line(std::string_view(words).substr(length))));
    const ExitMeaning* meaning = meaning_of(result.status);
    const std::string text =
        command + " ended with status " + std::to_string(result.status) + (meaning != nullptr ? ", " + std::string(meaning->text) : "");
    return finding(meaning != nullptr ? meaning->code : status::EnhancedCode{5, 3, 0}, 126, with_words(text, words));
}

}  // namespace ph::deliver

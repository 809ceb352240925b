// mail/header_section.cc: splits a header section without copying it. A broken line neither ends the section nor hides the fields behind it:
// mail::ContentScanner, which sees the same octets stream by, must come to the same fields and the same end.
#include "mail/header_section.h"

#include <algorithm>

#include "base/ascii.h"

namespace ph::mail {
namespace {

bool is_fold(char c) {
    return c == ' ' || c == '\t';
}

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// RFC 5322 3.6.8: ftext is printable ASCII without the colon; 4.5.8 allows blanks before it. Empty if the line is no field.
std::string_view field_name(std::string_view line) {
    std::string_view name = line.substr(0, std::min(line.find(':'), line.size()));
    if (name.size() == line.size()) return {};
    while (!name.empty() && is_fold(name.back())) name.remove_suffix(1);
    return std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; }) ? name : std::string_view();
}

// `part` with `more` behind it, which follows it in memory.
std::string_view joined(std::string_view part, std::string_view more) {
    return {part.data(), static_cast<std::size_t>(more.data() + more.size() - part.data())};
}

}  // namespace

bool HeaderField::is(std::string_view a_name) const {
    return equals_ignoring_case(name, a_name);
}

std::string HeaderField::unfolded() const {
    std::string text;
    text.reserve(value.size());
    std::copy_if(value.begin(), value.end(), std::back_inserter(text), [](char c) { return c != '\r' && c != '\n'; });
    return std::string(trim(text));
}

Result<HeaderSection> HeaderSection::parse(std::string_view message, HeaderLimits limits) {
    HeaderSection section;
    bool in_field = false;
    while (section.size_ < message.size()) {
        const std::string_view rest = message.substr(section.size_);
        const std::string_view whole = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
        const std::string_view line = without_line_end(whole);
        section.size_ += whole.size();
        if (section.size_ > limits.octets) return fail(FaultKind::too_large, "the header section is too large");
        if (line.empty() && whole.ends_with('\n')) {
            section.ended_ = true;
            break;
        }
        if (!line.empty() && is_fold(line.front())) {
            if (in_field) {
                HeaderField& field = section.fields_.back();
                field.value = joined(field.value, line);
                field.whole = joined(field.whole, whole);
            } else {
                ++section.bad_lines_;
            }
            continue;
        }
        const std::string_view name = field_name(line);
        in_field = !name.empty();
        if (!in_field) {
            ++section.bad_lines_;
            continue;
        }
        if (section.fields_.size() == limits.fields) return fail(FaultKind::too_large, "the header section has too many fields");
        section.fields_.push_back({name, line.substr(line.find(':') + 1), whole});
    }
    return section;
}

const HeaderField* HeaderSection::find(std::string_view name) const {
    const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const HeaderField& field) { return field.is(name); });
    return found == fields_.end() ? nullptr : &*found;
}

std::size_t HeaderSection::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](const HeaderField& field) { return field.is(name); }));
}

std::string HeaderSection::value(std::string_view name) const {
    const HeaderField* field = find(name);
    return field == nullptr ? std::string() : field->unfolded();
}

}  // namespace ph::mail

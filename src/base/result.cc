// base/result.cc: a Fault as the line that a person reads.
#include "base/result.h"

namespace ph {

std::string to_text(const Fault& fault) {
    if (fault.where.file.empty()) return fault.message;
    std::string text = fault.where.file;
    if (fault.where.line != 0) {
        text += ':' + std::to_string(fault.where.line);
        if (fault.where.column != 0) text += ':' + std::to_string(fault.where.column);
    }
    return text + ": " + fault.message;
}

}  // namespace ph

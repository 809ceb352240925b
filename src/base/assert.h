// base/assert.h: PH_ASSERT, for what can only be false through a bug of ours.
// Never for input: a failed assertion ends the process, and the spool recovers the mail.
#pragma once

namespace ph {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace ph

#define PH_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::ph::assertion_failed(#condition, __FILE__, __LINE__))

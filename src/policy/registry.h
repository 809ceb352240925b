// policy/registry.h: all checks in the order in which they are asked, and the document that tells about them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/check.h"

namespace ph::policy {

std::span<const CheckInfo* const> all_checks();
std::string_view to_text(Stage stage);

// docs/policy-checks.md.
std::string checks_document();

}  // namespace ph::policy

// explain/reply_values.h: the values of a reply that its explanation names: {address}, {ip}, {limit}, …
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "explain/diagnosis.h"
#include "status/cause.h"

namespace ph::explain {

// The value as it stands in the reply (or the block list's name); "" if the reply has none.
std::string_view value_of(status::Placeholder placeholder, const Diagnosis& diagnosis, status::Language language);

// "90 seconds", "5 minutes", "5 分钟": the largest unit that keeps the figure readable, rounded up.
std::string wait_text(std::uint32_t seconds, status::Language language);

// How long the reply says to wait, in seconds: "try again in 5 minutes", "greylisted for 300 seconds", "2 分钟后".
std::optional<std::uint32_t> wait_seconds(const Diagnosis& diagnosis);

}  // namespace ph::explain

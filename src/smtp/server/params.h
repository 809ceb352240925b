// smtp/server/params.h: what an administrator can set about receiving.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "config/param.h"

namespace ph::smtp {

struct ServerParams {
    std::uint64_t max_message_size = 50ULL * 1024 * 1024;
    std::uint32_t max_recipients = 1000;
};

}  // namespace ph::smtp

// deliver/obstacle.h: what the system said when something could not be done.
#pragma once

#include <string>

#include <tl/expected.hpp>

namespace ph::deliver {

// Not a Fault: which error it was decides what the sender hears (situation 124).
struct Obstacle {
    int error = 0;     // errno
    std::string text;  // "cannot create /home/ann/Maildir/tmp: Permission denied"
};
template <typename T>
using Done = tl::expected<T, Obstacle>;

// `what`: "create /home/ann/Maildir".
tl::unexpected<Obstacle> obstacle(int error, const std::string& what);

}  // namespace ph::deliver

// server/inherited_sockets.h: listening sockets that systemd opened for us (sd_listen_fds(3)): LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES.
#pragma once

#include <string>
#include <vector>

namespace ph::server {

// `name` is FileDescriptorName= of the socket unit: "smtp", "submission" or "lmtp"; without one "".
struct InheritedSocket {
    int descriptor;
    std::string name;
};

// Takes them out of the environment, so that programs we run do not see them. The caller owns the descriptors.
std::vector<InheritedSocket> take_inherited_sockets();

}  // namespace ph::server

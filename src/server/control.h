// server/control.h: what `posthorn queue` asks the running server over its local socket: one line in, JSON lines out, then the end.
//   list [AFTER-ID [LIMIT]]   a line for each message, in order of their ids
//   show ID                   one line, or {"error": ...}
//   status                    totals, space, destinations
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "io/world.h"
#include "spool/spool.h"

namespace ph::server {

inline constexpr std::size_t max_control_line = 200;
inline constexpr std::size_t max_listed = 10'000;

// "recipients": [...], the addresses of a job that still wait; none if its data cannot be read.
void append_recipients(JsonWriter& json, const Result<spool::JobData>& data);
// One message as `queue list` and `queue show` print it, without the line end.
std::string listed_json(const store::Listed& listed);

// Answers one request and closes the stream.
io::Task<void> answer_control(std::unique_ptr<io::Stream> stream, spool::Spool& spool, io::World& world);

}  // namespace ph::server

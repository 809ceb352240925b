// store/log/inspect.h: looking at a spool from outside, without changing an octet of it: every checksum verified (`check`), every record shown
// (`dump`). Meant for a spool at rest; on one in use both work on what is there at the moment and say so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/queue_id.h"
#include "base/result.h"
#include "store/log/files.h"
#include "store/log/record.h"

namespace ph::store {

struct SpoolDamage {
    std::string segment;  // file name
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    QueueId id{};      // if it is known
    std::string what;  // "the body", …
};
struct SpoolCheck {
    bool in_use = false;
    std::uint64_t segments = 0;
    std::uint64_t spares = 0;
    std::uint64_t file_bytes = 0;  // of both
    std::uint64_t records = 0;
    std::uint64_t messages = 0;  // waiting
    std::uint64_t jobs = 0;
    std::uint64_t live_bytes = 0;  // of records still needed
    std::vector<SpoolDamage> damaged;
    std::vector<std::string> notes;  // nothing to worry about
};
Result<SpoolCheck> check_spool(const std::string& directory);
Result<SpoolCheck> check_spool(log::Files& files, const std::string& directory);

// One record, in the order in which they were written. Views live for the call.
struct DumpedRecord {
    std::string segment;
    std::uint64_t offset = 0;
    log::RecordHeader header;
    std::string_view meta;  // log::decode_message and its like read it
    std::string_view body;
    bool body_good = false;
};
Result<void> dump_spool(const std::string& directory, const std::function<void(const DumpedRecord&)>& use);
Result<void> dump_spool(log::Files& files, const std::string& directory, const std::function<void(const DumpedRecord&)>& use);
// "message", "chunk", "job", "done", "summary", or "type 9".
std::string record_type_text(log::RecordType type);

}  // namespace ph::store

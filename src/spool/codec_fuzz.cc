// spool/codec_fuzz.cc: any octets as an envelope and as a job: what reads must write and read again as the same.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "spool/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto info = ph::spool::decode_message_info(bytes)) {
        const auto again = ph::spool::decode_message_info(ph::spool::encode(*info));
        PH_ASSERT(again.has_value() && *again == *info);
    }
    if (const auto job = ph::spool::decode_job_data(bytes)) {
        PH_ASSERT(job->recipients.size() <= ph::spool::max_recipients_in_job);
        const auto again = ph::spool::decode_job_data(ph::spool::encode(*job));
        PH_ASSERT(again.has_value() && *again == *job);
    }
    return 0;
}

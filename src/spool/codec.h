// spool/codec.h: MessageInfo and JobData as the bytes that an engine keeps, and back (docs/spool-envelope.md).
// Tagged fields: what has its default is left out, and a reader skips tags that it does not know, so that an older program reads what a newer
// one wrote. Decoding takes any bytes: they may come from a damaged disk.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "spool/spool.h"

namespace ph::spool {

inline constexpr std::uint8_t codec_version = 1;
inline constexpr std::size_t max_recipients_in_job = 10'000;

std::string encode(const MessageInfo& info);
std::string encode(const JobData& data);

// The fault says which octet could not be read.
Result<MessageInfo> decode_message_info(std::string_view bytes);
Result<JobData> decode_job_data(std::string_view bytes);

}  // namespace ph::spool

// smtp/replies.h: what our server says when nothing is wrong. Refusals stand in the catalogue, each with the cause that explains it; these
// need no explanation. The same words as other servers use, because log readers and test scripts match them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/queue_id.h"
#include "smtp/reply.h"
#include "status/enhanced_code.h"

namespace ph::smtp {

struct PositiveReply {
    std::string_view name;
    std::uint16_t code;
    std::optional<status::EnhancedCode> enhanced;  // RFC 2034 4: none in the greeting, after HELO and EHLO, and in 3yz replies
    std::string_view text;                         // with {places}
};

namespace reply {
inline constexpr PositiveReply greeting{"greeting", 220, std::nullopt, "{host} {text}"};
inline constexpr PositiveReply helo{"helo", 250, std::nullopt, "{host}"};
inline constexpr PositiveReply ok{"ok", 250, status::EnhancedCode{2, 0, 0}, "Ok"};
inline constexpr PositiveReply sender_ok{"sender-ok", 250, status::EnhancedCode{2, 1, 0}, "Ok"};
inline constexpr PositiveReply recipient_ok{"recipient-ok", 250, status::EnhancedCode{2, 1, 5}, "Ok"};
inline constexpr PositiveReply chunk_ok{"chunk-ok", 250, status::EnhancedCode{2, 0, 0}, "{size} octets received"};
inline constexpr PositiveReply queued{"queued", 250, status::EnhancedCode{2, 0, 0}, "{id} queued"};
inline constexpr PositiveReply data_go_ahead{"data-go-ahead", 354, std::nullopt, "End data with <CR><LF>.<CR><LF>"};
inline constexpr PositiveReply help{"help", 214, status::EnhancedCode{2, 0, 0}, "Commands: {text}"};
inline constexpr PositiveReply bye{"bye", 221, status::EnhancedCode{2, 0, 0}, "{host} closing connection"};
}  // namespace reply

// The reply with its values put in.
Reply accept(const PositiveReply& positive, std::initializer_list<Value> values = {});

// "250 2.0.0 Ok".
Reply reply_ok();
// "250 2.0.0 <QueueId> queued": only when the message is durable.
Reply reply_queued(QueueId id);

}  // namespace ph::smtp

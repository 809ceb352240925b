// queue/notices.h: which notices an attempt calls for and what they are: delivery status notifications of RFC 3461 and RFC 3464. Never an answer to
// a notice: what fails with the null reverse-path is shown to the postmaster once (double bounce). Pure; the runner routes and keeps them.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "deliver/transport.h"
#include "explain/explainer.h"
#include "queue/conclusion.h"
#include "queue/notice_text.h"

namespace ph::queue {

struct NoticePlan {
    NoticeKind kind = NoticeKind::failed;
    bool double_bounce = false;
    bool whole_original = false;  // rather than only its header
    mail::Mailbox to;
    std::vector<std::size_t> recipients;  // indexes of work.data.recipients; at most mail::max_dsn_recipients
};

struct NoticePlans {
    std::vector<NoticePlan> plans;
    bool dropped = false;  // a notice of ours failed, and nobody is left who could be told
};

NoticePlans plan_notices(const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion, const QueueParams& params);

// The mailbox that the notice should go to does not exist: a bounce goes to the postmaster instead. False: nobody is left to be told.
bool make_double_bounce(NoticePlan& plan, const QueueParams& params);

struct NoticeContext {
    std::string hostname;
    TimePoint now{};
    std::array<std::uint64_t, 2> random{};  // for the boundary, which nobody must guess
    QueueId id;                             // of the notice
    std::string_view original;              // the message, or as much of its head as was read
    bool original_whole = false;
};

// A message of ours: the envelope and the content with CRLF.
struct Notice {
    spool::MessageInfo info;
    std::string content;
};

Notice write_notice(const NoticePlan& plan, const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion,
                    const NoticeContext& context, explain::Explainer& explainer);

}  // namespace ph::queue

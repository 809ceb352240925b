// queue/records.h: what the queue writes to the log: one record for each recipient of an attempt, and one for each notice.
//     queue.delivered  queue.deferred  queue.failed   id from to relay status cause delay attempts reply next
//     queue.bounced    a bounce of ours was taken into the spool; queue.notified: another notice; queue.dropped: nobody is left to be told
//     queue.damaged    a message cannot be read and is held (situation 131)
//     queue.dead       a destination rests; queue.alive: it is back
#pragma once

#include "obs/log.h"
#include "queue/conclusion.h"
#include "queue/notices.h"

namespace ph::queue {

void log_attempt(obs::Log& log, const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion, TimePoint now);
void log_notice(obs::Log& log, QueueId about, QueueId notice, const NoticePlan& plan);
void log_dropped(obs::Log& log, const spool::Work& work, std::string_view why);

}  // namespace ph::queue

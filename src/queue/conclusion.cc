// queue/conclusion.cc: judge each recipient, then the job.
#include "queue/conclusion.h"

#include <algorithm>

#include "base/assert.h"
#include "queue/judge.h"
#include "shaping/retry.h"

namespace ph::queue {
namespace {

using deliver::Attempt;
using deliver::Ending;
using deliver::RecipientOutcome;
using spool::PendingRecipient;
using spool::Work;

constexpr std::size_t max_reply = 1000;
constexpr std::size_t max_remote = 300;

std::uint16_t one_more(std::uint16_t count) {
    return count == UINT16_MAX ? count : static_cast<std::uint16_t>(count + 1);
}

class Conclusions {
  public:
    Conclusions(const Work& work, const Attempt& attempt, const Circumstances& circumstances, explain::Explainer& explainer)
        : work_(work), attempt_(attempt), circumstances_(circumstances), explainer_(explainer) {}

    Conclusion run() {
        PH_ASSERT(attempt_.outcomes.size() == recipients().size());
        count();
        for (std::size_t index = 0; index < recipients().size(); ++index) judge_one(index);
        schedule();
        keep();
        return std::move(result_);
    }

  private:
    const std::vector<PendingRecipient>& recipients() const { return work_.data.recipients; }
    spool::JobOutcome& outcome() { return result_.outcome; }

    void count() {
        result_.expires_at = expiry_of(work_, circumstances_.limits);
        outcome().ref = work_.ref();
        outcome().attempts = circumstances_.resting_until ? work_.job.attempts : one_more(work_.job.attempts);
        protocol_errors_ = work_.data.protocol_errors;
        if (std::ranges::any_of(attempt_.outcomes, is_protocol_error)) protocol_errors_ = one_more(protocol_errors_);
    }

    void judge_one(std::size_t index) {
        const RecipientOutcome& said = attempt_.outcomes[index];
        const TimePoint since = since_when(recipients()[index], said, circumstances_.now);
        const Judgement judgement = judge(said, {circumstances_.now, since, protocol_errors_, circumstances_.params.mailbox_full_grace});
        Fate& fate = result_.fates.emplace_back();
        fate.ending = judgement.ending;
        fate.status = judgement.status;
        if (fate.ending != Ending::delivered) diagnose(index, fate);
    }

    // Recipients of one transaction often got the same words: they are explained once.
    void diagnose(std::size_t index, Fate& fate) {
        const RecipientOutcome& said = attempt_.outcomes[index];
        const std::string_view words = words_of(said);
        if (explained_ == nullptr || words != words_of(*explained_) || said.command != explained_->command) {
            const explain::Diagnosis& diagnosis = explainer_.diagnose(words, {.provider = {}, .host = said.remote_host, .command = said.command});
            explained_ = &said;
            cause_ = diagnosis.cause().id;
            retry_after_ = Seconds(diagnosis.retry_after);
        }
        fate.cause = cause_;
        if (fate.ending == Ending::deferred) asked_ = std::max(asked_, retry_after_);
    }

    bool anyone_waits() const {
        return std::ranges::any_of(result_.fates, [](const Fate& fate) { return fate.ending == Ending::deferred; });
    }

    void schedule() {
        outcome().done = !anyone_waits();
        if (outcome().done) return;
        const auto next = next_time();
        if (next) {
            outcome().next_at = *next;
            return;
        }
        outcome().done = true;
        for (Fate& fate : result_.fates) {
            if (fate.ending != Ending::deferred) continue;
            // Row 130: the status says that time ran out; the reply that was the reason stays beside it.
            fate.ending = Ending::failed;
            fate.status = {5, 4, 7};
            fate.expired = true;
        }
    }

    std::optional<TimePoint> next_time() const {
        const shaping::RetryRule& rule = circumstances_.limits.retry;
        const shaping::RetryState state{std::max<std::uint32_t>(result_.outcome.attempts, 1), circumstances_.now, result_.expires_at, asked_};
        const auto next = next_attempt(rule, state, circumstances_.random);
        if (!next) return next;
        if (circumstances_.resting_until)
            return std::clamp(*circumstances_.resting_until, circumstances_.now, result_.expires_at - last_try_margin(rule));
        return std::min(*next, notice_time(*next));
    }

    // A try falls on the time of the delay notice, so that the notice is neither late nor without a fresh reason.
    TimePoint notice_time(TimePoint otherwise) const {
        const TimePoint due = arrival_of(work_) + circumstances_.params.delay_notice_after;
        const bool wanted = circumstances_.params.delay_notice_after > Seconds(0) && !work_.data.delay_told && !work_.data.reverse_path.is_null();
        return wanted && asked_ == Seconds(0) && due > circumstances_.now + circumstances_.limits.retry.first ? due : otherwise;
    }

    void keep() {
        spool::JobData& data = outcome().data;
        if (outcome().done) return;
        data.reverse_path = work_.data.reverse_path;
        data.protocol_errors = protocol_errors_;
        for (std::size_t index = 0; index < recipients().size(); ++index) {
            if (result_.fates[index].ending == Ending::deferred) keep_one(index);
        }
        result_.tell_delay = delay_is_due(data);
        data.delay_told = work_.data.delay_told || result_.tell_delay;
    }

    void keep_one(std::size_t index) {
        const RecipientOutcome& said = attempt_.outcomes[index];
        spool::JobData& data = outcome().data;
        if (data.recipients.empty()) remember(said, result_.fates[index]);
        PendingRecipient& pending = data.recipients.emplace_back(recipients()[index]);
        pending.since = since_when(pending, said, circumstances_.now);
        pending.last_status = result_.fates[index].status;
        pending.tell_expanded = false;
    }

    void remember(const RecipientOutcome& said, const Fate& fate) {
        spool::LastAttempt& last = outcome().data.last;
        last.at = circumstances_.resting_until && work_.data.last.at != TimePoint() ? work_.data.last.at : circumstances_.now;
        last.cause = fate.cause;
        last.reply = head_of(words_of(said), max_reply);
        last.status = to_text(fate.status);
        last.remote = head_of(remote_text(said), max_remote);
        last.command = said.command;
    }

    bool delay_is_due(const spool::JobData& data) const {
        if (circumstances_.params.delay_notice_after == Seconds(0) || work_.data.delay_told) return false;
        if (work_.data.reverse_path.is_null() || work_.info->notice) return false;
        if (circumstances_.now - arrival_of(work_) < circumstances_.params.delay_notice_after) return false;
        return std::ranges::any_of(data.recipients, [](const PendingRecipient& one) { return one.recipient.notify.wants_delay(); });
    }

    const Work& work_;
    const Attempt& attempt_;
    const Circumstances& circumstances_;
    explain::Explainer& explainer_;
    Conclusion result_;
    std::uint16_t protocol_errors_ = 0;
    const RecipientOutcome* explained_ = nullptr;
    std::string cause_;
    Seconds retry_after_{0};
    Seconds asked_{0};
};

}  // namespace

TimePoint arrival_of(const Work& work) {
    return work.info->arrived != TimePoint() ? work.info->arrived : work.id.time();
}

TimePoint expiry_of(const Work& work, const Limits& limits) {
    return limits.lifetime ? arrival_of(work) + *limits.lifetime : work.job.expires_at;
}

std::string_view words_of(const RecipientOutcome& outcome) {
    return outcome.reply.lost == smtp::Lost::no && !outcome.reply.text.empty() ? std::string_view(outcome.reply.text)
                                                                               : std::string_view(outcome.text);
}

bool may_rest(const Work& work, const Circumstances& circumstances) {
    if (work.data.last.cause.empty()) return false;  // its list entry would not say why it waits
    if (circumstances.now >= expiry_of(work, circumstances.limits) - last_try_margin(circumstances.limits.retry)) return false;
    const Seconds notice_after = circumstances.params.delay_notice_after;
    const bool notice_open = notice_after > Seconds(0) && !work.data.delay_told && !work.data.reverse_path.is_null();
    return !notice_open || circumstances.now - arrival_of(work) < notice_after;
}

Conclusion conclude(const Work& work, const Attempt& attempt, const Circumstances& circumstances, explain::Explainer& explainer) {
    return Conclusions(work, attempt, circumstances, explainer).run();
}

spool::JobOutcome postponed(const Work& work, const Conclusion& conclusion, const Circumstances& circumstances) {
    spool::JobOutcome outcome = conclusion.outcome;
    spool::JobData& data = outcome.data;
    std::size_t kept = 0;
    for (std::size_t index = 0; index < conclusion.fates.size(); ++index) {
        if (conclusion.fates[index].ending == Ending::deferred) data.recipients[kept++].tell_expanded = work.data.recipients[index].tell_expanded;
    }
    for (std::size_t index = 0; index < conclusion.fates.size(); ++index) {
        if (conclusion.fates[index].ending == Ending::failed) data.recipients.push_back(work.data.recipients[index]);
    }
    if (data.recipients.empty()) return outcome;
    if (outcome.done) {
        data.reverse_path = work.data.reverse_path;
        data.last = work.data.last;
    }
    outcome.done = false;
    data.delay_told = work.data.delay_told;
    outcome.next_at = circumstances.now + circumstances.limits.retry.first;
    return outcome;
}

}  // namespace ph::queue

// queue/notices.cc: the rules of RFC 3461 5.2 and 6, then the fields of RFC 3464 from what the attempt left behind.
#include "queue/notices.h"

#include <algorithm>
#include <set>

#include "base/assert.h"
#include "mail/dsn.h"
#include "queue/judge.h"

namespace ph::queue {
namespace {

using deliver::Ending;
using spool::PendingRecipient;

constexpr std::string_view local_postmaster = "postmaster";

mail::Mailbox postmaster_of(const QueueParams& params) {
    if (params.double_bounce_to.empty()) return {};
    const auto mailbox = mail::parse_mailbox(params.double_bounce_to);
    return mailbox ? *mailbox : mail::Mailbox{std::string(local_postmaster), ""};
}

// A list's owner is told the member; another sender the address he wrote to, and not where an alias led (RFC 3464 4.2).
bool tells_final_address(const PendingRecipient& pending, const spool::Work& work) {
    return !pending.expanded || work.data.reverse_path != work.info->envelope.reverse_path;
}

const mail::Mailbox& told_address(const PendingRecipient& pending, const spool::Work& work) {
    return tells_final_address(pending, work) ? pending.recipient.address : pending.original;
}

class Planner {
  public:
    Planner(const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion, const QueueParams& params)
        : work_(work), attempt_(attempt), conclusion_(conclusion), params_(params) {}

    NoticePlans run() {
        const std::size_t count = work_.data.recipients.size();
        for (std::size_t index = 0; index < count; ++index) {
            if (wants_failure(index)) failed_.push_back(index);
        }
        plan_failures();
        if (work_.data.reverse_path.is_null()) return std::move(result_);
        if (conclusion_.tell_delay) plan(NoticeKind::delayed, [this](std::size_t index) { return wants_delay(index); });
        plan(NoticeKind::delivered, [this](std::size_t index) { return wants_success(index) && attempt_.outcomes[index].final_delivery; });
        plan(NoticeKind::relayed, [this](std::size_t index) {
            const deliver::RecipientOutcome& said = attempt_.outcomes[index];
            return wants_success(index) && !said.final_delivery && !said.dsn_passed_on;  // RFC 3461 5.2.2
        });
        plan_expansions();
        return std::move(result_);
    }

  private:
    const mail::Notify& notify(std::size_t index) const { return work_.data.recipients[index].recipient.notify; }

    bool wants_failure(std::size_t index) const {
        return conclusion_.fates[index].ending == Ending::failed && (work_.info->notice || notify(index).wants_failure());
    }
    bool wants_delay(std::size_t index) const { return conclusion_.fates[index].ending == Ending::deferred && notify(index).wants_delay(); }
    bool wants_success(std::size_t index) const { return conclusion_.fates[index].ending == Ending::delivered && notify(index).wants_success(); }

    // RFC 3461 6.1, RFC 5321 6.1: no bounce of a bounce. What fails with the null reverse-path is shown to the postmaster, unless it was for him.
    void plan_failures() {
        if (failed_.empty()) return;
        if (!work_.data.reverse_path.is_null()) {
            add(NoticeKind::failed, failed_, work_.data.reverse_path, false);
            return;
        }
        const mail::Mailbox postmaster = postmaster_of(params_);
        const bool was_for_him = std::ranges::any_of(failed_, [&](std::size_t index) { return work_.data.recipients[index].original == postmaster; });
        if (postmaster.is_null() || was_for_him) {
            result_.dropped = true;
        } else {
            add(NoticeKind::failed, failed_, postmaster, true);
        }
    }

    template <typename Wants>
    void plan(NoticeKind kind, Wants wants) {
        std::vector<std::size_t> chosen;
        for (std::size_t index = 0; index < work_.data.recipients.size(); ++index) {
            if (wants(index)) chosen.push_back(index);
        }
        if (!chosen.empty()) add(kind, chosen, work_.data.reverse_path, false);
    }

    // RFC 3461 5.2.7.2: it is about what the sender's address became, so it goes to him and not to a list's owner.
    void plan_expansions() {
        std::vector<std::size_t> chosen;
        for (std::size_t index = 0; index < work_.data.recipients.size(); ++index) {
            if (work_.data.recipients[index].tell_expanded) chosen.push_back(index);
        }
        const mail::Mailbox& sender = work_.info->envelope.reverse_path;
        if (!chosen.empty() && !sender.is_null()) add(NoticeKind::expanded, chosen, sender, false);
    }

    void add(NoticeKind kind, const std::vector<std::size_t>& chosen, const mail::Mailbox& to, bool double_bounce) {
        for (std::size_t begin = 0; begin < chosen.size(); begin += mail::max_dsn_recipients) {
            NoticePlan& made = result_.plans.emplace_back();
            made.kind = kind;
            made.double_bounce = double_bounce;
            // RFC 3461 4.3: RET is for failures; without it we choose: the whole message while it is small.
            made.whole_original = kind == NoticeKind::failed && work_.info->envelope.ret != mail::Ret::headers && work_.size <= params_.bounce_size;
            made.to = to;
            const std::size_t end = std::min(chosen.size(), begin + mail::max_dsn_recipients);
            made.recipients.assign(chosen.begin() + static_cast<std::ptrdiff_t>(begin), chosen.begin() + static_cast<std::ptrdiff_t>(end));
        }
    }

    const spool::Work& work_;
    const deliver::Attempt& attempt_;
    const Conclusion& conclusion_;
    const QueueParams& params_;
    std::vector<std::size_t> failed_;
    NoticePlans result_;
};

// What one notice says of its recipients, for programs and for people.
class Writer {
  public:
    Writer(const NoticePlan& plan, const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion,
           const NoticeContext& context)
        : plan_(plan), work_(work), attempt_(attempt), conclusion_(conclusion), context_(context) {}

    mail::Dsn dsn() const {
        mail::Dsn dsn;
        dsn.reporting_mta = context_.hostname;
        dsn.reverse_path = plan_.to;
        dsn.envelope_id = work_.info->envelope.envid;
        dsn.arrival = arrival_of(work_);
        dsn.now = context_.now;
        dsn.unique = to_text(context_.id);
        dsn.boundary = to_text(QueueId(context_.random[0] >> 1U)) + to_text(QueueId(context_.random[1] >> 1U));
        dsn.original = context_.original;
        dsn.original_whole = context_.original_whole;
        dsn.ret = plan_.whole_original ? mail::Ret::full : mail::Ret::headers;
        dsn.smtputf8 = work_.info->envelope.smtputf8;
        for (const std::size_t index : plan_.recipients) dsn.recipients.push_back(fields(index));
        return dsn;
    }

    NoticeFacts facts() const {
        NoticeFacts facts;
        facts.kind = plan_.kind;
        facts.double_bounce = plan_.double_bounce;
        facts.hostname = context_.hostname;
        facts.id = work_.id;
        facts.arrived = arrival_of(work_);
        facts.sender = to_text(work_.info->envelope.reverse_path);
        facts.message_id = work_.info->origin.arrived_with;
        if (plan_.kind == NoticeKind::delayed) facts.retry_until = conclusion_.expires_at;
        return facts;
    }

    // An alias that became several of the same job is told of once.
    std::vector<NoticeRecipient> recipients() const {
        std::vector<NoticeRecipient> told;
        std::set<std::string> seen;
        for (const std::size_t index : plan_.recipients) {
            if (seen.insert(to_text(address(index))).second) told.push_back(testimony(index));
        }
        return told;
    }

  private:
    const mail::Mailbox& address(std::size_t index) const {
        const PendingRecipient& pending = work_.data.recipients[index];
        return plan_.kind == NoticeKind::expanded ? pending.original : told_address(pending, work_);
    }

    status::EnhancedCode status(std::size_t index) const {
        // RFC 3461 5.2.7: the expansion itself went well, whatever becomes of the members.
        return plan_.kind == NoticeKind::expanded ? status::EnhancedCode{2, 1, 5} : conclusion_.fates[index].status;
    }

    bool tells_of_the_attempt() const { return plan_.kind != NoticeKind::expanded; }

    mail::DsnRecipient fields(std::size_t index) const {
        static_assert(static_cast<int>(NoticeKind::expanded) == static_cast<int>(mail::DsnAction::expanded));
        const deliver::RecipientOutcome& said = attempt_.outcomes[index];
        mail::DsnRecipient one;
        one.original_recipient = work_.data.recipients[index].recipient.orcpt;
        one.final_recipient = address(index);
        one.action = static_cast<mail::DsnAction>(plan_.kind);
        one.status = status(index);
        if (!tells_of_the_attempt()) return one;
        one.remote_mta = said.remote_host;
        one.diagnostic_type = said.diagnostic_type.empty() ? "x-posthorn" : said.diagnostic_type;
        one.diagnostic = words_of(said);
        one.last_attempt = context_.now;
        if (plan_.kind == NoticeKind::delayed) one.will_retry_until = conclusion_.expires_at;
        return one;
    }

    NoticeRecipient testimony(std::size_t index) const {
        const deliver::RecipientOutcome& said = attempt_.outcomes[index];
        NoticeRecipient one;
        one.address = to_text(address(index));
        if (!tells_of_the_attempt()) return one;
        one.reply = words_of(said);
        one.from_peer = said.reply.lost == smtp::Lost::no && said.reply.code != 0;
        one.remote = remote_text(said);
        one.host = said.remote_host;
        one.command = said.command;
        one.tried_at = context_.now;
        one.attempts = conclusion_.outcome.attempts;
        one.expired = conclusion_.fates[index].expired;
        return one;
    }

    const NoticePlan& plan_;
    const spool::Work& work_;
    const deliver::Attempt& attempt_;
    const Conclusion& conclusion_;
    const NoticeContext& context_;
};

}  // namespace

NoticePlans plan_notices(const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion, const QueueParams& params) {
    return Planner(work, attempt, conclusion, params).run();
}

bool make_double_bounce(NoticePlan& plan, const QueueParams& params) {
    const mail::Mailbox postmaster = postmaster_of(params);
    if (plan.kind != NoticeKind::failed || plan.double_bounce || postmaster.is_null() || plan.to == postmaster) return false;
    plan.double_bounce = true;
    plan.to = postmaster;
    return true;
}

Notice write_notice(const NoticePlan& plan, const spool::Work& work, const deliver::Attempt& attempt, const Conclusion& conclusion,
                    const NoticeContext& context, explain::Explainer& explainer) {
    const Writer writer(plan, work, attempt, conclusion, context);
    mail::Dsn dsn = writer.dsn();
    NoticeText text = notice_text(writer.facts(), writer.recipients(), explainer);
    dsn.texts = {std::move(text.english), std::move(text.chinese)};
    auto built = mail::build_dsn(dsn);
    PH_ASSERT(built.has_value());
    Notice notice;
    notice.content = std::move(built->content);
    notice.info.envelope.body = built->eight_bit ? mail::BodyType::eight_bit_mime : mail::BodyType::seven_bit;
    notice.info.envelope.smtputf8 = built->smtputf8;
    notice.info.eight_bit = built->eight_bit;
    notice.info.arrived = context.now;
    notice.info.notice = true;
    notice.info.origin.arrived_with = dsn.unique + '@' + context.hostname;
    return notice;
}

}  // namespace ph::queue

// queue/notice_text.cc: the frame around the catalogue's texts. Recipients that failed alike share one explanation; the number of explanations and
// addresses is bounded, for the report's machine part names them all. What comes from outside is stripped of control characters.
#include "queue/notice_text.h"

#include <algorithm>

#include "base/display.h"
#include "explain/text_template.h"
#include "queue/judge.h"
#include "status/bilingual.h"

namespace ph::queue {
namespace {

using status::Bilingual;
using status::Language;
using status::TextPart;

constexpr std::size_t columns = 76;
constexpr std::size_t most_groups = 10;
constexpr std::size_t most_addresses = 20;
constexpr std::size_t most_reply = 1000;

// In the order of NoticeKind.
constexpr Bilingual openings[] = {
    {"Your message could not be delivered to the recipients below, and will not be tried again.", "您的邮件未能送达下列收件人，系统不会再尝试投递。"},
    {"Your message has not been delivered to the recipients below so far. You need not do anything and need not send it again: it is tried further.",
     "您的邮件暂时还没有送达下列收件人。系统会继续尝试，您不必处理，也不必重发。"},
    {"Your message was delivered into the mailboxes of the recipients below, as you asked to be told.",
     "按您的要求通知：您的邮件已送入下列收件人的邮箱。"},
    {"Your message was passed on to the next mail server for the recipients below. That server does not report deliveries, so you may hear nothing "
     "further.",
     "您的邮件已转交给下列收件人的下一台邮件服务器。该服务器不支持送达回执，之后您可能收不到进一步的通知。"},
    {"The addresses below stand for several recipients. Your message is on its way to all of them; their own deliveries are not reported.",
     "下列地址代表多个收件人。您的邮件正在投递给其中的每一位，各自的送达情况不再另行通知。"},
};

constexpr Bilingual double_bounce_opening{
    "A message could not be delivered to the recipients below, and its sender cannot be told: the message is itself a bounce or another notice, or "
    "the sender's address does not exist. So it is shown to you, the postmaster, once.",
    "一封邮件未能送达下列收件人，并且无法通知发件人：它本身就是退信等通知，或者发件人地址不存在。因此只向您（邮件管理员）通报一次。"};

std::string date_text(TimePoint when, Language language) {
    if (language == Language::en) return rfc5322_date(when);
    const std::string date = rfc3339_date(when);  // "2026-11-24T19:06:31.042Z"
    return "UTC " + date.substr(0, 10) + ' ' + date.substr(11, 5);
}

bool explains(NoticeKind kind) {
    return kind == NoticeKind::failed || kind == NoticeKind::delayed;
}

class Page {
  public:
    Page(Language language, const NoticeFacts& facts) : language_(language), facts_(facts) {}

    std::string_view say(Bilingual text) const { return text.in(language_); }
    bool zh() const { return language_ == Language::zh; }

    void paragraph(std::string_view text, std::size_t indent = 0) {
        for (const std::string& line : wrap(printable(text), columns - indent)) out_.append(indent, ' ').append(line) += '\n';
    }
    void gap() { out_ += '\n'; }

    void opening() {
        paragraph(zh() ? "这是 " + facts_.hostname + " 的邮件系统发出的通知。" : "This is the mail system of " + facts_.hostname + ".");
        gap();
        paragraph(say(facts_.double_bounce ? double_bounce_opening : openings[static_cast<std::size_t>(facts_.kind)]));
        if (facts_.kind == NoticeKind::delayed && facts_.retry_until != TimePoint()) {
            const std::string until = date_text(facts_.retry_until, language_);
            paragraph(zh() ? "系统会一直尝试到 " + until + "，届时仍未送达再退信给您。"
                           : "It is tried until " + until + "; if it is not delivered by then, it is returned to you.");
        }
    }

    void addresses(std::span<const NoticeRecipient* const> group) {
        gap();
        for (const NoticeRecipient* one : group.first(std::min(group.size(), most_addresses))) paragraph('<' + one->address + '>', 2);
        if (group.size() > most_addresses) {
            const std::string rest = std::to_string(group.size() - most_addresses);
            paragraph(zh() ? "……另有 " + rest + " 个地址，见附带的报告。" : "… and " + rest + " more, which the attached report names.", 2);
        }
    }

    void explanation(const explain::Diagnosis& diagnosis) {
        static constexpr std::pair<TextPart, Bilingual> parts[] = {
            {TextPart::title, {"", ""}},
            {TextPart::cause, {"What happened: ", "原因："}},
            {TextPart::sender, {"What you can do: ", "您可以这样做："}},
            {TextPart::sender_admin, {"For the administrator of the sending server: ", "发件方管理员："}},
            {TextPart::receiver_admin, {"For the administrator of the receiving server: ", "收件方管理员："}},
        };
        for (const auto& [part, label] : parts) {
            const std::string_view text = say(diagnosis.cause().text(part));
            if (text.empty()) continue;
            std::string line(say(label));
            explain::append_filled(line, text, diagnosis, language_);
            paragraph(line, 4);
            gap();
        }
    }

    // Who said what, when, in answer to what, and how often it was tried.
    void testimony(const NoticeRecipient& one) {
        if (!one.reply.empty()) {
            paragraph(who(one), 4);
            paragraph(head_of(one.reply, most_reply), 8);
        }
        std::string line;
        if (one.attempts != 0 && zh()) line = "共尝试投递 " + std::to_string(one.attempts) + " 次。";
        if (one.attempts != 0 && !zh()) line = "It was tried " + (one.attempts == 1 ? "once. " : std::to_string(one.attempts) + " times. ");
        if (one.expired) line += say({"Its time in the queue is over.", "邮件在队列中的保留期已过，系统放弃投递。"});
        if (!line.empty()) paragraph(line, 4);
    }

    void about_the_message() {
        gap();
        const std::string id = to_text(facts_.id);
        if (zh()) {
            paragraph("原邮件：由 <" + facts_.sender + "> 发出，" + date_text(facts_.arrived, language_) + " 收到，本机编号 " + id +
                      (facts_.message_id.empty() ? "" : "，Message-ID 为 <" + facts_.message_id + ">") + "。联系管理员时请提供该编号。");
        } else {
            paragraph("The message: from <" + facts_.sender + ">, taken on " + date_text(facts_.arrived, language_) + " as " + id +
                      (facts_.message_id.empty() ? "" : ", Message-ID <" + facts_.message_id + ">") +
                      ". Name that id when you ask an administrator.");
        }
    }

    std::string take() { return std::move(out_); }

  private:
    std::string who(const NoticeRecipient& one) const {
        const std::string when = one.tried_at == TimePoint() ? "" : date_text(one.tried_at, language_);
        if (zh()) {
            std::string text = when;
            if (!when.empty()) text += "，";
            if (!one.from_peer) return text + (one.remote.empty() ? "本机记录：" : "本机连接 " + one.remote + " 时的记录：");
            text += "对方服务器 " + one.remote;
            return text + (one.command.empty() ? " 的应答：" : " 对 " + one.command + " 命令的应答：");
        }
        const std::string on = when.empty() ? "" : ", on " + when;
        if (!one.from_peer) return "This server notes" + (one.remote.empty() ? "" : " about " + one.remote) + on + ":";
        return "The server " + one.remote + " said" + (one.command.empty() ? "" : " in answer to " + one.command) + on + ":";
    }

    Language language_;
    const NoticeFacts& facts_;
    std::string out_;
};

using Group = std::vector<const NoticeRecipient*>;

// As a log writes it, so that the explanation can name the address and the host; of several addresses none.
std::string framed(const Group& group) {
    const NoticeRecipient& one = *group.front();
    std::string text = group.size() == 1 ? '<' + one.address + ">: " : std::string();
    if (!one.from_peer) return text + one.reply;
    text += "host " + one.remote + " said: " + one.reply;
    if (!one.command.empty()) text += " (in reply to " + one.command + " command)";
    return text;
}

// Those who got the same words from the same host stand together.
std::vector<Group> group(std::span<const NoticeRecipient> recipients, bool by_reply) {
    std::vector<Group> groups;
    for (const NoticeRecipient& one : recipients) {
        const auto alike = [&](const Group& other) {
            const NoticeRecipient& first = *other.front();
            return !by_reply ||
                   (first.reply == one.reply && first.remote == one.remote && first.command == one.command && first.expired == one.expired);
        };
        const auto found = std::ranges::find_if(groups, alike);
        if (found != groups.end()) {
            found->push_back(&one);
        } else if (groups.size() < most_groups) {
            groups.push_back({&one});
        } else {
            groups.back().push_back(&one);
        }
    }
    return groups;
}

}  // namespace

NoticeText notice_text(const NoticeFacts& facts, std::span<const NoticeRecipient> recipients, explain::Explainer& explainer) {
    Page english(Language::en, facts);
    Page chinese(Language::zh, facts);
    english.paragraph("（中文说明见下方。）");  // one who reads no English must not stop at its first line
    english.gap();
    chinese.paragraph("【中文说明】");
    chinese.gap();
    for (Page* page : {&english, &chinese}) page->opening();
    for (const Group& alike : group(recipients, explains(facts.kind))) {
        const NoticeRecipient& first = *alike.front();
        const std::string words = framed(alike);  // the diagnosis looks into it
        const explain::Diagnosis& diagnosis = explainer.diagnose(words, {.provider = {}, .host = first.host, .command = first.command});
        for (Page* page : {&english, &chinese}) {
            page->addresses(alike);
            if (!explains(facts.kind)) continue;
            page->gap();
            page->explanation(diagnosis);
            page->testimony(first);
        }
    }
    for (Page* page : {&english, &chinese}) page->about_the_message();
    return {english.take(), chinese.take()};
}

}  // namespace ph::queue

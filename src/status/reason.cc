// status/reason.cc: the taxonomy as a table, in the order in which documents list it.
#include "status/reason.h"

#include <algorithm>
#include <array>

namespace ph::status {

// clang-format off
const Reason reason_table[reason_count] = {
    Reason{"user_unknown", "recipient", Side::sender_list, Permanence::permanent, Retry::never, "remove-address",
           {"The mailbox does not exist", "收件人邮箱不存在"}},
    Reason{"user_disabled", "recipient", Side::recipient, Permanence::permanent, Retry::never, "remove-address",
           {"The mailbox exists but is disabled, suspended or inactive", "收件人邮箱已停用、冻结或长期未登录"}},
    Reason{"user_moved", "recipient", Side::sender_list, Permanence::permanent, Retry::after_fix, "update-address",
           {"The recipient has moved to another address", "收件人已更换地址"}},
    Reason{"recipient_refused", "recipient", Side::recipient, Permanence::permanent, Retry::after_fix, "ask-recipient",
           {"The recipient (or the group's owner) refuses mail from this sender", "收件人或其过滤规则拒收该发件人的邮件"}},
    Reason{"bad_recipient_syntax", "recipient", Side::sender_list, Permanence::permanent, Retry::after_fix, "fix-address",
           {"The recipient address is malformed", "收件人地址格式错误"}},
    Reason{"mailbox_full", "recipient", Side::recipient, Permanence::temporary, Retry::later, "retry-later",
           {"The recipient's mailbox is over quota", "收件人邮箱已满"}},
    Reason{"host_unknown", "domain", Side::sender_list, Permanence::permanent, Retry::after_fix, "fix-address",
           {"The recipient's domain does not exist or has no mail host", "收件人域名不存在或没有邮件主机"}},
    Reason{"host_not_accepting", "domain", Side::recipient_admin, Permanence::permanent, Retry::never, "remove-address",
           {"The domain or host declares that it accepts no mail (null MX, 521, 556)", "对方域名或主机声明不接收邮件"}},
    Reason{"dns_error", "network", Side::recipient_admin, Permanence::temporary, Retry::automatic, "retry-later",
           {"DNS could not be resolved at the time (SERVFAIL, timeout, lame delegation)", "DNS 解析暂时失败"}},
    Reason{"network_error", "network", Side::network, Permanence::temporary, Retry::automatic, "retry-later",
           {"No connection, or it was lost or timed out", "无法连接对方服务器或连接中断、超时"}},
    Reason{"routing_loop", "network", Side::admin, Permanence::permanent, Retry::after_fix, "fix-config",
           {"Mail loop or too many hops", "邮件循环或中转跳数过多"}},
    Reason{"expired", "network", Side::network, Permanence::permanent, Retry::later, "resend",
           {"Given up after retrying for the whole queue lifetime", "超过重试期限，放弃投递"}},
    Reason{"sender_rejected", "sender", Side::sender, Permanence::permanent, Retry::after_fix, "fix-sender",
           {"The envelope or header sender is refused", "发件人地址被拒绝"}},
    Reason{"auth_failure", "sender", Side::sender_admin, Permanence::permanent, Retry::after_fix, "fix-auth",
           {"SPF, DKIM or DMARC failed", "SPF/DKIM/DMARC 验证失败"}},
    Reason{"rdns_missing", "sender", Side::sender_admin, Permanence::permanent, Retry::after_fix, "fix-dns",
           {"The sending host lacks valid reverse DNS or HELO name", "发信主机缺少有效的反向解析或 HELO 名称"}},
    Reason{"login_required", "sender", Side::sender, Permanence::permanent, Retry::after_fix, "fix-login",
           {"SMTP AUTH is missing or failed", "需要 SMTP 登录或登录失败"}},
    Reason{"relay_denied", "sender", Side::sender_admin, Permanence::permanent, Retry::after_fix, "fix-config",
           {"The server refuses to relay for this domain", "服务器拒绝中继"}},
    Reason{"tls_failure", "sender", Side::admin, Permanence::temporary, Retry::after_fix, "fix-tls",
           {"TLS is required, failed or its policy (MTA-STS, DANE) was not met", "需要 TLS 或 TLS 协商/策略失败"}},
    Reason{"ip_blocked", "reputation", Side::sender_admin, Permanence::permanent, Retry::after_fix, "delist-ip",
           {"The sending IP or host is on a block list or blocked by policy", "发信 IP 被列入黑名单或被封禁"}},
    Reason{"low_reputation", "reputation", Side::sender_admin, Permanence::temporary, Retry::slower, "improve-reputation",
           {"The sending IP or domain has a poor reputation", "发信 IP 或域名信誉过低"}},
    Reason{"rate_limited", "reputation", Side::sender, Permanence::temporary, Retry::slower, "slow-down",
           {"Too many connections or messages; slow down", "发信频率或连接数超限"}},
    Reason{"too_many_recipients", "reputation", Side::sender, Permanence::temporary, Retry::after_fix, "split-recipients",
           {"Too many recipients in one message or session", "单次收件人数超限"}},
    Reason{"greylisted", "reputation", Side::nobody, Permanence::temporary, Retry::automatic, "retry-later",
           {"Greylisted: the receiver wants a retry in a few minutes", "灰名单，稍后自动重试即可"}},
    Reason{"spam_content", "content", Side::sender, Permanence::permanent, Retry::after_fix, "fix-content",
           {"The content is judged to be spam", "内容被判为垃圾邮件"}},
    Reason{"virus", "content", Side::sender, Permanence::permanent, Retry::after_fix, "fix-content",
           {"A virus or malware was found", "检测到病毒"}},
    Reason{"attachment_blocked", "content", Side::sender, Permanence::permanent, Retry::after_fix, "remove-attachment",
           {"An attachment type is not allowed", "附件类型不被允许"}},
    Reason{"content_rejected", "content", Side::sender, Permanence::permanent, Retry::after_fix, "fix-content",
           {"Malformed or unacceptable content (not spam)", "内容格式错误或不被接受"}},
    Reason{"non_compliant", "content", Side::sender, Permanence::permanent, Retry::after_fix, "fix-message",
           {"The message violates RFC 5322 or the receiver's header rules", "邮件不符合 RFC 规范（头部缺失、重复等）"}},
    Reason{"message_too_big", "content", Side::sender, Permanence::permanent, Retry::after_fix, "reduce-size",
           {"The message exceeds a size limit", "邮件大小超限"}},
    Reason{"policy_violation", "policy", Side::sender, Permanence::permanent, Retry::after_fix, "ask-admin",
           {"Refused by a local policy which is not stated", "违反对方策略（未说明原因）"}},
    Reason{"security_error", "policy", Side::sender, Permanence::permanent, Retry::after_fix, "ask-admin",
           {"Other security violation", "其他安全策略错误"}},
    Reason{"system_error", "system", Side::recipient_admin, Permanence::temporary, Retry::automatic, "retry-later",
           {"The receiving (or relaying) system had an internal error", "对方或中继系统内部错误"}},
    Reason{"system_full", "system", Side::recipient_admin, Permanence::temporary, Retry::automatic, "retry-later",
           {"The receiving system is out of disk or storage", "对方系统存储空间不足"}},
    Reason{"mailer_error", "system", Side::recipient_admin, Permanence::temporary, Retry::after_fix, "ask-admin",
           {"A delivery program or filter failed", "投递程序或过滤器出错"}},
    Reason{"protocol_error", "system", Side::admin, Permanence::permanent, Retry::after_fix, "fix-config",
           {"SMTP command error", "SMTP 命令错误"}},
    Reason{"suppressed", "sender", Side::sender, Permanence::permanent, Retry::after_fix, "unsuppress",
           {"The provider has the address on its suppression list", "地址在服务商的抑制名单中"}},
    Reason{"undetermined", "none", Side::unknown, Permanence::unknown, Retry::later, "read-text",
           {"The text does not say why", "原文未说明原因"}},
    Reason{"delivered", "none", Side::nobody, Permanence::temporary, Retry::never, "none",
           {"Success or relay report, not a failure", "投递成功报告"}},
    Reason{"vacation", "none", Side::nobody, Permanence::temporary, Retry::never, "none",
           {"Automatic reply", "自动回复"}},
    Reason{"feedback", "none", Side::sender, Permanence::temporary, Retry::never, "unsubscribe",
           {"Complaint report (ARF)", "投诉反馈报告"}},
    Reason{"challenge", "none", Side::nobody, Permanence::temporary, Retry::after_fix, "answer-challenge",
           {"Challenge/response request", "需要人工验证的质询邮件"}},
    Reason{"not_bounce", "none", Side::nobody, Permanence::temporary, Retry::never, "none",
           {"Not a delivery report at all", "不是退信"}},
};
// clang-format on

namespace {

template <typename Enum>
struct Word {
    Enum value;
    std::string_view text;
    Bilingual description;
};

constexpr std::array side_words = {
    Word<Side>{Side::sender, "sender", {"the sender", "发件人"}},
    Word<Side>{Side::sender_admin, "sender-admin", {"the administrator of the sending server", "发信服务器的管理员"}},
    Word<Side>{Side::sender_list, "sender-list", {"the sender's address list", "发件人的收件地址列表"}},
    Word<Side>{Side::recipient, "recipient", {"the recipient", "收件人"}},
    Word<Side>{Side::recipient_admin, "recipient-admin", {"the administrator of the receiving server", "收信服务器的管理员"}},
    Word<Side>{Side::network, "network", {"the network between the servers", "两端服务器之间的网络"}},
    Word<Side>{Side::admin, "admin", {"an administrator, of either server", "收发任一方的管理员"}},
    Word<Side>{Side::nobody, "nobody", {"nobody: this is how it is meant to work", "无人出错：属于正常机制"}},
    Word<Side>{Side::unknown, "unknown", {"the reply does not show it", "从回复中看不出来"}},
};

constexpr std::array retry_words = {
    Word<Retry>{Retry::automatic,
                "automatic",
                {"Yes. The sending server tries again by itself; there is nothing to do but wait.", "有用。发信服务器会自动重试，等待即可。"}},
    Word<Retry>{
        Retry::slower, "slower", {"Yes, but more slowly: fewer messages and connections at a time.", "有用，但要放慢：减少并发连接和发信量。"}},
    Word<Retry>{Retry::later,
                "later",
                {"Perhaps, later: send the message again once the other side may have changed.", "可能有用：等对方情况变化后再重新发送。"}},
    Word<Retry>{Retry::after_fix,
                "after-fix",
                {"Only after the cause is mended; before that every try ends the same way.", "解决原因之后才有用，在此之前重试结果都一样。"}},
    Word<Retry>{Retry::never, "never", {"No. Trying again will not help.", "没有用，不必重试。"}},
};

template <typename Enum, std::size_t n>
const Word<Enum>& word_of(const std::array<Word<Enum>, n>& words, Enum value) {
    return *std::ranges::find(words, value, &Word<Enum>::value);
}

template <typename Enum, std::size_t n>
std::optional<Enum> value_of(const std::array<Word<Enum>, n>& words, std::string_view text) {
    const auto at = std::ranges::find(words, text, &Word<Enum>::text);
    if (at == words.end()) return std::nullopt;
    return at->value;
}

}  // namespace

const Reason* find_reason(std::string_view id) {
    const auto at = std::ranges::find(reason_table, id, &Reason::id);
    return at != std::end(reason_table) ? &*at : nullptr;
}

std::string_view to_text(Side side) {
    return word_of(side_words, side).text;
}
std::string_view to_text(Retry retry) {
    return word_of(retry_words, retry).text;
}
std::optional<Side> parse_side(std::string_view text) {
    return value_of(side_words, text);
}
std::optional<Retry> parse_retry(std::string_view text) {
    return value_of(retry_words, text);
}
Bilingual describe(Side side) {
    return word_of(side_words, side).description;
}
Bilingual describe(Retry retry) {
    return word_of(retry_words, retry).description;
}

}  // namespace ph::status

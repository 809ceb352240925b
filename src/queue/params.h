// queue/params.h: what an administrator can set about delivery: retry times, lifetimes, how much at a time, bounces.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/param.h"
#include "mail/dsn.h"
#include "mail/mailbox.h"
#include "shaping/destination_rule.h"
#include "spool/spool.h"

namespace ph::queue {

struct QueueParams {
    Seconds retry_first{300};
    Seconds retry_max{4 * 3600};
    std::uint32_t retry_factor = 2;
    Seconds lifetime{5 * 86400};
    Seconds bounce_lifetime{5 * 86400};
    Seconds delay_notice_after{4 * 3600};
    Seconds mailbox_full_grace{86400};
    std::uint32_t concurrency = 500;
    std::uint32_t destination_concurrency = 20;
    std::uint32_t destination_start = 5;
    std::uint32_t dead_after = 3;
    Seconds dead_retry_first{60};
    Seconds dead_retry_max{1800};
    config::Texts destinations;
    std::uint64_t memory = 64ULL * 1024 * 1024;
    std::uint64_t bounce_size = 50ULL * 1024;
    std::string double_bounce_to = "postmaster";
    bool hold = false;
};

// "" (nobody) or an address; "postmaster" without a domain is this host's.
inline std::string_view check_double_bounce_to(std::string_view text) {
    if (text.empty() || mail::parse_mailbox(text)) return {};
    return "it must be an address, \"postmaster\", or \"\" for nobody";
}

inline constexpr std::int64_t days(std::int64_t count) {
    return count * 86400;
}

// clang-format off
inline constexpr auto queue_params = std::tuple{
    config::param(&QueueParams::retry_first, {.name = "queue.retry_first", .min = 1, .max = days(1), .stress = 1,
        .doc = {.en = "Pause after the first failed attempt; each further pause is queue.retry_factor times longer, give or take an eighth. "
                      "A peer that says when to come back (greylisting) is believed.",
                .zh = "首次投递失败后等待多久再试；以后每次乘以 queue.retry_factor，并有八分之一的随机浮动。对方若说明了重试时间（如灰名单），以对方为准。"}}),
    config::param(&QueueParams::retry_max, {.name = "queue.retry_max", .min = 1, .max = days(7), .stress = 10,
        .doc = {.en = "Longest pause between two attempts.", .zh = "两次投递之间的最长间隔。"}}),
    config::param(&QueueParams::retry_factor, {.name = "queue.retry_factor", .min = 1, .max = 10, .stress = 1,
        .doc = {.en = "How much longer each pause is than the one before; 1 keeps it the same.", .zh = "每次重试间隔是上一次的几倍；1 表示固定间隔。"}}),
    config::param(&QueueParams::lifetime, {.name = "queue.lifetime", .min = 60, .max = days(60), .stress = 60,
        .doc = {.en = "How long a message is tried before it is returned to its sender; RFC 5321 asks for 4 to 5 days.",
                .zh = "邮件最长尝试多久，仍未送达就退给发件人；RFC 5321 建议 4 至 5 天。"}}),
    config::param(&QueueParams::bounce_lifetime, {.name = "queue.bounce_lifetime", .min = 60, .max = days(60), .stress = 60,
        .doc = {.en = "The same for messages with the null reverse-path: bounces and other notices.", .zh = "发件人为空的邮件（退信等通知）的最长尝试时间。"}}),
    config::param(&QueueParams::delay_notice_after, {.name = "queue.delay_notice_after", .min = 0, .max = days(60), .stress = 2,
        .doc = {.en = "When the sender is told, once, that the message is still being tried; 0: never.",
                .zh = "邮件多久未送达时通知发件人“仍在重试”，只通知一次；0 表示不通知。"}}),
    config::param(&QueueParams::mailbox_full_grace, {.name = "queue.mailbox_full_grace", .min = 0, .max = days(60), .stress = 5,
        .doc = {.en = "How long a full mailbox of our own is waited for before the message is returned (4.2.2, then 5.2.2).",
                .zh = "本机邮箱已满时等待多久再退信（先 4.2.2，后 5.2.2）。"}}),
    config::param(&QueueParams::concurrency, {.name = "queue.concurrency", .min = 1, .max = 20'000, .stress = 2,
        .doc = {.en = "Delivery attempts at the same time, in all.", .zh = "同时进行的投递总数上限。"}}),
    config::param(&QueueParams::destination_concurrency, {.name = "queue.destination_concurrency", .min = 1, .max = 1000, .stress = 1,
        .doc = {.en = "Delivery attempts at the same time to one destination.", .zh = "对同一目的地同时进行的投递数上限。"}}),
    config::param(&QueueParams::destination_start, {.name = "queue.destination_start", .min = 1, .max = 1000, .stress = 1,
        .doc = {.en = "Attempts at the same time to a destination that was not used for a while; each success allows one more, trouble of the host halves it.",
                .zh = "对新目的地起初允许的并发数；每成功一次加一，对方主机出问题时减半。"}}),
    config::param(&QueueParams::dead_after, {.name = "queue.dead_after", .min = 1, .max = 1000, .stress = 1,
        .doc = {.en = "After so many failures of its hosts in a row a destination rests, and is asked by one attempt at a time.",
                .zh = "目的主机连续失败多少次后暂停向其投递，之后每次只放一封去试探。"}}),
    config::param(&QueueParams::dead_retry_first, {.name = "queue.dead_retry_first", .min = 1, .max = days(1), .stress = 1,
        .doc = {.en = "How long a destination rests at first; doubled each time that it still fails.", .zh = "目的地首次暂停多久；之后每次试探失败加倍。"}}),
    config::param(&QueueParams::dead_retry_max, {.name = "queue.dead_retry_max", .min = 1, .max = days(1), .stress = 3,
        .doc = {.en = "How long a destination rests at most.", .zh = "目的地最长暂停多久。"}}),
    config::param(&QueueParams::destinations, {.name = "queue.destinations", .max = 1000, .check = shaping::check_destination_rule,
        .doc = {.en = "Other values for single destinations, the first that fits counts: \"example.org concurrency=2 retry_first=10m retry_max=2h lifetime=1d\"; "
                      "\".example.org\" with the names below it, \"*\" any.",
                .zh = "为个别目的地单独设置，以第一条匹配的为准，例如 \"example.org concurrency=2 retry_first=10m retry_max=2h lifetime=1d\"；"
                      "\".example.org\" 包含其子域，\"*\" 匹配全部。"}}),
    config::param(&QueueParams::memory, {.name = "queue.memory", .min = 0, .max = 64LL * 1024 * 1024 * 1024, .stress = 100'000,
        .doc = {.en = "Memory for new messages that wait for their first attempt; what is over it is read back from the spool when its turn comes.",
                .zh = "等待首次投递的新邮件最多占用多少内存；超出部分到时再从 spool 读取。"}}),
    config::param(&QueueParams::bounce_size, {.name = "queue.bounce_size", .min = 0, .max = mail::max_dsn_size, .stress = 100,
        .doc = {.en = "A message up to this size comes back whole in its bounce, a larger one, or one sent with RET=HDRS, only with its header.",
                .zh = "退信中附带原文的大小上限；更大的邮件，或以 RET=HDRS 发出的邮件，只附信头。"}}),
    config::param(&QueueParams::hold, {.name = "queue.hold",
        .doc = {.en = "While it is true mail is taken and waits: nothing is delivered, nothing is returned. For the time of a migration or a repair.",
                .zh = "设为 true 时照常收信，但暂停一切投递和退信，邮件留在队列中；用于迁移或检修期间。"}}),
    config::param(&QueueParams::double_bounce_to, {.name = "queue.double_bounce_to", .check = check_double_bounce_to,
        .doc = {.en = "Who is told that a bounce of ours could not be delivered; \"\": nobody, only the log.",
                .zh = "本机发出的退信无法送达时通知谁；\"\" 表示不通知，只记日志。"}})};
// clang-format on
static_assert(config::Documents<QueueParams, decltype(queue_params)>);

// What holds for one destination, its overrides put in.
struct Limits {
    shaping::RetryRule retry;
    shaping::WindowRule window;
    std::optional<Seconds> lifetime;  // counted from arrival, instead of the one the message was accepted with
};

// The parameters with their destination rules read. Immutable; a reload makes a new one.
class Settings {
  public:
    explicit Settings(QueueParams params);
    const QueueParams& params() const { return params_; }
    Limits limits_for(std::string_view queue) const;
    // For Spool::commit: the lifetime of a message with that reverse-path.
    spool::Lifetime lifetime(const mail::Mailbox& reverse_path, bool deliver_now = true) const;

  private:
    QueueParams params_;
    std::vector<shaping::DestinationRule> rules_;
};

// How long a job stays ours. Attempts end by the time limits of their protocols long before; a second claimer would be a duplicate.
inline constexpr Milliseconds lease{6 * 3600 * 1000};

}  // namespace ph::queue

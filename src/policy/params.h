// policy/params.h: what posthorn.toml says about whose mail is taken. A check that may be switched has a parameter of its own name.
#pragma once

#include <cstdint>
#include <string>

#include "config/param.h"

namespace ph::policy {

// A function, because GCC 12 fails on counting the members of a struct whose default is a braced list.
inline config::Texts loopback_networks() {
    return {"127.0.0.0/8", "::1"};
}

struct PolicyParams {
    config::Texts trusted_networks = loopback_networks();
    std::string client_access;
    std::string helo_access;
    std::string sender_access;
    std::string recipient_access;
    std::string default_action = "permit";
    std::string sender_fqdn = "enforce";
    std::string recipient_fqdn = "enforce";
    std::string null_sender = "enforce";
    std::string mailbox_full = "enforce";
    std::string delivered_to = "enforce";
    Seconds quota_grace{3 * 86'400};
};

std::string_view check_network(std::string_view text);
std::string_view check_access_table(std::string_view text);

inline constexpr std::string_view modes = "enforce warn off";

inline constexpr auto policy_params = std::tuple{
    config::param(
        &PolicyParams::trusted_networks,
        {.name = "policy.trusted_networks",
         .max = 10'000,
         .check = check_network,
         .doc =
             {.en = "Networks whose clients may send to any domain through this server. Local sockets are always trusted. Never more than your "
                    "own hosts: others would send their spam by you.",
              .zh =
                  "可信网络：其中的客户端可经本服务器发往任何域。本地套接字始终可信。只应包含自己的主机，否则会成为开放转发，被人用来发垃圾邮件。"}}),
    config::param(
        &PolicyParams::client_access,
        {.name = "policy.client_access",
         .check = check_access_table,
         .doc = {.en = "Table of client addresses or networks and what they get: \"reject [text]\", \"defer [text]\", \"permit\" (no further access "
                       "table is asked) or \"dunno\".",
                 .zh = "客户端访问表：地址或网段对应 \"reject [说明]\"、\"defer [说明]\"、\"permit\"（不再查其他访问表）或 \"dunno\"。"}}),
    config::param(&PolicyParams::helo_access, {.name = "policy.helo_access",
                                               .check = check_access_table,
                                               .doc = {.en = "Table of names given in HELO or EHLO; a domain stands for all below it.",
                                                       .zh = "HELO/EHLO 主机名访问表；写域名即包括其下所有子域。"}}),
    config::param(&PolicyParams::sender_access,
                  {.name = "policy.sender_access",
                   .check = check_access_table,
                   .doc = {.en = "Table of senders: user@domain, domain (and all below it), user@, or <> for the null sender.",
                           .zh = "发件人访问表：user@domain、域名（含子域）、user@，空发件人写作 <>。"}}),
    config::param(&PolicyParams::recipient_access,
                  {.name = "policy.recipient_access",
                   .check = check_access_table,
                   .doc = {.en = "Table of recipients, written as in policy.sender_access.", .zh = "收件人访问表，写法同 policy.sender_access。"}}),
    config::param(&PolicyParams::default_action,
                  {.name = "policy.default",
                   .choices = "permit reject defer",
                   .doc = {.en = "What a recipient gets that no access table decided about, from clients that are not trusted.",
                           .zh = "对非可信客户端，所有访问表都没有作出决定时如何处理收件人。"}}),
    config::param(&PolicyParams::sender_fqdn, {.name = "policy.sender_fqdn",
                                               .choices = modes,
                                               .doc = {.en = "The check sender_fqdn: \"enforce\", \"warn\" (only write it to the log) or \"off\".",
                                                       .zh = "检查 sender_fqdn：\"enforce\" 执行、\"warn\" 只记日志、\"off\" 关闭。"}}),
    config::param(&PolicyParams::recipient_fqdn, {.name = "policy.recipient_fqdn",
                                                  .choices = modes,
                                                  .doc = {.en = "The check recipient_fqdn: \"enforce\", \"warn\" or \"off\".",
                                                          .zh = "检查 recipient_fqdn：\"enforce\"、\"warn\" 或 \"off\"。"}}),
    config::param(&PolicyParams::null_sender, {.name = "policy.null_sender",
                                               .choices = modes,
                                               .doc = {.en = "The check null_sender: \"enforce\", \"warn\" or \"off\".",
                                                       .zh = "检查 null_sender：\"enforce\"、\"warn\" 或 \"off\"。"}}),
    config::param(&PolicyParams::mailbox_full, {.name = "policy.mailbox_full",
                                                .choices = modes,
                                                .doc = {.en = "The check mailbox_full: \"enforce\", \"warn\" or \"off\".",
                                                        .zh = "检查 mailbox_full：\"enforce\"、\"warn\" 或 \"off\"。"}}),
    config::param(&PolicyParams::delivered_to, {.name = "policy.delivered_to",
                                                .choices = modes,
                                                .doc = {.en = "The check delivered_to: \"enforce\", \"warn\" or \"off\".",
                                                        .zh = "检查 delivered_to：\"enforce\"、\"warn\" 或 \"off\"。"}}),
    config::param(&PolicyParams::quota_grace, {.name = "policy.quota_grace",
                                               .max = 365LL * 86'400,
                                               .stress = 60,
                                               .doc = {.en = "How long mail for a full mailbox is put off (452) before it is refused (552).",
                                                       .zh = "信箱已满时先暂缓接收（452）多长时间，之后改为拒收（552）。"}})};
static_assert(config::Documents<PolicyParams, decltype(policy_params)>);

}  // namespace ph::policy

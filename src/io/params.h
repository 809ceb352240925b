// io/params.h: how names are resolved.
#pragma once

#include <cstdint>
#include <string>

#include "config/param.h"

namespace ph::io {

struct DnsParams {
    config::Texts servers;
    Seconds timeout{20};
    std::string trust_anchor_file;
    std::string hosts_file;
    bool ipv6 = true;
    std::uint64_t cache_size = 16ULL * 1024 * 1024;
    Seconds cache_max_ttl{86'400};
    Seconds cache_max_negative_ttl{900};
};

std::string_view check_dns_server(std::string_view text);  // "" or what is wrong

inline constexpr auto dns_params = std::tuple{
    config::param(
        &DnsParams::servers,
        {.name = "dns.servers",
         .max = 16,
         .check = check_dns_server,
         .reload = config::Reload::restart,
         .doc = {.en = "Resolvers to ask: \"192.0.2.53\", \"127.0.0.1:5353\" or \"127.0.0.1@5353\". Empty: those of /etc/resolv.conf. "
                       "\"recursive\" alone: ask the name servers of the Internet directly.",
                 .zh = "所用的 DNS 解析服务器，如 \"192.0.2.53\"、\"127.0.0.1:5353\" 或 \"127.0.0.1@5353\"。留空则用 /etc/resolv.conf 中的服务器；"
                       "只写 \"recursive\" 则自行递归查询。"}}),
    config::param(&DnsParams::timeout, {.name = "dns.timeout",
                                        .min = 1,
                                        .max = 300,
                                        .stress = 1,
                                        .reload = config::Reload::restart,
                                        .doc = {.en = "How long one question may take; after that the answer is \"try again later\".",
                                                .zh = "单次查询的最长等待时间；超时按“稍后再试”处理。"}}),
    config::param(&DnsParams::trust_anchor_file,
                  {.name = "dns.trust_anchor_file",
                   .reload = config::Reload::restart,
                   .doc = {.en = "Root trust anchor for DNSSEC, on Debian /usr/share/dns/root.key. Empty: answers are not validated. "
                                 "The resolvers asked must pass DNSSEC records on.",
                           .zh = "DNSSEC 根信任锚文件，Debian 上为 /usr/share/dns/root.key。留空则不验证。所用的解析服务器须能传递 DNSSEC 记录。"}}),
    config::param(&DnsParams::hosts_file, {.name = "dns.hosts_file",
                                           .reload = config::Reload::restart,
                                           .doc = {.en = "File of addresses and names that is looked at before DNS, such as /etc/hosts. Empty: none.",
                                                   .zh = "优先于 DNS 查询的主机名文件，例如 /etc/hosts；留空则不使用。"}}),
    config::param(&DnsParams::ipv6, {.name = "dns.ipv6",
                                     .reload = config::Reload::restart,
                                     .doc = {.en = "Look up IPv6 addresses too; switch it off on a host without IPv6.",
                                             .zh = "是否同时查询 IPv6 地址；本机没有 IPv6 时请关闭。"}}),
    config::param(&DnsParams::cache_size, {.name = "dns.cache_size",
                                           .min = 64 * 1024,
                                           .max = 4LL * 1024 * 1024 * 1024,
                                           .stress = 64 * 1024,
                                           .reload = config::Reload::restart,
                                           .doc = {.en = "Memory for cached answers, in octets.", .zh = "DNS 缓存占用的内存（字节）。"}}),
    config::param(&DnsParams::cache_max_ttl,
                  {.name = "dns.cache_max_ttl",
                   .max = 604'800,
                   .stress = 1,
                   .reload = config::Reload::restart,
                   .doc = {.en = "How long an answer is kept at most, whatever its TTL.", .zh = "应答在缓存中的最长保留时间，无论其 TTL 多大。"}}),
    config::param(&DnsParams::cache_max_negative_ttl, {.name = "dns.cache_max_negative_ttl",
                                                       .max = 86'400,
                                                       .stress = 1,
                                                       .reload = config::Reload::restart,
                                                       .doc = {.en = "How long \"there is no such name or record\" is kept at most.",
                                                               .zh = "“域名或记录不存在”这类应答在缓存中的最长保留时间。"}}),
};
static_assert(config::Documents<DnsParams, decltype(dns_params)>);

}  // namespace ph::io

// deliver/params.h: how other servers are reached and how long connections to them are kept (RFC 5321 5.1, RFC 8305).
#pragma once

#include <cstdint>
#include <tuple>

#include "base/time.h"
#include "config/param.h"

namespace ph::deliver {

struct DeliveryParams {
    Seconds connect_timeout{30};
    Seconds connect_stagger{1};
    std::uint32_t max_hosts = 5;
    std::uint32_t max_addresses = 20;
    Seconds idle_timeout{3};
    std::uint32_t idle_connections = 200;
    std::uint32_t messages_per_connection = 100;
    Seconds no_address_grace{86'400};
};

inline constexpr auto delivery_params = std::tuple{
    config::param(&DeliveryParams::connect_timeout, {.name = "delivery.connect_timeout",
                                                     .min = 1,
                                                     .max = 600,
                                                     .stress = 2,
                                                     .doc = {.en = "How long to wait for a connection to one address of another server.",
                                                             .zh = "连接对方服务器某个地址时的等待时间。"}}),
    config::param(&DeliveryParams::connect_stagger,
                  {.name = "delivery.connect_stagger",
                   .min = 1,
                   .max = 60,
                   .stress = 1,
                   .doc = {.en = "After this time without a connection the next address is tried as well; whichever answers first is used.",
                           .zh = "一个地址在这段时间内没连上，就同时尝试下一个地址，哪个先连上用哪个。"}}),
    config::param(&DeliveryParams::max_hosts, {.name = "delivery.max_hosts",
                                               .min = 1,
                                               .max = 50,
                                               .stress = 2,
                                               .doc = {.en = "MX hosts of a domain that are looked up in one attempt, the preferred ones first.",
                                                       .zh = "每次投递最多查询收件域名的多少台 MX 主机，按优先级从高到低。"}}),
    config::param(&DeliveryParams::max_addresses, {.name = "delivery.max_addresses",
                                                   .min = 1,
                                                   .max = 100,
                                                   .stress = 2,
                                                   .doc = {.en = "Addresses of all MX hosts together that are tried in one attempt.",
                                                           .zh = "每次投递最多尝试的 IP 地址数（所有 MX 主机合计）。"}}),
    config::param(&DeliveryParams::idle_timeout,
                  {.name = "delivery.idle_timeout",
                   .min = 0,
                   .max = 300,
                   .stress = 1,
                   .doc = {.en = "How long a connection waits for another message to the same destination before it is closed; 0 keeps none.",
                           .zh = "投递完成后，连接保留多久以便向同一目的地继续投递；0 表示不保留。"}}),
    config::param(&DeliveryParams::idle_connections,
                  {.name = "delivery.idle_connections",
                   .min = 0,
                   .max = 10'000,
                   .stress = 1,
                   .doc = {.en = "Connections in all that may wait for another message.", .zh = "允许保留的空闲连接总数。"}}),
    config::param(&DeliveryParams::messages_per_connection,
                  {.name = "delivery.messages_per_connection",
                   .min = 1,
                   .max = 100'000,
                   .stress = 2,
                   .doc = {.en = "Messages sent over one connection before it is closed.", .zh = "一个连接上最多投递的邮件数，达到后关闭。"}}),
    config::param(
        &DeliveryParams::no_address_grace,
        {.name = "delivery.no_address_grace",
         .min = 0,
         .max = 864'000,
         .stress = 60,
         .doc = {.en = "While a message is younger than this, a domain without any reachable mail host is tried again; later it is a failure.",
                 .zh = "收件域名查不到邮件服务器地址时，邮件在这段时间内继续重试，超过后判为投递失败。"}}),
};
static_assert(config::Documents<DeliveryParams, decltype(delivery_params)>);

}  // namespace ph::deliver

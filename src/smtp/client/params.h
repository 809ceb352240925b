// smtp/client/params.h: how long our side waits for another server (RFC 5321 4.5.3.2), and how much it asks of it at once.
#pragma once

#include <cstdint>
#include <tuple>

#include "base/time.h"
#include "config/param.h"

namespace ph::smtp {

struct ClientParams {
    Seconds greeting_timeout{300};
    Seconds hello_timeout{300};
    Seconds mail_timeout{300};
    Seconds rcpt_timeout{300};
    Seconds data_timeout{120};
    Seconds block_timeout{180};
    Seconds final_timeout{600};
    Seconds quit_timeout{10};
    std::uint32_t recipients_per_transaction = 100;
};

inline constexpr auto client_params = std::tuple{
    config::param(&ClientParams::greeting_timeout, {.name = "delivery.greeting_timeout",
                                                    .min = 1,
                                                    .max = 3600,
                                                    .stress = 2,
                                                    .doc = {.en = "How long to wait for the greeting of another server (RFC 5321 4.5.3.2.1).",
                                                            .zh = "连接对方服务器后等待欢迎语的时间（RFC 5321 4.5.3.2.1）。"}}),
    config::param(&ClientParams::hello_timeout,
                  {.name = "delivery.hello_timeout",
                   .min = 1,
                   .max = 3600,
                   .stress = 2,
                   .doc = {.en = "How long to wait for the answer to EHLO, HELO or LHLO.", .zh = "等待对方回答 EHLO、HELO 或 LHLO 的时间。"}}),
    config::param(&ClientParams::mail_timeout, {.name = "delivery.mail_timeout",
                                                .min = 1,
                                                .max = 3600,
                                                .stress = 2,
                                                .doc = {.en = "How long to wait for the answer to MAIL (RFC 5321 4.5.3.2.2).",
                                                        .zh = "等待对方回答 MAIL 的时间（RFC 5321 4.5.3.2.2）。"}}),
    config::param(&ClientParams::rcpt_timeout, {.name = "delivery.rcpt_timeout",
                                                .min = 1,
                                                .max = 3600,
                                                .stress = 2,
                                                .doc = {.en = "How long to wait for the answer to each RCPT (RFC 5321 4.5.3.2.3).",
                                                        .zh = "等待对方回答每条 RCPT 的时间（RFC 5321 4.5.3.2.3）。"}}),
    config::param(&ClientParams::data_timeout, {.name = "delivery.data_timeout",
                                                .min = 1,
                                                .max = 3600,
                                                .stress = 2,
                                                .doc = {.en = "How long to wait for the go-ahead after DATA (RFC 5321 4.5.3.2.4).",
                                                        .zh = "发出 DATA 后等待对方允许发送正文的时间（RFC 5321 4.5.3.2.4）。"}}),
    config::param(&ClientParams::block_timeout, {.name = "delivery.block_timeout",
                                                 .min = 1,
                                                 .max = 3600,
                                                 .stress = 2,
                                                 .doc = {.en = "How long the other server may take nothing of what we send (RFC 5321 4.5.3.2.5).",
                                                         .zh = "发送数据时允许对方停止接收的最长时间（RFC 5321 4.5.3.2.5）。"}}),
    config::param(
        &ClientParams::final_timeout,
        {.name = "delivery.final_timeout",
         .min = 1,
         .max = 7200,
         .stress = 2,
         .doc = {.en = "How long to wait for the answer to the whole message; if it is too short, messages arrive twice (RFC 5321 4.5.3.2.6).",
                 .zh = "正文发完后等待对方最终回答的时间；设得太短会导致邮件重复投递（RFC 5321 4.5.3.2.6）。"}}),
    config::param(&ClientParams::quit_timeout, {.name = "delivery.quit_timeout",
                                                .min = 1,
                                                .max = 300,
                                                .stress = 1,
                                                .doc = {.en = "How long to wait for the answer to QUIT.", .zh = "等待对方回答 QUIT 的时间。"}}),
    config::param(&ClientParams::recipients_per_transaction,
                  {.name = "delivery.recipients_per_transaction",
                   .min = 1,
                   .max = 10'000,
                   .stress = 2,
                   .doc = {.en = "Recipients given to another server with one copy of a message; each server must take 100 (RFC 5321 4.5.3.1.8).",
                           .zh = "一次事务中交给对方服务器的收件人数上限；任何服务器都必须能接受 100 个（RFC 5321 4.5.3.1.8）。"}}),
};
static_assert(config::Documents<ClientParams, decltype(client_params)>);

}  // namespace ph::smtp

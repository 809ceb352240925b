// server/params.h: where the server listens, how much it takes at once, and as whom it runs.
#pragma once

#include <cstdint>
#include <string>

#include "config/param.h"

namespace ph::server {

// A function, because GCC 12 breaks on an initializer list of strings in the struct while it counts the members.
inline config::Texts everywhere() {
    return {"0.0.0.0:25", "[::]:25"};
}

struct ServerParams {
    std::string hostname;
    config::Texts smtp_listen = everywhere();
    config::Texts submission_listen;
    config::Texts lmtp_listen;
    std::string control_socket = "/run/posthorn/control";
    std::string user = "posthorn";
    std::uint32_t max_sessions = 10'000;
    std::uint32_t max_sessions_per_client = 50;
    std::uint32_t connections_per_minute = 0;
    std::uint32_t commands_per_second = 1000;
    Seconds stop_grace{30};
    std::string log_format = "text";
    std::string log_level = "info";
};

std::string_view check_listen(std::string_view text);  // "" or what is wrong

inline constexpr auto server_params = std::tuple{
    config::param(
        &ServerParams::hostname,
        {.name = "server.hostname",
         .reload = config::Reload::restart,
         .doc = {.en = "The name this server gives in its greeting, in EHLO, Received and bounces; empty takes the system's full host name.",
                 .zh = "本服务器在欢迎语、EHLO、Received 和退信中使用的主机名；留空则取系统的完整主机名。"}}),
    config::param(&ServerParams::smtp_listen, {.name = "server.smtp_listen",
                                               .max = 100,
                                               .check = check_listen,
                                               .reload = config::Reload::restart,
                                               .doc = {.en = "Where mail from other servers is taken (SMTP): \"address:port\" or \"unix:/path\".",
                                                       .zh = "接收其他服务器来信（SMTP）的监听地址：\"地址:端口\" 或 \"unix:/路径\"。"}}),
    config::param(&ServerParams::submission_listen,
                  {.name = "server.submission_listen",
                   .max = 100,
                   .check = check_listen,
                   .reload = config::Reload::restart,
                   .doc = {.en = "Where users' programs hand in mail (submission, RFC 6409); missing Date and Message-ID are added there.",
                           .zh = "用户程序提交邮件（submission，RFC 6409）的监听地址；缺少的 Date 和 Message-ID 会在此补上。"}}),
    config::param(&ServerParams::lmtp_listen, {.name = "server.lmtp_listen",
                                               .max = 100,
                                               .check = check_listen,
                                               .reload = config::Reload::restart,
                                               .doc = {.en = "Where mail is taken over LMTP (RFC 2033), with a reply for each recipient.",
                                                       .zh = "以 LMTP（RFC 2033）接收邮件的监听地址，每个收件人单独应答。"}}),
    config::param(&ServerParams::control_socket, {.name = "server.control_socket",
                                                  .reload = config::Reload::restart,
                                                  .doc = {.en = "Local socket over which `posthorn queue` talks to the running server; empty: none.",
                                                          .zh = "`posthorn queue` 与运行中的服务器通信所用的本地套接字；留空则不启用。"}}),
    config::param(&ServerParams::user, {.name = "server.user",
                                        .reload = config::Reload::restart,
                                        .doc = {.en = "The user the server runs as once its ports are bound, when it is started by root.",
                                                .zh = "以 root 启动时，绑定端口后服务器切换到的系统用户。"}}),
    config::param(&ServerParams::max_sessions, {.name = "server.max_sessions",
                                                .min = 1,
                                                .max = 1'000'000,
                                                .stress = 3,
                                                .doc = {.en = "Sessions open at once; beyond it a client hears 421 4.3.2.",
                                                        .zh = "同时打开的会话总数上限；超过时回复 421 4.3.2。"}}),
    config::param(
        &ServerParams::max_sessions_per_client,
        {.name = "server.max_sessions_per_client",
         .min = 1,
         .max = 1'000'000,
         .stress = 1,
         .doc = {.en = "Sessions open at once from one address (IPv6: one /64); beyond it a client hears 421 4.7.0. Loopback is not counted.",
                 .zh = "同一地址（IPv6 按 /64）同时打开的会话上限；超过时回复 421 4.7.0。本机回环地址不计。"}}),
    config::param(&ServerParams::connections_per_minute,
                  {.name = "server.connections_per_minute",
                   .max = 1'000'000,
                   .stress = 1,
                   .doc = {.en = "New connections a minute from one address (IPv6: one /64); 0 sets no limit. Loopback is not counted.",
                           .zh = "同一地址（IPv6 按 /64）每分钟新建连接数上限；0 表示不限。本机回环地址不计。"}}),
    config::param(
        &ServerParams::commands_per_second,
        {.name = "server.commands_per_second",
         .min = 1,
         .max = 1'000'000,
         .stress = 1,
         .doc = {.en = "Commands a second that one session may send between two accepted messages; a faster one is made to wait, not refused.",
                 .zh = "单个会话在两封被接收的邮件之间每秒可发送的命令数；过快时放慢处理，并不拒绝。"}}),
    config::param(&ServerParams::stop_grace, {.name = "server.stop_grace",
                                              .max = 3600,
                                              .stress = 1,
                                              .doc = {.en = "How long a stopping server lets messages in progress finish.",
                                                      .zh = "停止服务时，等待正在处理的邮件完成的最长时间。"}}),
    config::param(&ServerParams::log_format, {.name = "log.format",
                                              .choices = "text json",
                                              .reload = config::Reload::restart,
                                              .doc = {.en = "Log lines on standard error: text for people, json for programs.",
                                                      .zh = "标准错误上的日志格式：text 便于阅读，json 便于程序处理。"}}),
    config::param(&ServerParams::log_level, {.name = "log.level",
                                             .choices = "debug info notice warning error",
                                             .doc = {.en = "The least important records that are logged.", .zh = "写入日志的最低级别。"}}),
};
static_assert(config::Documents<ServerParams, decltype(server_params)>);

}  // namespace ph::server

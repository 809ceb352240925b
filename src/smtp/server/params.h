// smtp/server/params.h: what an administrator can set about receiving.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "base/time.h"
#include "config/param.h"

namespace ph::smtp {

struct ServerParams {
    std::uint64_t max_message_size = 50ULL * 1024 * 1024;
    std::uint32_t max_recipients = 1000;
    std::uint32_t max_messages = 0;
    std::uint32_t max_errors = 20;
    std::uint32_t max_commands_without_mail = 100;
    Seconds command_timeout{300};
    Seconds data_timeout{180};
    std::uint32_t max_hops = 100;
    std::uint32_t max_mime_depth = 50;
    std::uint32_t max_line_length = 998;
    std::string bare_newline = "normalise";
    std::string long_lines = "accept";
    std::string header_defects = "refuse";
    std::string null_sender_many = "refuse";
    std::string vrfy = "unverified";
    std::string pipelining_check = "reject";
    bool dsn = true;
    std::string banner = "Posthorn";
};

std::string_view check_banner(std::string_view text);  // "" or what is wrong

// clang-format off
inline constexpr auto server_params = std::tuple{
    config::param(&ServerParams::max_message_size,
                  {.name = "smtp.max_message_size", .min = 64 * 1024, .max = 2'000'000'000, .stress = 65'536,
                   .doc = {.en = "Largest message that is accepted, in octets; announced as SIZE (RFC 1870).",
                           .zh = "可接收邮件的最大字节数，通过 SIZE 扩展（RFC 1870）告知对方。"}}),
    config::param(&ServerParams::max_recipients,
                  {.name = "smtp.max_recipients", .min = 1, .max = 50'000, .stress = 2,
                   .doc = {.en = "Recipients accepted in one mail transaction (RFC 5321 4.5.3.1.8 asks for at least 100); announced as RCPTMAX.",
                           .zh = "一个邮件事务最多接受的收件人数（RFC 5321 4.5.3.1.8 要求至少 100），以 RCPTMAX 告知对方。"}}),
    config::param(&ServerParams::max_messages,
                  {.name = "smtp.max_messages", .min = 0, .max = 999'999, .stress = 1,
                   .doc = {.en = "Messages accepted in one session, announced as MAILMAX (RFC 9422); 0 sets no limit.",
                           .zh = "一个会话最多接受的邮件数，以 MAILMAX（RFC 9422）告知对方；0 表示不限。"}}),
    config::param(&ServerParams::max_errors,
                  {.name = "smtp.max_errors", .min = 1, .max = 10'000, .stress = 1,
                   .doc = {.en = "Commands refused for good (5xx) after which a session is closed with 421 4.7.0. An accepted message sets the "
                                 "count back, an accepted recipient takes one off.",
                           .zh = "一个会话中被永久拒绝（5xx）的命令达到此数时以 421 4.7.0 断开。每接受一封邮件计数归零，每接受一个收件人减一。"}}),
    config::param(&ServerParams::max_commands_without_mail,
                  {.name = "smtp.max_commands_without_mail", .min = 10, .max = 100'000, .stress = 10,
                   .doc = {.en = "Commands such as NOOP, RSET, VRFY and EHLO taken without a message between them before the session is closed.",
                           .zh = "两封邮件之间允许的 NOOP、RSET、VRFY、EHLO 等命令数，超过则断开会话。"}}),
    config::param(&ServerParams::command_timeout,
                  {.name = "smtp.command_timeout", .min = 1, .max = 3600, .stress = 1,
                   .doc = {.en = "How long the server waits for the next command (RFC 5321 4.5.3.2.7 asks for 5 minutes).",
                           .zh = "等待下一条命令的时间（RFC 5321 4.5.3.2.7 要求 5 分钟）。"}}),
    config::param(&ServerParams::data_timeout,
                  {.name = "smtp.data_timeout", .min = 1, .max = 3600, .stress = 1,
                   .doc = {.en = "How long the server waits for more of a message while it is being sent.",
                           .zh = "接收邮件内容时等待后续数据的时间。"}}),
    config::param(&ServerParams::max_hops,
                  {.name = "smtp.max_hops", .min = 20, .max = 100, .stress = 20,
                   .doc = {.en = "Received fields beyond which a message is taken to be in a loop (RFC 5321 6.3).",
                           .zh = "Received 头超过此数即视为邮件循环（RFC 5321 6.3）。"}}),
    config::param(&ServerParams::max_mime_depth,
                  {.name = "smtp.max_mime_depth", .min = 5, .max = 99, .stress = 5,
                   .doc = {.en = "Deepest nesting of MIME parts that is accepted.", .zh = "可接受的 MIME 嵌套层数上限。"}}),
    config::param(&ServerParams::max_line_length,
                  {.name = "smtp.max_line_length", .min = 78, .max = 1'000'000, .stress = 78,
                   .doc = {.en = "Longest line of a message in octets without CRLF (RFC 5322 2.1.1: 998); counts only if smtp.long_lines is refuse.",
                           .zh = "邮件中一行的最大字节数，不含 CRLF（RFC 5322 2.1.1 规定 998）；仅当 smtp.long_lines 为 refuse 时生效。"}}),
    config::param(&ServerParams::bare_newline,
                  {.name = "smtp.bare_newline", .choices = "normalise refuse",
                   .doc = {.en = "CR or LF standing alone in a message: made CRLF, or a reason to refuse it. Neither ever ends a message.",
                           .zh = "邮件中单独出现的 CR 或 LF：normalise 改为 CRLF，refuse 拒收。两者都不会被当作邮件结束。"}}),
    config::param(&ServerParams::long_lines,
                  {.name = "smtp.long_lines", .choices = "accept refuse",
                   .doc = {.en = "Messages with lines longer than smtp.max_line_length: accepted or refused.",
                           .zh = "含有超过 smtp.max_line_length 的长行的邮件：接收或拒收。"}}),
    config::param(&ServerParams::header_defects,
                  {.name = "smtp.header_defects", .choices = "refuse accept",
                   .doc = {.en = "Messages without From or with lines in the header that are no fields: refused or accepted. Submission always asks for From.",
                           .zh = "没有 From 头、或头部含有非字段行的邮件：拒收或接收。提交端口始终要求有 From。"}}),
    config::param(&ServerParams::null_sender_many,
                  {.name = "smtp.null_sender_many", .choices = "refuse accept",
                   .doc = {.en = "More than one recipient for a message from <>: a true bounce has one. LMTP takes them in any case.",
                           .zh = "空发件人 <> 的邮件带多个收件人（真正的退信只有一个）：拒绝或接受。LMTP 不受此限。"}}),
    config::param(&ServerParams::vrfy,
                  {.name = "smtp.vrfy", .choices = "unverified disabled",
                   .doc = {.en = "Answer to VRFY: 252, which tells nothing, or 502. EXPN is always 502.",
                           .zh = "对 VRFY 的应答：252（不透露任何信息）或 502。EXPN 一律回复 502。"}}),
    config::param(&ServerParams::pipelining_check,
                  {.name = "smtp.pipelining_check", .choices = "reject allow",
                   .doc = {.en = "Octets that follow EHLO, HELO or DATA before the answer is out (RFC 2920 3.1): the session is ended with 554, or they are taken.",
                           .zh = "在 EHLO、HELO 或 DATA 的应答发出之前就到达的后续数据（违反 RFC 2920 3.1）：reject 以 554 结束会话，allow 照常处理。"}}),
    config::param(&ServerParams::dsn,
                  {.name = "smtp.dsn",
                   .doc = {.en = "Whether clients may ask for delivery reports (NOTIFY, RET, ENVID, ORCPT; RFC 3461).",
                           .zh = "是否允许客户端请求投递状态通知（NOTIFY、RET、ENVID、ORCPT，RFC 3461）。"}}),
    config::param(&ServerParams::banner,
                  {.name = "smtp.banner", .check = check_banner,
                   .doc = {.en = "What the greeting says after the host name and the word ESMTP.",
                           .zh = "欢迎语中主机名和 ESMTP 之后的文字。"}}),
};
// clang-format on
static_assert(config::Documents<ServerParams, decltype(server_params)>);

}  // namespace ph::smtp

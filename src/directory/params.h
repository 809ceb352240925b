// directory/params.h: what posthorn.toml says about who lives here and where the rest goes.
#pragma once

#include <cstdint>
#include <string>

#include "config/param.h"

namespace ph::directory {

struct DirectoryParams {
    config::Texts local_domains;
    std::string local_users = "system";
    std::string local_maildir = "{home}/Maildir/";
    std::uint64_t local_quota = 0;
    std::string local_aliases = "auto";
    std::string local_recipient_delimiter = "+";
    std::string local_catch_all;
    std::string local_postmaster = "root";
    std::string local_owner;
    std::string local_transport = "maildir:";
    std::string local_relocated;
    config::Texts virtual_alias_domains;
    std::string virtual_aliases;
    config::Texts virtual_mailbox_domains;
    std::string virtual_mailboxes;
    std::string virtual_mailbox_base;
    std::string virtual_transport = "maildir:";
    config::Texts relay_domains;
    std::string relay_recipients;
    std::string route_transports;
    std::string route_relay_host;
    std::string pipe_commands;
};

// "" or what is wrong with a value; the rest is found by make_directory.
std::string_view check_domain_entry(std::string_view text);
std::string_view check_table(std::string_view text);
std::string_view check_users(std::string_view text);
std::string_view check_maildir(std::string_view text);
std::string_view check_aliases(std::string_view text);
std::string_view check_delimiter(std::string_view text);
std::string_view check_address(std::string_view text);
std::string_view check_user_name(std::string_view text);
std::string_view check_mailbox_route(std::string_view text);
std::string_view check_base(std::string_view text);
std::string_view check_relay_host(std::string_view text);
std::string_view check_path(std::string_view text);

inline constexpr auto directory_params = std::tuple{
    config::param(
        &DirectoryParams::local_domains,
        {.name = "local.domains",
         .max = 10'000,
         .check = check_domain_entry,
         .doc = {.en = "Domains whose mail goes to local users and aliases: names, \".name\" for all below it, tables of names. Empty: the "
                       "server's own name and localhost.",
                 .zh = "本机域名：这些域的邮件投递给本地用户和别名。可写域名、\".域名\"（其下所有子域）或域名表。留空则为本机主机名和 localhost。"}}),
    config::param(
        &DirectoryParams::local_users,
        {.name = "local.users",
         .check = check_users,
         .doc = {.en = "Who has a mailbox: \"system\" (the users of this system), a table \"name maildir[:uid:gid][:quota]\", or \"any\" (every "
                       "name has one; for trials).",
                 .zh = "哪些用户有信箱：\"system\"（系统用户）、用户表（每行“用户名 maildir[:uid:gid][:配额]”），或 "
                       "\"any\"（任何名字都有信箱，仅供试用）。"}}),
    config::param(&DirectoryParams::local_maildir,
                  {.name = "local.maildir",
                   .check = check_maildir,
                   .doc = {.en = "Where a user's Maildir is; {user}, {domain} and {home} stand for his name, the domain and his home directory.",
                           .zh = "用户 Maildir 的位置；{user}、{domain}、{home} 分别代表用户名、域名和主目录。"}}),
    config::param(&DirectoryParams::local_quota, {.name = "local.quota",
                                                  .max = INT64_MAX,
                                                  .stress = 65'536,
                                                  .doc = {.en = "Octets that a mailbox may hold if its table says nothing else; 0: no limit.",
                                                          .zh = "每个信箱的容量上限（字节），用户表中另有规定的除外；0 表示不限。"}}),
    config::param(
        &DirectoryParams::local_aliases,
        {.name = "local.aliases",
         .check = check_aliases,
         .doc =
             {.en = "The file of aliases, \"name: value, value\" (aliases(5)); \"auto\": /etc/aliases if it is there; empty: none. Included lists "
                    "are read with it.",
              .zh = "别名文件，格式为“名字: 值, 值”（见 aliases(5)）；\"auto\" 表示有 /etc/aliases 就用；留空则不用。:include: 名单随之一并读入。"}}),
    config::param(&DirectoryParams::local_recipient_delimiter,
                  {.name = "local.recipient_delimiter",
                   .check = check_delimiter,
                   .doc = {.en = "Characters that begin an extension of a name: with \"+\", user+news is looked up first, then user. Empty: none.",
                           .zh = "地址扩展的分隔符：设为 \"+\" 时先查 user+news，再查 user。留空则不支持扩展。"}}),
    config::param(&DirectoryParams::local_catch_all,
                  {.name = "local.catch_all",
                   .check = check_address,
                   .doc = {.en = "Who gets mail for names of local domains that do not exist; empty: it is refused.",
                           .zh = "本机域中不存在的用户的邮件转给谁；留空则拒收。"}}),
    config::param(&DirectoryParams::local_postmaster,
                  {.name = "local.postmaster",
                   .check = check_address,
                   .doc = {.en = "Who gets mail for postmaster of any of our domains where no alias or user of that name exists (RFC 5321 4.5.1).",
                           .zh = "本机任何域的 postmaster 邮件在没有同名别名或用户时转给谁（RFC 5321 4.5.1）。"}}),
    config::param(&DirectoryParams::local_owner,
                  {.name = "local.owner",
                   .check = check_user_name,
                   .doc = {.en = "System user who owns all mailboxes; empty: system users own theirs, others belong to the user the server runs as.",
                           .zh = "所有信箱文件归哪个系统用户；留空则系统用户各归各的，其余归运行本服务的用户。"}}),
    config::param(
        &DirectoryParams::local_transport,
        {.name = "local.transport",
         .check = check_mailbox_route,
         .doc = {.en = "How mail gets into mailboxes of local domains: \"maildir:\", \"lmtp:unix:/path\", \"lmtp:host:port\" or \"pipe:name\".",
                 .zh = "本机域的邮件怎样入信箱：\"maildir:\"、\"lmtp:unix:/路径\"、\"lmtp:主机:端口\" 或 \"pipe:名称\"。"}}),
    config::param(&DirectoryParams::local_relocated,
                  {.name = "local.relocated",
                   .check = check_table,
                   .doc = {.en = "Table of addresses that have moved and where to; mail for them is refused with the new address.",
                           .zh = "已迁址用户表：旧地址对应新地址；发往旧地址的邮件会被拒收并告知新地址。"}}),
    config::param(&DirectoryParams::virtual_alias_domains,
                  {.name = "virtual.alias_domains",
                   .max = 10'000,
                   .check = check_domain_entry,
                   .doc = {.en = "Domains that have no mailboxes of their own: all their addresses stand in virtual.aliases.",
                           .zh = "纯别名域：没有自己的信箱，全部地址都在 virtual.aliases 表中。"}}),
    config::param(
        &DirectoryParams::virtual_aliases,
        {.name = "virtual.aliases",
         .check = check_table,
         .doc = {.en = "Table of addresses (or @domain) and the addresses they lead to, with commas between; asked first, for every recipient.",
                 .zh = "虚拟别名表：地址（或 @域名）对应一个或多个目标地址，用逗号分隔；对每个收件人最先查询。"}}),
    config::param(&DirectoryParams::virtual_mailbox_domains,
                  {.name = "virtual.mailbox_domains",
                   .max = 10'000,
                   .check = check_domain_entry,
                   .doc = {.en = "Domains whose mailboxes stand in virtual.mailboxes and are no users of this system.",
                           .zh = "虚拟信箱域：其信箱列在 virtual.mailboxes 中，不是系统用户。"}}),
    config::param(&DirectoryParams::virtual_mailboxes,
                  {.name = "virtual.mailboxes",
                   .check = check_table,
                   .doc = {.en = "Table of addresses (or @domain) and their mailboxes, \"maildir[:uid:gid][:quota]\".",
                           .zh = "虚拟信箱表：地址（或 @域名）对应“maildir[:uid:gid][:配额]”。"}}),
    config::param(&DirectoryParams::virtual_mailbox_base,
                  {.name = "virtual.mailbox_base",
                   .check = check_base,
                   .doc = {.en = "Directory that mailboxes in virtual.mailboxes without a leading '/' lie under.",
                           .zh = "virtual.mailboxes 中不以“/”开头的信箱路径所在的上级目录。"}}),
    config::param(&DirectoryParams::virtual_transport,
                  {.name = "virtual.transport",
                   .check = check_mailbox_route,
                   .doc = {.en = "How mail gets into mailboxes of virtual.mailbox_domains, written as local.transport.",
                           .zh = "虚拟信箱域的邮件怎样入信箱，写法同 local.transport。"}}),
    config::param(&DirectoryParams::relay_domains, {.name = "relay.domains",
                                                    .max = 10'000,
                                                    .check = check_domain_entry,
                                                    .doc = {.en = "Domains of others for which mail is taken from anybody and handed on.",
                                                            .zh = "代为中转的域：接收任何人发往这些域的邮件并转交。"}}),
    config::param(
        &DirectoryParams::relay_recipients,
        {.name = "relay.recipients",
         .check = check_table,
         .doc = {.en = "Table of the addresses (or @domain) that exist in relay.domains; empty: all are taken, and mail for unknown ones bounces.",
                 .zh = "relay.domains 中实际存在的地址（或 @域名）表；留空则全部接收，不存在的地址由下一跳退信。"}}),
    config::param(
        &DirectoryParams::route_transports,
        {.name = "route.transports",
         .check = check_table,
         .doc = {.en = "Table of addresses, domains, .domains (all below) or *, and how mail gets there: smtp:domain, smtp:[host]:port, lmtp:…, "
                       "maildir:, pipe:name, discard:, error:5.x.x text.",
                 .zh = "路由表：地址、域名、.域名（其下所有子域）或 * "
                       "对应投递方式：smtp:域名、smtp:[主机]:端口、lmtp:…、maildir:、pipe:名称、discard:、error:5.x.x 文字。"}}),
    config::param(
        &DirectoryParams::route_relay_host,
        {.name = "route.relay_host",
         .check = check_relay_host,
         .doc = {.en = "Where all mail for other domains goes: \"[host]:port\", or \"domain[:port]\" for its MX; empty: to the MX of each domain.",
                 .zh = "发往外部的邮件统一交给谁：\"[主机]:端口\"，或 \"域名[:端口]\"（按其 MX）；留空则直接投递到各域的 MX。"}}),
    config::param(&DirectoryParams::pipe_commands,
                  {.name = "pipe.commands",
                   .check = check_path,
                   .doc = {.en = "File of the programs that mail may be piped to: \"name user=U /program argument {recipient}\"; empty: none.",
                           .zh = "可接收管道投递的程序清单文件，每行“名称 user=用户 /程序 参数 {recipient}”；留空则不用。"}})};
static_assert(config::Documents<DirectoryParams, decltype(directory_params)>);

}  // namespace ph::directory

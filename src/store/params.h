// store/params.h: where mail is kept and how much of the disk it may take.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "config/param.h"

namespace ph::store {

struct SpoolConfig {
    std::string directory = "/var/spool/posthorn";
    std::uint64_t segment_size = 64ULL * 1024 * 1024;
    std::uint64_t max_size = 0;
    std::uint64_t reserve = 64ULL * 1024 * 1024;
};

inline constexpr auto spool_params = std::tuple{
    config::param(&SpoolConfig::directory,
                  {.name = "spool.directory",
                   .reload = config::Reload::restart,
                   .doc = {.en = "Directory of the spool; it is made with mode 0700 if it is missing. One process at a time.",
                           .zh = "邮件队列的存放目录；不存在时自动创建，权限为 0700。同一时间只能由一个进程使用。"}}),
    config::param(
        &SpoolConfig::segment_size,
        {.name = "spool.segment_size",
         .min = 1024 * 1024,
         .max = 4LL * 1024 * 1024 * 1024,
         .stress = 1024 * 1024,
         .reload = config::Reload::restart,
         .doc = {.en = "Size of the files that the spool is written in. Smaller ones free space sooner, larger ones are changed less often; those "
                       "that are there keep theirs.",
                 .zh = "队列数据文件（段）的大小。较小的段释放空间更快，较大的段切换更少；已有的段保持原来的大小。"}}),
    config::param(
        &SpoolConfig::max_size,
        {.name = "spool.max_size",
         .min = 0,
         .max = 1LL << 50,
         .stress = 8 * 1024 * 1024,
         .reload = config::Reload::restart,
         .doc = {.en = "Space that the spool may take, its reserve included; beyond it new mail is refused with 452 4.3.1 until some has been "
                       "delivered. 0: as much as the disk has.",
                 .zh = "队列最多可占用的磁盘空间（含预留部分）；超出后以 452 4.3.1 拒收新邮件，直到有邮件投递完成。0 表示以磁盘容量为限。"}}),
    config::param(
        &SpoolConfig::reserve,
        {.name = "spool.reserve",
         .min = 1024 * 1024,
         .max = 64LL * 1024 * 1024 * 1024,
         .stress = 1024 * 1024,
         .reload = config::Reload::restart,
         .doc = {.en = "Space that new mail never takes, in whole segments and at least one: on a full disk it still takes down what has been "
                       "delivered, so that nothing is delivered twice.",
                 .zh = "新邮件不会占用的预留空间，按整段计算，至少一段：磁盘写满时仍可用来记录投递结果，避免重复投递。"}})};
static_assert(config::Documents<SpoolConfig, decltype(spool_params)>);

}  // namespace ph::store

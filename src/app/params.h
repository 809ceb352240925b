// app/params.h: what posthorn.toml says to the command line tools.
#pragma once

#include <string>

#include "config/param.h"

namespace ph::app {

struct AppConfig {
    std::string catalogue_directory = "/etc/posthorn/catalogue.d";
    std::string explain_language = "auto";
    std::uint32_t explain_columns = 0;
};

inline constexpr auto app_params = std::tuple{
    config::param(&AppConfig::catalogue_directory, {.name = "catalogue.directory",
                                                    .doc = {.en = "Directory whose *.toml files add causes to the catalogue or replace its own.",
                                                            .zh = "存放自定义原因的目录，其中的 *.toml 文件会补充或替换内置目录中的条目。"}}),
    config::param(&AppConfig::explain_language, {.name = "explain.language",
                                                 .choices = "auto en zh both",
                                                 .doc = {.en = "Language of explanations; auto takes it from LC_ALL, LC_MESSAGES or LANG.",
                                                         .zh = "解释所用的语言；auto 表示按 LC_ALL、LC_MESSAGES、LANG 决定。"}}),
    config::param(&AppConfig::explain_columns, {.name = "explain.columns",
                                                .max = 500,
                                                .stress = 1,
                                                .doc = {.en = "Width of explanations in columns; 0 is the width of the terminal, at most 100, or 80.",
                                                        .zh = "解释文字的宽度（列数）；0 表示按终端宽度，最多 100，无终端时为 80。"}})};
static_assert(config::Documents<AppConfig, decltype(app_params)>);

}  // namespace ph::app

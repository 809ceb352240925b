// app/settings.h: posthorn.toml as a whole: what the tools need and what the server needs, in one file.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "app/params.h"
#include "server/config.h"

namespace ph::app {

struct Settings {
    AppConfig app;
    server::Config server;
};

inline auto sections(Settings& settings) {
    return std::tuple_cat(std::tuple{config::Section{settings.app, app_params}}, server::sections(settings.server));
}

inline std::vector<Fault> read_settings(Settings& settings, std::string_view text, const std::string& file) {
    return std::apply([&](auto... section) { return config::read_config(text, file, section...); }, sections(settings));
}

inline std::vector<config::Setting> list_settings(Settings& settings) {
    return std::apply([](auto... section) { return config::settings_of(section...); }, sections(settings));
}

}  // namespace ph::app

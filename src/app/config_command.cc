// app/config_command.cc: `posthorn config`: the parameters with their values (show), one of them in full (explain NAME), and whether the
// server would start with them (check). posthorn.toml(5) is written from what `show --json` says.
#include <algorithm>

#include "app/command.h"
#include "app/console.h"
#include "app/settings.h"
#include "base/display.h"
#include "base/json_writer.h"
#include "server/check.h"

namespace ph::app {
namespace {

void print_doc(Console& console, const config::Setting& setting) {
    const std::string_view doc = console.say({setting.info.doc.en, setting.info.doc.zh});
    for (const std::string& line : wrap(doc, console.columns() - 4)) console.print("    " + line + '\n');
}

void print_value(Console& console, const config::Setting& setting) {
    console.print(std::string(setting.info.name) + " = " + setting.value);
    if (setting.value != setting.default_value)
        console.print(std::string(console.say({"  (default ", "（默认 "})) + setting.default_value + std::string(console.say({")", "）"})));
    console.print("\n");
}

// Numbers, booleans and lists are written in JSON as in TOML.
void write_value(JsonWriter& json, const config::ValueType& type, const std::string& value) {
    const bool alike = type.name == "number" || type.name == "boolean" || type.name == "list";
    if (alike) {
        json.raw(value);
    } else {
        json.string(value);
    }
}

// "" where there is none.
std::string upper_bound(const config::Setting& setting) {
    return setting.type.bound != nullptr && setting.info.max != 0 && setting.info.max != INT64_MAX ? setting.type.bound(setting.info.max)
                                                                                                   : std::string();
}

void print_json(Console& console, const config::Setting& setting) {
    std::string line;
    JsonWriter json(line);
    json.begin_object().field("name", setting.info.name).field("type", setting.type.name);
    write_value(json.key("value"), setting.type, setting.value);
    write_value(json.key("default"), setting.type, setting.default_value);
    json.field("min", setting.type.bound != nullptr ? setting.type.bound(setting.info.min) : "").field("max", upper_bound(setting));
    json.field("choices", setting.info.choices).field("reload", setting.info.reload == config::Reload::live ? "live" : "restart");
    json.field("en", setting.info.doc.en).field("zh", setting.info.doc.zh).end_object();
    console.print(line + '\n');
}

Exit show(Context& context) {
    for (const config::Setting& setting : list_settings(context.settings)) {
        if (context.arguments.flag("json")) {
            print_json(context.console, setting);
            continue;
        }
        print_value(context.console, setting);
        print_doc(context.console, setting);
    }
    return Exit::ok;
}

std::string bounds(const config::Setting& setting, const Console& console) {
    if (!setting.info.choices.empty()) return std::string(console.say({"    one of: ", "    可选值："})) + std::string(setting.info.choices) + '\n';
    const std::string max = upper_bound(setting);
    if (max.empty()) return {};
    if (setting.type.name == "list") return std::string(console.say({"    entries at most: ", "    最多条数："})) + max + '\n';
    return std::string(console.say({"    from ", "    范围："})) + setting.type.bound(setting.info.min) + std::string(console.say({" to ", " 至 "})) +
           max + '\n';
}

Exit explain_one(Context& context, std::string_view name) {
    const auto settings = list_settings(context.settings);
    const auto at = std::ranges::find(settings, name, [](const config::Setting& setting) { return setting.info.name; });
    if (at == settings.end()) {
        std::string near;
        for (const auto& setting : settings) {
            if (setting.info.name.find(name.substr(name.rfind('.') + 1)) != std::string_view::npos) near += ' ' + std::string(setting.info.name);
        }
        return context.console.fail(Exit::usage, "there is no parameter '" + std::string(name) + "'" +
                                                     (near.empty() ? "; see 'posthorn config show'" : "; did you mean:" + near));
    }
    print_value(context.console, *at);
    print_doc(context.console, *at);
    context.console.print(bounds(*at, context.console));
    context.console.print(
        std::string(at->info.reload == config::Reload::live
                        ? context.console.say({"    A reload (SIGHUP) is enough for a change.\n", "    修改后重新加载（SIGHUP）即可生效。\n"})
                        : context.console.say({"    A change needs a restart.\n", "    修改后需要重启服务。\n"})));
    return Exit::ok;
}

Exit check(Context& context) {
    const std::vector<Fault> faults = server::check_config(context.settings.server);
    if (!faults.empty()) return context.console.fail(Exit::config, faults);
    context.console.print(context.config_file + std::string(context.console.say({": the server would start with it\n", "：可以用它启动服务器\n"})));
    return Exit::ok;
}

}  // namespace

Exit run_config(Context& context) {
    const auto& words = context.arguments.words();
    const std::string_view word = words.empty() ? "show" : words[0];
    if (word == "show" && words.size() <= 1) return show(context);
    if (word == "check" && words.size() == 1) return check(context);
    if (word == "explain" && words.size() == 2) return explain_one(context, words[1]);
    return context.console.fail(Exit::usage, "config takes: check, show, or explain NAME");
}

}  // namespace ph::app

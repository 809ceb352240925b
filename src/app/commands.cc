// app/commands.cc: every subcommand and option of posthorn, declared once: parser, help, completions and manual pages follow it.
#include <algorithm>
#include <array>
#include <iterator>

#include "app/command.h"
#include "app/console.h"
#include "app/files.h"
#include "app/settings.h"

namespace ph::app {
namespace {

constexpr std::string_view default_config = "/etc/posthorn/posthorn.toml";
constexpr std::size_t max_config_file = 1024 * 1024;

constexpr Option config_option{
    "config", 0, "FILE", "", {"Read FILE instead of /etc/posthorn/posthorn.toml.", "读取 FILE，而不是 /etc/posthorn/posthorn.toml。"}};
constexpr Option lang_option{
    "lang",
    'l',
    "LANG",
    "en zh both",
    {"Language of the output: en, zh or both; without it, that of the locale.", "输出语言：en、zh 或 both；不指定则按系统区域设置。"}};
constexpr Option help_option{"help", 'h', "", "", {"Show what this command does.", "显示本命令的用法。"}};
constexpr Option json_option{"json", 'j', "", "", {"Write JSON for programs.", "输出供程序使用的 JSON。"}};

constexpr std::array common = {config_option, lang_option, help_option};

constexpr std::array explain_options = {
    Option{"file", 'f', "FILE", "", {"Read the replies from FILE; - is standard input.", "从 FILE 读取回复；- 表示标准输入。"}},
    json_option,
    Option{"batch",
           'b',
           "",
           "",
           {"Read JSON lines {\"id\", \"text\"} from standard input and answer each with one line.",
            "从标准输入逐行读取 JSON {\"id\", \"text\"}，每行输出一个结果。"}},
    Option{"provider", 'p', "ID", "", {"Whose server replied, if you know it: google, tencent, …", "已知的对方服务商：google、tencent 等。"}},
    Option{"host", 0, "NAME", "", {"Host name of the server that replied, if you know it.", "已知的对方服务器主机名。"}},
    Option{"command",
           'c',
           "VERB",
           "CONNECT HELO EHLO AUTH STARTTLS MAIL RCPT DATA BDAT QUIT",
           {"The command that was answered, if you know it.", "已知的被应答的 SMTP 命令。"}},
    config_option,
    lang_option,
    help_option,
};
constexpr std::array codes_options = {json_option, config_option, lang_option, help_option};
constexpr std::array catalogue_options = {
    Option{"reason", 'r', "ID", "", {"list: only the causes of this reason.", "list：只列出属于该原因类别的条目。"}},
    json_option,
    config_option,
    lang_option,
    help_option,
};

constexpr std::array send_options = {
    Option{"from",
           'f',
           "ADDRESS",
           "",
           {"The sender, to whom a bounce goes; \"\" for none. Without it you at this host.",
            "发件人，退信也寄到这里；\"\" 表示空发件人。不指定则为本机当前用户。"}},
    Option{"file",
           'i',
           "FILE",
           "",
           {"Read the message from FILE; without it, or with -, from standard input.", "从 FILE 读取邮件；不指定或为 - 时从标准输入读取。"}},
    config_option,
    lang_option,
    help_option,
};
constexpr std::array config_options = {
    Option{"json", 'j', "", "", {"show: write JSON for programs.", "show：输出供程序使用的 JSON。"}},
    config_option,
    lang_option,
    help_option,
};
constexpr std::array queue_options = {json_option, config_option, lang_option, help_option};
constexpr std::array spool_options = {json_option, config_option, lang_option, help_option};

constexpr std::array table = {
    Command{"serve", "[OPTION]...", "", common, {"run the mail server", "运行邮件服务器"}, run_serve},
    Command{"send", "[OPTION]... ADDRESS...", "", send_options, {"hand a message to the server", "把一封邮件交给服务器"}, run_send},
    Command{"queue",
            "[OPTION]... list|show ID|status",
            "list show status",
            queue_options,
            {"show what waits for delivery, and why", "查看等待投递的邮件及原因"},
            run_queue},
    Command{"spool",
            "[OPTION]... check|dump [DIR]",
            "check dump",
            spool_options,
            {"read the spool of a stopped server", "读取已停止服务器的邮件存储"},
            run_spool},
    Command{"explain",
            "[OPTION]... [WORD]...",
            "",
            explain_options,
            {"say what a server's reply means and what to do", "解释服务器回复的含义以及该怎么办"},
            run_explain},
    Command{"codes", "[OPTION]... [CODE]...", "", codes_options, {"show reply codes and enhanced status codes", "查询应答码和增强状态码"}, run_codes},
    Command{"catalogue",
            "[OPTION]... list|show ID|check DIR|test DIR|reasons|order",
            "list show check test reasons order",
            catalogue_options,
            {"show and check the catalogue of causes", "查看、检查原因目录"},
            run_catalogue},
    Command{"config",
            "[OPTION]... check|show|explain NAME",
            "check show explain",
            config_options,
            {"check posthorn.toml, show and explain the parameters", "检查 posthorn.toml，查看、解释各参数"},
            run_config},
    Command{
        "completion", "bash|zsh|fish", "bash zsh fish", common, {"print a shell's completion script", "输出 shell 的自动补全脚本"}, run_completion},
    Command{"help", "[COMMAND]", "", common, {"show what a command does", "显示某个命令的用法"}, run_help},
    Command{"version", "", "", common, {"show the version", "显示版本"}, run_version},
};

// The default file may be missing; a file that was asked for may not.
Result<Settings> load_settings(const Arguments& arguments, std::vector<Fault>& faults) {
    Settings settings;
    const auto asked = arguments.value("config");
    const std::string path(asked.value_or(default_config));
    const auto text = read_file(path, max_config_file);
    if (!text) {
        if (asked) return tl::unexpected(text.error());
        return settings;
    }
    faults = read_settings(settings, *text, path);
    return settings;
}

std::string did_you_mean(std::string_view name) {
    std::string names;
    for (const Command& command : table) names += (names.empty() ? "" : ", ") + std::string(command.name);
    return "there is no command '" + std::string(name) + "'; there are: " + names;
}

int run_command(const Command& command, std::span<char* const> argv) {
    const auto arguments = parse_arguments(command.options, argv);
    if (!arguments) {
        Console console(Arguments{}, {});
        return static_cast<int>(console.fail(
            Exit::usage, std::string(command.name) + ": " + arguments.error().message + "; see 'posthorn help " + std::string(command.name) + "'"));
    }
    std::vector<Fault> faults;
    auto settings = load_settings(*arguments, faults);
    Console console(*arguments, settings ? settings->app : AppConfig{});
    if (!settings) return static_cast<int>(console.fail(Exit::config, to_text(settings.error())));
    if (!faults.empty()) return static_cast<int>(console.fail(Exit::config, faults));
    const std::string file(arguments->value("config").value_or(default_config));
    Context context{*arguments, console, *settings, file};
    if (arguments->flag("help")) {
        const std::string name(command.name);
        char* help_argv[] = {const_cast<char*>(name.c_str())};  // NOLINT: argv's type; parse_arguments only reads
        const auto help_arguments = parse_arguments(common, help_argv);
        Context help{*help_arguments, console, *settings, file};
        return static_cast<int>(console.finish(run_help(help)));
    }
    return static_cast<int>(console.finish(command.run(context)));
}

}  // namespace

std::span<const Command> commands() {
    return table;
}
const Command* find_command(std::string_view name) {
    const auto at = std::ranges::find(table, name, &Command::name);
    return at == table.end() ? nullptr : &*at;
}

int run(int argc, char** argv) {
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    const std::string_view first = argc > 1 ? words[1] : "help";
    const std::string_view name = first == "--help" || first == "-h" ? "help" : first == "--version" || first == "-V" ? "version" : first;
    const Command* command = find_command(name);
    if (command == nullptr) {
        Console console(Arguments{}, {});
        return static_cast<int>(console.fail(Exit::usage, did_you_mean(name)));
    }
    return run_command(*command, words.subspan(std::min<std::size_t>(words.size(), 2)));
}

}  // namespace ph::app

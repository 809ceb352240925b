// app/explain_command.cc: `posthorn explain`: words, a file or standard input; a report, JSON, or a batch of JSON lines.
#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/catalogue_source.h"
#include "app/command.h"
#include "app/console.h"
#include "app/files.h"
#include "base/ascii.h"
#include "explain/batch.h"
#include "explain/charset.h"
#include "explain/explainer.h"
#include "explain/report_json.h"
#include "explain/report_text.h"

namespace ph::app {
namespace {

constexpr std::size_t max_input = 8UL * 1024 * 1024;

bool is_file(std::string_view word) {
    struct stat status {};
    return stat(std::string(word).c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// What is to be explained: the words; else --file; else standard input. A single word that names a file is that file.
Result<std::string> input(const Arguments& arguments) {
    const auto& words = arguments.words();
    if (const auto file = arguments.value("file")) {
        if (!words.empty()) return fail(FaultKind::bad_value, "give either words or --file, not both");
        return read_file(std::string(*file), max_input);
    }
    if (words.size() == 1 && (words[0] == "-" || is_file(words[0]))) return read_file(std::string(words[0]), max_input);
    if (words.empty()) return read_file("-", max_input);
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty()) text += ' ';
        text += word;
    }
    return text;
}

// Replies are text. A byte that no text has says that the wrong file was taken.
bool is_binary(std::string_view text) {
    return std::ranges::any_of(text.substr(0, 4096), [](char c) { return c >= 0 && c < 0x09; });
}

Exit exit_of(const explain::Diagnosis& diagnosis) {
    const std::string_view reason = diagnosis.cause().reason->id;
    if (reason == "delivered" || reason == "not_bounce") return Exit::ok;
    if (reason == "undetermined") return Exit::undetermined;
    return diagnosis.permanent ? Exit::permanent : Exit::temporary;
}

// Of several replies the gravest counts: permanent, temporary, undetermined, none.
Exit graver(Exit a, Exit b) {
    constexpr auto gravity = [](Exit exit) { return exit == Exit::permanent ? 3 : exit == Exit::temporary ? 2 : exit == Exit::undetermined ? 1 : 0; };
    return gravity(a) >= gravity(b) ? a : b;
}

class ExplainCommand {
  public:
    ExplainCommand(Context& context, const status::Catalogue& catalogue) : context_(context), explainer_(catalogue) {
        hints_.provider = context.arguments.value("provider").value_or("");
        hints_.host = context.arguments.value("host").value_or("");
        hints_.command = context.arguments.value("command").value_or("");
    }

    Exit run(std::string_view text) {
        std::string decoded;
        const std::vector<std::string_view> replies = explain::split_replies(explain::to_utf8(text, decoded));
        Exit exit = Exit::ok;
        for (std::size_t i = 0; i < replies.size(); ++i) {
            if (i != 0 && !context_.arguments.flag("json")) context_.console.print(std::string(context_.console.columns(), '-') + '\n');
            const explain::Diagnosis& diagnosis = explainer_.diagnose(replies[i], hints_);
            show(diagnosis);
            exit = graver(exit, exit_of(diagnosis));
        }
        return exit;
    }

  private:
    void show(const explain::Diagnosis& diagnosis) {
        Console& console = context_.console;
        std::string out;
        if (context_.arguments.flag("json")) {
            reporter_.append(out, diagnosis, "");
            out += '\n';
        } else {
            if (console.tongue() != Tongue::zh) explain::append_report(out, diagnosis, console.style(status::Language::en));
            if (console.tongue() == Tongue::both) out += '\n';
            if (console.tongue() != Tongue::en) explain::append_report(out, diagnosis, console.style(status::Language::zh));
        }
        console.print(out);
    }

    Context& context_;
    explain::Explainer explainer_;
    explain::JsonReporter reporter_;
    explain::Hints hints_;
};

Exit run_batch(Context& context, const status::Catalogue& catalogue) {
    if (!context.arguments.words().empty()) return context.console.fail(Exit::usage, "explain --batch reads standard input and takes no words");
    // A pipe of a mebibyte halves what handing over costs; where it may not be had, the usual one serves.
    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20);
    explain::Batch batch(catalogue);
    bool all_good = true;
    std::string& out = context.console.buffer();
    const auto on_line = [&](std::string_view line, bool cut) {
        if (cut) {
            batch.answer_too_long(out);
            all_good = false;
        } else {
            all_good &= batch.answer(line, out);
        }
        context.console.flush_when_large();
    };
    const auto fault = read_lines(STDIN_FILENO, explain::max_batch_line, on_line, [&] { context.console.flush(); });
    if (fault) return context.console.fail(Exit::no_input, to_text(*fault));
    return all_good ? Exit::ok : context.console.fail(Exit::data, "some lines were no requests; the answers with \"error\" say why");
}

}  // namespace

Exit run_explain(Context& context) {
    Console& console = context.console;
    std::vector<Fault> faults;
    const status::Catalogue catalogue = load_catalogue(console.config().catalogue_directory, faults);
    if (!faults.empty()) console.fail(Exit::config, faults);  // the rest of the catalogue still explains
    if (const auto provider = context.arguments.value("provider"); provider && catalogue.find_provider(*provider) == nullptr) {
        return console.fail(Exit::usage,
                            "no provider is called '" + std::string(*provider) + "'; catalogue/providers.toml and posthorn-catalogue(5) list them");
    }
    if (context.arguments.flag("batch")) return run_batch(context, catalogue);
    if (context.arguments.words().empty() && !context.arguments.value("file") && isatty(STDIN_FILENO) == 1) {
        return console.fail(Exit::usage, console.say({"paste the reply behind 'posthorn explain', or pipe it in; 'posthorn help explain' shows how",
                                                      "请把回复粘贴在 'posthorn explain' 后面，或用管道输入；用法见 'posthorn help explain'"}));
    }
    const auto text = input(context.arguments);
    if (!text) {
        const FaultKind kind = text.error().kind;
        const Exit exit = kind == FaultKind::unreadable ? Exit::no_input : kind == FaultKind::bad_value ? Exit::usage : Exit::data;
        const std::string_view hint = kind == FaultKind::too_large ? "; a reply is a few lines: cut it out, or use --batch for many" : "";
        return console.fail(exit, to_text(text.error()) + std::string(hint));
    }
    if (trim(*text).empty())
        return console.fail(Exit::data, console.say({"the input is empty; there is nothing to explain", "输入为空，没有可解释的内容"}));
    if (is_binary(*text))
        return console.fail(Exit::data, console.say({"the input is binary, not a server's reply", "输入是二进制数据，不是服务器回复"}));
    return ExplainCommand(context, catalogue).run(*text);
}

}  // namespace ph::app

// app/catalogue_command.cc: `posthorn catalogue`: what the catalogue holds, in which order its rules are tried, and whether an
// administrator's own files are in order.
#include <algorithm>
#include <map>

#include "app/catalogue_source.h"
#include "app/command.h"
#include "app/console.h"
#include "base/display.h"
#include "base/json_writer.h"
#include "catalogue/builtin.h"
#include "explain/catalogue_check.h"
#include "explain/matcher.h"

namespace ph::app {
namespace {

using status::Bilingual;
using status::Cause;
using status::TextPart;

std::string join(status::Words words) {
    std::string list;
    for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
    return list;
}

std::string code_text(const status::CodeCondition& condition) {
    return condition.low == condition.high ? std::to_string(condition.low) : std::to_string(condition.low / 100) + "xx";
}

std::string code_text(const status::EnhancedCondition& condition) {
    const std::string topic = '.' + std::to_string(condition.subject) + '.' + std::to_string(condition.detail);
    return condition.code_class == 0 ? 'X' + topic : std::to_string(condition.code_class) + topic;
}

// "code 550, provider google, not …": what a rule asks for beside its words.
std::string conditions_text(const status::Rule& rule) {
    std::string text;
    const auto add = [&](std::string_view label, const std::string& values) {
        if (!values.empty()) text += (text.empty() ? "" : "; ") + std::string(label) + ' ' + values;
    };
    std::string codes;
    for (const auto& condition : rule.codes) codes += (codes.empty() ? "" : ", ") + code_text(condition);
    add("code", codes);
    std::string enhanced;
    for (const auto& condition : rule.enhanced) enhanced += (enhanced.empty() ? "" : ", ") + code_text(condition);
    add("enhanced", enhanced);
    add("provider", join(rule.providers));
    std::string hosts;
    // Kept as lines of the reply's facts end: ".example.com\n".
    for (const std::string_view host : rule.hosts) hosts += (hosts.empty() ? "" : ", ") + std::string(host.substr(1, host.size() - 2));
    add("host", hosts);
    add("command", join(rule.commands));
    add("not", join(rule.not_text));
    return text;
}

class CatalogueCommand {
  public:
    explicit CatalogueCommand(Context& context) : context_(context), console_(context.console) {}

    Exit run() {
        const auto& words = context_.arguments.words();
        const std::string_view verb = words.empty() ? "" : words[0];
        const bool needs_word = verb == "show" || verb == "check" || verb == "test";
        if (words.size() != (needs_word ? 2U : 1U)) return usage();
        if (verb == "check") return check(std::string(words[1]), false);
        if (verb == "test") return check(std::string(words[1]), true);
        std::vector<Fault> faults;
        catalogue_ = load_catalogue(console_.config().catalogue_directory, faults);
        if (!faults.empty()) console_.fail(Exit::config, faults);
        if (verb == "list") return list();
        if (verb == "show") return show(words[1]);
        if (verb == "reasons") return reasons();
        if (verb == "order") return order();
        return usage();
    }

  private:
    Exit usage() {
        return console_.fail(Exit::usage, "catalogue takes list, show ID, check DIR, test DIR, reasons or order; see 'posthorn help catalogue'");
    }

    Exit list() {
        const auto reason = context_.arguments.value("reason");
        if (reason && status::find_reason(*reason) == nullptr) {
            return console_.fail(Exit::usage, "no reason is called '" + std::string(*reason) + "'; 'posthorn catalogue reasons' lists them");
        }
        for (const Cause* cause : catalogue_.causes()) {
            if (reason && cause->reason->id != *reason) continue;
            if (context_.arguments.flag("json")) {
                json(*cause);
            } else {
                console_.print(pad(cause->id, 36) + pad(cause->reason->id, 22) + title(*cause) + '\n');
            }
        }
        return Exit::ok;
    }

    std::string title(const Cause& cause) {
        // A title's places show their fallback.
        std::string out;
        std::string_view text = console_.say(cause.text(TextPart::title));
        while (true) {
            const std::size_t open = text.find('{');
            out += text.substr(0, open);
            if (open == std::string_view::npos) return out;
            const std::size_t close = text.find('}', open);
            const std::string_view inner = text.substr(open + 1, close - open - 1);
            out += inner.substr(inner.find('|') + 1);
            text.remove_prefix(close + 1);
        }
    }

    void paragraph(std::string_view label, std::string_view text) {
        if (text.empty()) return;
        console_.print(std::string(label) + '\n');
        for (const std::string& line : wrap(printable(text), console_.columns() - 4)) console_.print("    " + line + '\n');
    }

    Exit show(std::string_view id) {
        const Cause* cause = catalogue_.find(id);
        if (cause == nullptr) return console_.fail(Exit::usage, "no cause is called '" + std::string(id) + "'; 'posthorn catalogue list' lists them");
        if (context_.arguments.flag("json")) {
            json(*cause);
            return Exit::ok;
        }
        if (console_.tongue() != Tongue::zh) show_in(*cause, status::Language::en);
        if (console_.tongue() != Tongue::en) show_in(*cause, status::Language::zh);
        return Exit::ok;
    }

    void show_in(const Cause& cause, status::Language language) {
        const auto say = [&](Bilingual text) { return text.in(language); };
        console_.print(std::string(cause.id) + "\n\n");
        paragraph(say({"Title", "标题"}), say(cause.text(TextPart::title)));
        paragraph(say({"Reason", "原因类别"}), std::string(cause.reason->id) + ": " + std::string(say(cause.reason->gloss)));
        paragraph(say({"Side", "问题在谁"}), say(describe(cause.side)));
        paragraph(say({"Retry", "重试有用吗"}), say(describe(cause.retry)));
        std::string codes = join(cause.codes);
        for (const auto code : cause.enhanced) codes += (codes.empty() ? "" : ", ") + to_text(code);
        paragraph(say({"Usual codes", "常见代码"}), codes);
        paragraph(say({"What happened", "发生了什么"}), say(cause.text(TextPart::cause)));
        paragraph(say({"What the sender can do", "发件人可以做什么"}), say(cause.text(TextPart::sender)));
        paragraph(say({"What the sending server's administrator can do", "发信方管理员可以做什么"}), say(cause.text(TextPart::sender_admin)));
        paragraph(say({"What the receiving server's administrator can do", "收信方管理员可以做什么"}), say(cause.text(TextPart::receiver_admin)));
        for (const std::string_view example : cause.examples) paragraph(say({"Example", "示例"}), example);
        for (const auto& reply : cause.replies) paragraph(say({"Posthorn itself replies", "Posthorn 自己的回复"}), reply.line);
        for (const status::Rule& rule : cause.rules) paragraph(std::string(say({"Rule ", "规则 "})) + std::string(rule.id), rule_text(rule));
        if (!cause.rfc.empty()) paragraph("RFC", join(cause.rfc));
        console_.print("\n");
    }

    static std::string rule_text(const status::Rule& rule) {
        std::string text = std::string(to_text(rule.tier)) + ": ";
        for (const status::Alternative& alternative : rule.alternatives) {
            text += (&alternative == &rule.alternatives.front() ? "" : ", ") + ('"' + std::string(alternative.written) + '"');
        }
        const std::string conditions = conditions_text(rule);
        return conditions.empty() ? text : text + (rule.alternatives.empty() ? "" : "; ") + conditions;
    }

    static void words_json(JsonWriter& json, std::string_view key, status::Words words) {
        json.key(key).begin_array();
        for (const std::string_view word : words) json.string(word);
        json.end_array();
    }

    void json(const Cause& cause) {
        std::string out;
        JsonWriter json(out);
        json.begin_object().field("id", cause.id).field("reason", cause.reason->id).field("fault", to_text(cause.side));
        json.field("retry", to_text(cause.retry)).field("advice", cause.reason->advice);
        words_json(json, "codes", cause.codes);
        json.key("enhanced").begin_array();
        for (const auto code : cause.enhanced) json.string(to_text(code));
        json.end_array();
        words_json(json, "rfc", cause.rfc);
        words_json(json, "examples", cause.examples);
        for (const bool en : {true, false}) {
            json.key(en ? "en" : "zh").begin_object();
            for (std::size_t i = 0; i < status::text_parts; ++i) {
                const Bilingual text = cause.texts[i];
                if (!text.en.empty()) json.field(to_text(static_cast<TextPart>(i)), en ? text.en : text.zh);
            }
            json.end_object();
        }
        json.end_object();
        console_.print(out + '\n');
    }

    Exit reasons() {
        std::map<std::string_view, int> causes;
        for (const Cause* cause : catalogue_.causes()) ++causes[cause->reason->id];
        for (const status::Reason& reason : status::reasons()) {
            console_.print(pad(reason.id, 22) + pad(to_text(reason.side), 16) + pad(std::to_string(causes[reason.id]), 5) +
                           std::string(console_.say(reason.gloss)) + '\n');
        }
        return Exit::ok;
    }

    Exit order() {
        const explain::Matcher matcher(catalogue_);
        for (const auto& entry : matcher.entries()) {
            const std::string words = entry.alternative != nullptr ? '"' + std::string(entry.alternative->written) + '"' : std::string();
            const std::string conditions = conditions_text(*entry.rule);
            console_.print(pad(to_text(entry.rule->tier), 13) + pad(std::string(entry.cause->id) + '/' + std::string(entry.rule->id), 48) + words +
                           (words.empty() || conditions.empty() ? "" : "; ") + conditions + '\n');
        }
        return Exit::ok;
    }

    // check: the files can be loaded. test: their examples and rules do what they say, together with the built-in catalogue.
    Exit check(const std::string& directory, bool test) {
        LoadedDirectory loaded = load_directory(directory);
        for (const Fault& fault : loaded.faults) console_.print(printable(to_text(fault)) + '\n');
        if (loaded.files == 0 && loaded.faults.empty()) return console_.fail(Exit::no_input, directory + ": no *.toml file is there");
        std::size_t complaints = loaded.faults.size();
        if (test) {
            status::Catalogue catalogue(catalogue::builtin());
            catalogue.add(loaded.part, loaded.arena);
            for (const explain::Complaint& complaint : explain::check_catalogue(catalogue, loaded.part)) {
                console_.print(printable(complaint.cause + ": " + complaint.message) + '\n');
                ++complaints;
            }
        }
        console_.print(summary(loaded, complaints));
        return complaints == 0 ? Exit::ok : Exit::differs;
    }

    std::string summary(const LoadedDirectory& loaded, std::size_t complaints) {
        const std::string files = std::to_string(loaded.files);
        const std::string causes = std::to_string(loaded.part.causes.size());
        const std::string count = std::to_string(complaints);
        if (console_.language() == status::Language::zh) return files + " 个文件，" + causes + " 个原因，" + count + " 处问题。\n";
        const auto counted = [](const std::string& number, std::string_view noun) {
            return number + ' ' + std::string(noun) + (number == "1" ? "" : "s");
        };
        return counted(files, "file") + ", " + counted(causes, "cause") + ", " + counted(count, "complaint") + ".\n";
    }

    Context& context_;
    Console& console_;
    status::Catalogue catalogue_;
};

}  // namespace

Exit run_catalogue(Context& context) {
    return CatalogueCommand(context).run();
}

}  // namespace ph::app

// app/codes_command.cc: `posthorn codes`: the registry of reply codes and enhanced status codes, and what is known of a code that it lacks.
#include <algorithm>

#include "app/command.h"
#include "app/console.h"
#include "base/display.h"
#include "base/json_writer.h"
#include "status/code_registry.h"

namespace ph::app {
namespace {

using status::Bilingual;
using status::EnhancedCode;
using status::ReplyCode;
using status::Standing;

std::string topic_text(const status::EnhancedCodeEntry& entry) {
    return "X." + std::to_string(entry.subject) + '.' + std::to_string(entry.detail);
}

class CodesCommand {
  public:
    explicit CodesCommand(Context& context) : console_(context.console), json_(context.arguments.flag("json")) {}

    Exit run(const std::vector<std::string_view>& words) {
        if (words.empty()) {
            list();
            return Exit::ok;
        }
        for (const std::string_view word : words) {
            std::string text(word);
            const bool any_class = text.starts_with('X') || text.starts_with('x');
            if (any_class) text[0] = '5';
            if (const auto basic = ReplyCode::parse(word)) {
                json_ ? basic_json(*basic) : basic_text(*basic);
            } else if (const auto enhanced = EnhancedCode::parse(text)) {
                json_ ? enhanced_json(*enhanced, any_class) : enhanced_text(*enhanced, any_class);
            } else {
                return console_.fail(Exit::usage,
                                     "'" + std::string(word) + "' is neither a reply code (200 to 599) nor an enhanced status code (5.7.25, X.7.25)");
            }
        }
        return Exit::ok;
    }

  private:
    void both(auto print_in) {
        if (console_.tongue() != Tongue::zh) print_in(status::Language::en);
        if (console_.tongue() != Tongue::en) print_in(status::Language::zh);
    }

    void row(std::string_view code, Bilingual name, std::string_view source, Standing standing, status::Language language) {
        const std::string_view mark = standing == Standing::dialect ? Bilingual{"dialect", "非标准"}.in(language) : std::string_view{};
        console_.print(pad(code, 8) + pad(name.in(language), 52) + std::string(standing == Standing::dialect ? mark : source) + '\n');
    }

    void list() {
        if (json_) {
            for (const auto& entry : status::basic_codes()) basic_json(*ReplyCode::from(entry.code));
            for (const auto& entry : status::enhanced_codes()) enhanced_json({5, entry.subject, entry.detail}, true);
            return;
        }
        both([&](status::Language language) {
            for (const auto& entry : status::basic_codes()) row(std::to_string(entry.code), entry.name, entry.source, entry.standing, language);
            for (const auto& entry : status::enhanced_codes()) row(topic_text(entry), entry.name, entry.source, entry.standing, language);
        });
    }

    void paragraph(std::string_view text) {
        for (const std::string& line : wrap(text, console_.columns() - 4)) console_.print("    " + line + '\n');
    }

    static std::string joined(Bilingual name, Bilingual meaning, status::Language language) {
        return std::string(name.in(language)) + std::string(Bilingual{". ", "。"}.in(language)) + std::string(meaning.in(language));
    }

    void head(std::string_view code, std::string_view name) { console_.print(std::string(code) + "  " + std::string(name) + '\n'); }

    static std::string standing_text(Standing standing, std::string_view source, status::Language language) {
        const bool zh = language == status::Language::zh;
        if (standing == Standing::registered) return std::string(zh ? "来源：" : "Source: ") + std::string(source);
        return std::string(zh ? "非标准用法，见于：" : "A dialect, in no RFC; seen from: ") + std::string(source);
    }

    void basic_text(ReplyCode code) {
        both([&](status::Language language) {
            const auto* entry = find(code);
            const auto* reply_class = find_class(code.reply_class());
            head(to_text(code), entry != nullptr ? entry->name.in(language) : Bilingual{"not registered", "未登记的代码"}.in(language));
            if (entry != nullptr) {
                paragraph(entry->meaning.in(language));
                paragraph(standing_text(entry->standing, entry->source, language));
            } else {
                paragraph(
                    Bilingual{"No RFC defines this code. Its first digit still tells:", "没有 RFC 定义此代码，但首位数字仍有含义："}.in(language));
            }
            paragraph(std::to_string(code.value() / 100) + "yz: " + joined(reply_class->name, reply_class->meaning, language));
            related(code, language);
        });
    }

    // The enhanced codes that the registry associates with a basic code.
    void related(ReplyCode code, status::Language language) {
        std::string list;
        for (const auto& entry : status::enhanced_codes()) {
            if (entry.basic_codes.find(to_text(code)) != std::string_view::npos) list += (list.empty() ? "" : ", ") + topic_text(entry);
        }
        if (!list.empty()) paragraph(std::string(Bilingual{"Enhanced codes that go with it: ", "相关的增强状态码："}.in(language)) + list);
    }

    void enhanced_text(EnhancedCode code, bool any_class) {
        both([&](status::Language language) {
            const auto* entry = find(code);
            const auto* subject = status::find_subject(code.subject);
            const std::string shown = any_class ? 'X' + to_text(code).substr(1) : to_text(code);
            head(shown, entry != nullptr ? entry->name.in(language) : Bilingual{"not registered", "未登记的代码"}.in(language));
            if (entry != nullptr) {
                paragraph(entry->meaning.in(language));
                if (!entry->basic_codes.empty())
                    paragraph(std::string(Bilingual{"Reply codes that go with it: ", "对应的应答码："}.in(language)) +
                              std::string(entry->basic_codes));
                paragraph(standing_text(entry->standing, entry->source, language));
            } else {
                paragraph(Bilingual{"Neither an RFC nor a dialect that we know defines this code. Its class and subject still tell:",
                                    "没有 RFC、也没有已知的非标准用法定义此代码，但类别和主题仍有含义："}
                              .in(language));
            }
            if (!any_class) {
                const auto* code_class = find_class(code.reply_class());
                paragraph(std::to_string(code.code_class) + ".x.x: " + joined(code_class->name, code_class->meaning, language));
            }
            if (subject != nullptr) paragraph("x." + std::to_string(code.subject) + ".x: " + joined(subject->name, subject->meaning, language));
        });
    }

    static void bilingual_json(JsonWriter& json, std::string_view key, Bilingual text) {
        json.key(key).begin_object().field("en", text.en).field("zh", text.zh).end_object();
    }

    static std::string_view standing_word(const auto* entry) {
        if (entry == nullptr) return "unregistered";
        return entry->standing == Standing::dialect ? "dialect" : "registered";
    }

    void basic_json(ReplyCode code) {
        const auto* entry = find(code);
        std::string out;
        JsonWriter json(out);
        json.begin_object().field("code", to_text(code)).field("standing", standing_word(entry));
        if (entry != nullptr) {
            bilingual_json(json, "name", entry->name);
            bilingual_json(json, "meaning", entry->meaning);
            json.field("source", entry->source);
        }
        bilingual_json(json, "class", find_class(code.reply_class())->name);
        json.end_object();
        console_.print(out + '\n');
    }

    void enhanced_json(EnhancedCode code, bool any_class) {
        const auto* entry = find(code);
        const auto* subject = status::find_subject(code.subject);
        std::string out;
        JsonWriter json(out);
        json.begin_object().field("code", any_class ? 'X' + to_text(code).substr(1) : to_text(code)).field("standing", standing_word(entry));
        if (entry != nullptr) {
            bilingual_json(json, "name", entry->name);
            bilingual_json(json, "meaning", entry->meaning);
            json.field("basic_codes", entry->basic_codes).field("classes", entry->classes).field("source", entry->source);
        }
        if (!any_class) bilingual_json(json, "class", find_class(code.reply_class())->name);
        if (subject != nullptr) bilingual_json(json, "subject", subject->name);
        json.end_object();
        console_.print(out + '\n');
    }

    Console& console_;
    bool json_;
};

}  // namespace

Exit run_codes(Context& context) {
    return CodesCommand(context).run(context.arguments.words());
}

}  // namespace ph::app

// explain/report_text.cc: the reply, then a label and a paragraph for each question that a person has, in the order in which they ask.
#include "explain/report_text.h"

#include <algorithm>
#include <cstdio>

#include "base/ascii.h"
#include "base/display.h"
#include "explain/reply_values.h"
#include "explain/text_template.h"
#include "status/code_registry.h"

namespace ph::explain {
namespace {

using status::Bilingual;
using status::Language;
using status::ReplyClass;
using status::TextPart;

constexpr std::string_view bold = "\033[1m";
constexpr std::string_view dim = "\033[2m";
constexpr std::string_view plain = "\033[0m";

class Report {
  public:
    Report(std::string& out, const Diagnosis& diagnosis, const TextStyle& style) : out_(out), diagnosis_(diagnosis), style_(style) {}

    void run() {
        reply();
        title();
        codes();
        section({"What happened", "发生了什么"}, filled(TextPart::cause));
        section({"Whose side", "问题在谁"}, std::string(describe(cause().side).in(language())));
        section({"Retry", "重试有用吗"}, retry());
        advice();
        section({"How sure", "把握多大"}, certainty());
    }

  private:
    const status::Cause& cause() const { return diagnosis_.cause(); }
    Language language() const { return style_.language; }
    std::string_view say(Bilingual text) const { return text.in(language()); }

    std::string filled(TextPart part) const {
        std::string text;
        append_filled(text, cause().text(part).in(language()), diagnosis_, language());
        return text;
    }

    std::size_t room(std::size_t indent) const { return style_.columns > indent ? style_.columns - indent : 1; }

    void colored(std::string_view style, std::string_view text) {
        if (style_.color) out_ += style;
        out_ += text;
        if (style_.color) out_ += plain;
    }

    // A long reply is shown by its head: the whole of it stands where it came from.
    void reply() {
        constexpr std::size_t most_bytes = 2000;
        const std::string_view whole = diagnosis_.reply.whole;
        std::size_t shown = std::min(whole.size(), most_bytes);
        while (shown > 0 && shown < whole.size() && (static_cast<unsigned char>(whole[shown]) & 0xC0U) == 0x80U) --shown;  // no half character
        std::string text = printable(whole.substr(0, shown));
        if (shown < whole.size()) text += " …";
        for (const std::string& line : wrap(text, room(2))) {
            colored(dim, "> " + line);
            out_ += '\n';
        }
        out_ += '\n';
    }

    void title() {
        for (const std::string& line : wrap(printable(filled(TextPart::title)), style_.columns)) {
            colored(bold, line);
            out_ += '\n';
        }
        colored(dim, cause().id);
        out_ += "\n\n";
    }

    void section(Bilingual label, std::string_view text) {
        constexpr std::size_t indent = 4;
        for (const std::string& line : wrap(say(label), style_.columns)) {
            colored(bold, line);
            out_ += '\n';
        }
        for (const std::string& line : wrap(printable(text), room(indent))) {
            out_.append(indent, ' ');
            out_ += line;
            out_ += '\n';
        }
    }

    void codes() {
        std::string text;
        if (diagnosis_.reply.code) add_basic(text);
        if (diagnosis_.enhanced) add_enhanced(text);
        if (text.empty()) text = say({"The text has no reply code.", "这段文字里没有应答码。"});
        section({"The code", "代码的含义"}, trim(text));
        words();
    }

    void add_basic(std::string& text) const {
        const status::ReplyCode code = *diagnosis_.reply.code;
        const auto* entry = find(code);
        text += to_text(code) + (language() == Language::zh ? "：" : ": ");
        text += entry != nullptr ? say(entry->name) : say({"not a registered code", "未登记的代码"});
        const auto* reply_class = find_class(code.reply_class());
        if (reply_class != nullptr)
            text += language() == Language::zh ? "（" + std::string(say(reply_class->name)) + "）" : " (" + std::string(say(reply_class->name)) + ")";
        if (entry != nullptr && entry->standing == status::Standing::dialect) text += say({"; no RFC defines it", "；没有 RFC 定义它"});
        text += say({". ", "。"});
    }

    void add_enhanced(std::string& text) const {
        const status::EnhancedCode code = *diagnosis_.enhanced;
        const auto* entry = find(code);
        const auto* subject = status::find_subject(code.subject);
        text += to_text(code) + (language() == Language::zh ? "：" : ": ");
        if (entry != nullptr) {
            text += say(entry->name);
        } else {
            text += say({"not registered", "未登记"});
            if (subject != nullptr) text += std::string(say({"; its subject is: ", "，其类别是："})) + std::string(say(subject->name));
        }
        text += say({".", "。"});
        if (diagnosis_.reply.code && code.reply_class() != diagnosis_.reply.code->reply_class()) {
            text += say({" The two codes contradict each other.", "两个代码相互矛盾。"});
        }
    }

    void words() {
        const std::string_view evidence = diagnosis_.evidence();
        if (evidence.empty()) {
            const bool says_nothing = cause().reason->id == "undetermined";
            section({"The words", "文字的含义"}, say(says_nothing ? Bilingual{"Nothing that tells the cause.", "没有说明原因。"}
                                                                  : Bilingual{"Nothing that changes what the code says.", "没有比代码更多的信息。"}));
            return;
        }
        const bool zh = language() == Language::zh;
        std::string text = (zh ? "“" : "\"") + std::string(evidence) + (zh ? "”" : "\"");
        if (diagnosis_.provider != nullptr) {
            text += zh ? "，" : ", ";
            text += say({"as said by ", "来自"});
            text += say(diagnosis_.provider->name);
        }
        section({"The words", "文字的含义"}, text);
    }

    std::string retry() const {
        std::string text;
        const auto claimed = diagnosis_.claimed();
        if (claimed == ReplyClass::permanent && !diagnosis_.permanent) {
            text = say({"The code says \"permanent\", but the cause is temporary by nature. ", "代码表示永久失败，但这种原因本质上是暂时的。"});
        } else if (claimed == ReplyClass::transient && cause().permanence == status::Permanence::permanent) {
            text = say({"The code says \"try again\", but the cause stays until somebody mends it. ", "代码表示可以重试，但原因不会自行消失。"});
        }
        text += describe(cause().retry).in(language());
        if (diagnosis_.retry_after != 0) text += wait();
        return text;
    }

    std::string wait() const {
        const std::string time = wait_text(diagnosis_.retry_after, language());
        return language() == Language::zh ? "建议等待约 " + time + "。" : " Wait about " + time + ".";
    }

    void advice() {
        constexpr std::array<std::pair<TextPart, Bilingual>, 3> parts = {{
            {TextPart::sender, {"What the sender can do", "发件人可以做什么"}},
            {TextPart::sender_admin, {"What the sending server's administrator can do", "发信方管理员可以做什么"}},
            {TextPart::receiver_admin, {"What the receiving server's administrator can do", "收信方管理员可以做什么"}},
        }};
        for (const auto& [part, label] : parts) {
            const std::string text = filled(part);
            if (!text.empty()) section(label, text);
        }
    }

    std::string certainty() const {
        char percent[16];
        std::snprintf(percent, sizeof percent, "%.0f %%", diagnosis_.confidence * 100);
        const bool zh = language() == Language::zh;
        std::string text(say(diagnosis_.confidence >= 0.8   ? Bilingual{"High", "高"}
                             : diagnosis_.confidence >= 0.5 ? Bilingual{"Medium", "中"}
                                                            : Bilingual{"Low", "低"}));
        text += zh ? "（" + std::string(percent) + "）" : " (" + std::string(percent) + ")";
        if (diagnosis_.match.rule == nullptr) return text + std::string(say({": no rule knows this text.", "：没有规则认识这段文字。"}));
        text += zh ? "：依据" : ": by ";
        text += say(describe(diagnosis_.match.rule->tier));
        text += zh ? "，规则 " : ", rule ";
        text += diagnosis_.match.rule_name();
        return text + (zh ? "。" : ".");
    }

    std::string& out_;
    const Diagnosis& diagnosis_;
    const TextStyle& style_;
};

}  // namespace

void append_report(std::string& out, const Diagnosis& diagnosis, const TextStyle& style) {
    Report(out, diagnosis, style).run();
}

}  // namespace ph::explain

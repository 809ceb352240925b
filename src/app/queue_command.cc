// app/queue_command.cc: `posthorn queue list|show|status`: what waits, since when, why, and when it is tried again.
#include <algorithm>

#include <simdjson.h>

#include "app/catalogue_source.h"
#include "app/command.h"
#include "app/console.h"
#include "app/control_client.h"
#include "app/settings.h"
#include "base/display.h"

namespace ph::app {
namespace {

using Json = simdjson::dom::element;

std::string text(Json object, std::string_view key) {
    std::string_view value;
    return object[key].get_string().get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

std::int64_t number(Json object, std::string_view key) {
    std::int64_t value = 0;
    return object[key].get_int64().get(value) == simdjson::SUCCESS ? value : 0;
}

simdjson::dom::array array(Json object, std::string_view key) {
    simdjson::dom::array value;
    return object[key].get_array().get(value) == simdjson::SUCCESS ? value : simdjson::dom::array();
}

// "2026-11-24T19:06:31.042Z" → "11-24 19:06:31"
std::string short_time(const std::string& time) {
    return time.size() < 19 ? time : time.substr(5, 5) + ' ' + time.substr(11, 8);
}

std::string address_text(const std::string& address) {
    return address.empty() ? "<>" : address;
}

class Printer {
  public:
    Printer(Context& context, const status::Catalogue& catalogue) : console_(context.console), catalogue_(catalogue) {}

    void in_short(Json message) {
        console_.print(text(message, "id") + "  " + short_time(text(message, "arrived")) + "  " + std::to_string(number(message, "size")) + "  " +
                       printable(address_text(text(message, "from"))) + '\n');
        for (const Json job : array(message, "jobs")) {
            for (const Json recipient : array(job, "recipients")) {
                std::string_view address;
                if (recipient.get_string().get(address) == simdjson::SUCCESS) console_.print("    → " + printable(address) + '\n');
            }
            print_state(job);
        }
    }

    void in_full(Json message) {
        in_short(message);
        line({"Client", "来源"}, text(message, "client"));
        line({"Message-ID", "Message-ID"}, text(message, "message_id"));
        for (const Json job : array(message, "jobs")) {
            line({"Destination", "目的地"}, text(job, "destination"));
            line({"Attempts", "已尝试次数"}, std::to_string(number(job, "attempts")));
            line({"Returned to the sender after", "此时间后退信"}, short_time(text(job, "expires")));
            print_last(job);
        }
    }

  private:
    void line(status::Bilingual label, const std::string& value) {
        if (!value.empty())
            console_.print("    " + std::string(console_.say(label)) + std::string(console_.say({": ", "："})) + printable(value) + '\n');
    }

    void print_state(Json job) {
        const std::string state = text(job, "state");
        if (state == "in delivery") {
            console_.print(std::string(console_.say({"      being delivered now\n", "      正在投递\n"})));
            return;
        }
        const std::string cause = last_of(job, "cause");
        const status::Cause* known = cause.empty() ? nullptr : catalogue_.find(cause);
        if (known != nullptr) console_.print("      " + std::string(console_.say(known->text(status::TextPart::title))) + '\n');
        const status::Bilingual next =
            state == "held" ? status::Bilingual{"held by the administrator", "已被管理员暂停"} : status::Bilingual{"next attempt ", "下次尝试："};
        console_.print("      " + std::string(console_.say(next)) + (state == "held" ? "" : short_time(text(job, "next_attempt"))) + '\n');
    }

    static std::string last_of(Json job, std::string_view key) {
        Json last;
        if (job["last"].get(last) != simdjson::SUCCESS || !last.is_object()) return {};
        return text(last, key);
    }

    void print_last(Json job) {
        const std::string cause = last_of(job, "cause");
        if (cause.empty()) return;
        line({"Last attempt", "上次尝试"}, short_time(last_of(job, "at")));
        line({"Server", "对方服务器"}, last_of(job, "remote"));
        line({"It said", "对方答复"}, last_of(job, "reply"));
        const status::Cause* known = catalogue_.find(cause);
        if (known == nullptr) return;
        for (const std::string& wrapped : wrap(console_.say(known->text(status::TextPart::cause)), console_.columns() - 6)) {
            console_.print("      " + wrapped + '\n');
        }
        line({"Explained in full by", "完整解释"}, "posthorn catalogue show " + cause);
    }

    Console& console_;
    const status::Catalogue& catalogue_;
};

Exit print_status(Context& context, const std::string& answer) {
    Console& console = context.console;
    simdjson::dom::parser parser;
    Json status;
    if (parser.parse(answer).get(status) != simdjson::SUCCESS) return console.fail(Exit::software, "the server's answer cannot be read");
    const auto line = [&](status::Bilingual label, const std::string& value) {
        console.print(std::string(console.say(label)) + std::string(console.say({": ", "："})) + value + '\n');
    };
    line({"Messages", "邮件"}, std::to_string(number(status, "messages")));
    line({"Being delivered now", "正在投递"}, std::to_string(number(status, "in_delivery")));
    line({"Spool, octets", "存储占用（字节）"}, std::to_string(number(status, "used_bytes")));
    if (const std::string trouble = text(status, "trouble"); !trouble.empty()) line({"TROUBLE", "故障"}, printable(trouble));
    for (const Json destination : array(status, "destinations")) {
        console.print("  " + pad(std::to_string(number(destination, "waiting")), 8) + printable(text(destination, "destination")) + '\n');
    }
    return Exit::ok;
}

Exit print_answer(Context& context, const std::string& answer, bool full) {
    std::vector<Fault> faults;
    const status::Catalogue catalogue = load_catalogue(context.settings.app.catalogue_directory, faults);
    Printer printer(context, catalogue);
    simdjson::dom::parser parser;
    // Line by line: a message with many recipients is larger than what simdjson's streams take by themselves.
    for (std::size_t at = 0, end = 0; at < answer.size(); at = end + 1) {
        end = std::min(answer.find('\n', at), answer.size());
        Json element;
        if (parser.parse(answer.data() + at, end - at).get(element) != simdjson::SUCCESS)
            return context.console.fail(Exit::software, "the server's answer cannot be read");
        if (const std::string error = text(element, "error"); !error.empty()) return context.console.fail(Exit::no_input, error);
        if (full) {
            printer.in_full(element);
        } else {
            printer.in_short(element);
        }
    }
    return Exit::ok;
}

}  // namespace

Exit run_queue(Context& context) {
    const auto& words = context.arguments.words();
    const std::string_view word = words.empty() ? "list" : words[0];
    const bool show = word == "show" && words.size() == 2;
    const bool status = word == "status" && words.size() == 1;
    if (!show && !status && !(word == "list" && words.size() <= 1)) {
        return context.console.fail(Exit::usage, "queue takes: list, show ID, or status");
    }
    if (show && !QueueId::parse(words[1])) {
        return context.console.fail(Exit::usage, "'" + std::string(words[1]) + "' is no id; 'posthorn queue list' shows them");
    }
    const Result<std::string> answer = ask_server(context.settings.server.server, show ? "show " + std::string(words[1]) : std::string(word));
    if (!answer) return context.console.fail(Exit::no_input, answer.error().message);
    if (context.arguments.flag("json")) {
        context.console.print(*answer);
        return Exit::ok;
    }
    if (status) return print_status(context, *answer);
    if (answer->empty()) context.console.print(context.console.say({"The queue is empty.\n", "队列为空。\n"}));
    return answer->empty() ? Exit::ok : print_answer(context, *answer, show);
}

}  // namespace ph::app

// app/spool_command.cc: `posthorn spool check|dump`: the files in which mail waits, read from outside: every checksum verified, every record
// shown. Changes nothing.
#include "app/command.h"
#include "app/console.h"
#include "app/settings.h"
#include "base/display.h"
#include "base/json_writer.h"
#include "server/control.h"
#include "spool/codec.h"
#include "store/log/inspect.h"

namespace ph::app {
namespace {

std::string octets(std::uint64_t bytes, const Console& console) {
    return std::to_string(bytes) + std::string(console.say({" octets", " 字节"}));
}

std::int64_t count(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

void check_json(Console& console, const store::SpoolCheck& check) {
    JsonWriter json(console.buffer());
    json.begin_object().flag("in_use", check.in_use).count("segments", count(check.segments)).count("spares", count(check.spares));
    json.count("file_bytes", count(check.file_bytes)).count("live_bytes", count(check.live_bytes)).count("records", count(check.records));
    json.count("messages", count(check.messages)).count("jobs", count(check.jobs)).key("damaged").begin_array();
    for (const store::SpoolDamage& damage : check.damaged) {
        json.begin_object().field("segment", damage.segment).count("offset", count(damage.offset)).count("size", count(damage.size));
        json.field("id", damage.id == QueueId{} ? "" : to_text(damage.id)).field("what", damage.what).end_object();
    }
    json.end_array().key("notes").begin_array();
    for (const std::string& note : check.notes) json.string(note);
    json.end_array().end_object();
    console.print("\n");
}

void check_text(Console& console, const store::SpoolCheck& check) {
    const auto line = [&](status::Bilingual label, const std::string& value) {
        console.print(std::string(console.say(label)) + std::string(console.say({": ", "："})) + value + '\n');
    };
    if (check.in_use)
        console.print(console.say({"The spool is in use: this is how it was at one moment.\n", "存储正在使用中，以下是某一时刻的状态。\n"}));
    line({"Segments", "文件段"},
         std::to_string(check.segments) + std::string(console.say({", in reserve ", "，备用 "})) + std::to_string(check.spares));
    line({"Size of the files", "文件大小"}, octets(check.file_bytes, console));
    line({"Still needed", "仍需保留"}, octets(check.live_bytes, console));
    line({"Records", "记录数"}, std::to_string(check.records));
    line({"Messages that wait", "等待投递的邮件"}, std::to_string(check.messages));
    line({"Their destinations", "投递任务"}, std::to_string(check.jobs));
    for (const std::string& note : check.notes) console.print(note + '\n');
    for (const store::SpoolDamage& damage : check.damaged) {
        const std::string where = damage.segment + ": " + std::to_string(damage.size) + " @ " + std::to_string(damage.offset);
        line({"DAMAGED", "损坏"}, where + (damage.id == QueueId{} ? "" : " " + to_text(damage.id)) + " " + printable(damage.what));
    }
    if (check.damaged.empty()) console.print(console.say({"Every checksum is right.\n", "所有校验和均正确。\n"}));
}

Exit check(Context& context, const std::string& directory) {
    const Result<store::SpoolCheck> found = store::check_spool(directory);
    if (!found) return context.console.fail(Exit::no_input, to_text(found.error()));
    if (context.arguments.flag("json")) {
        check_json(context.console, *found);
    } else {
        check_text(context.console, *found);
    }
    return found->damaged.empty() ? Exit::ok : Exit::differs;
}

void append_message(JsonWriter& json, std::string_view meta) {
    const auto fields = store::log::decode_message(meta);
    if (!fields) return;
    json.field("arrived", rfc3339_date(fields->created)).count("size", count(fields->body_size)).count("chunks", count(fields->chunks.size()));
    if (const Result<spool::MessageInfo> info = spool::decode_message_info(fields->meta)) {
        json.field("from", mail::to_text(info->envelope.reverse_path)).field("client", info->origin.client);
    }
    json.key("jobs").begin_array();
    for (const store::log::JobFields& job : fields->jobs) {
        json.begin_object().count("number", job.number).field("destination", job.queue).count("attempts", job.attempts);
        json.field("next_attempt", rfc3339_date(job.next_at));
        server::append_recipients(json, spool::decode_job_data(job.data));
        json.end_object();
    }
    json.end_array();
}

void append_done(JsonWriter& json, std::string_view meta) {
    const auto done = store::log::decode_done(meta);
    json.key("done").begin_array();
    for (std::size_t i = 0; done && i < done->size(); ++i) {
        const store::log::DoneJob& job = (*done)[i];
        json.begin_object().field("id", to_text(job.id)).count("number", job.number == store::log::every_job ? -1 : job.number).end_object();
    }
    json.end_array();
}

// One record as a line of JSON: it nests, and a person reads it as easily as a table.
void append_record(std::string& out, const store::DumpedRecord& record) {
    JsonWriter json(out);
    json.begin_object().field("segment", record.segment).count("offset", count(record.offset));
    json.field("type", store::record_type_text(record.header.type));
    if (record.header.id != QueueId{}) json.field("id", to_text(record.header.id));
    json.count("group", count(record.header.group)).count("body", record.header.body_size).flag("body_good", record.body_good);
    if (record.header.type == store::log::RecordType::message) append_message(json, record.meta);
    if (record.header.type == store::log::RecordType::done) append_done(json, record.meta);
    if (record.header.type == store::log::RecordType::job) {
        if (const auto job = store::log::decode_job(record.meta)) {
            json.count("number", job->number).count("attempts", job->attempts).field("next_attempt", rfc3339_date(job->next_at));
            server::append_recipients(json, spool::decode_job_data(job->data));
        }
    }
    json.end_object();
    out += '\n';
}

Exit dump(Context& context, const std::string& directory) {
    Console& console = context.console;
    const Result<void> read = store::dump_spool(directory, [&](const store::DumpedRecord& record) {
        append_record(console.buffer(), record);
        console.flush_when_large();
    });
    return read ? Exit::ok : console.fail(Exit::no_input, to_text(read.error()));
}

}  // namespace

Exit run_spool(Context& context) {
    const auto& words = context.arguments.words();
    if (words.empty() || words.size() > 2) return context.console.fail(Exit::usage, "spool takes: check [DIR], or dump [DIR]");
    const std::string directory = words.size() == 2 ? std::string(words[1]) : context.settings.server.store.directory;
    if (words[0] == "check") return check(context, directory);
    if (words[0] == "dump") return dump(context, directory);
    return context.console.fail(Exit::usage, "spool takes: check [DIR], or dump [DIR]");
}

}  // namespace ph::app

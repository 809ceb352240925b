// server/control.cc: the answers. Whoever may open the socket may read the queue; the socket's folder decides who that is.
#include "server/control.h"

#include <algorithm>
#include <charconv>

#include "io/completion.h"
#include "spool/codec.h"

namespace ph::server {
namespace {

constexpr Milliseconds request_timeout = Seconds(10);
constexpr std::size_t page = 500;

std::string_view to_text(store::JobState state) {
    constexpr std::array names = {"active", "held", "suspended"};
    return names[static_cast<std::size_t>(state)];
}

void append_last(JsonWriter& json, const spool::LastAttempt& last) {
    if (last.cause.empty() && last.reply.empty()) {
        json.key("last").null();
        return;
    }
    json.key("last").begin_object();
    json.field("at", rfc3339_date(last.at)).field("cause", last.cause).field("status", last.status).field("reply", last.reply);
    json.field("remote", last.remote).field("command", last.command).end_object();
}

void append_job(JsonWriter& json, const store::Job& job, bool claimed) {
    const Result<spool::JobData> data = spool::decode_job_data(job.data);
    json.begin_object().field("destination", job.queue).field("state", claimed ? "in delivery" : to_text(job.state));
    json.count("attempts", job.attempts).field("next_attempt", rfc3339_date(job.next_at)).field("expires", rfc3339_date(job.expires_at));
    append_recipients(json, data);
    append_last(json, data ? data->last : spool::LastAttempt{});
    if (!data) json.field("damaged", data.error().message);
    json.end_object();
}

struct Request {
    std::string verb;
    QueueId id;
    std::size_t limit = max_listed;
};

std::optional<Request> parse_request(std::string_view line) {
    Request request;
    const std::size_t blank = line.find(' ');
    request.verb = line.substr(0, blank);
    if (blank == std::string_view::npos) return request;
    line.remove_prefix(blank + 1);
    const std::size_t second = line.find(' ');
    const auto id = QueueId::parse(line.substr(0, second));
    if (!id) return std::nullopt;
    request.id = *id;
    if (second == std::string_view::npos) return request;
    line.remove_prefix(second + 1);
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), request.limit);
    if (error != std::errc() || end != line.data() + line.size() || request.limit > max_listed) return std::nullopt;
    return request;
}

std::string error_json(std::string_view message) {
    std::string out;
    JsonWriter(out).begin_object().field("error", message).end_object();
    return out + '\n';
}

std::string status_json(spool::Spool& spool) {
    const store::Totals totals = spool.engine().totals();
    const store::Space space = spool.engine().space();
    std::string out;
    JsonWriter json(out);
    json.begin_object().count("messages", static_cast<std::int64_t>(totals.messages)).count("jobs", static_cast<std::int64_t>(totals.jobs));
    json.count("in_delivery", static_cast<std::int64_t>(totals.claimed)).count("used_bytes", static_cast<std::int64_t>(space.used_bytes));
    json.count("live_bytes", static_cast<std::int64_t>(space.live_bytes)).flag("full", space.full).flag("failing", space.failing);
    json.field("trouble", space.message).key("destinations").begin_array();
    for (const store::QueueCount& queue : spool.engine().queues()) {
        json.begin_object().field("destination", queue.queue).count("waiting", static_cast<std::int64_t>(queue.waiting)).end_object();
    }
    json.end_array().end_object();
    return out + '\n';
}

// One line, ended by LF; "" if it did not come.
io::Task<std::string> read_line(io::Stream& stream) {
    std::string line;
    while (line.size() <= max_control_line) {
        const io::IoResult<std::string_view> bytes = co_await stream.read(request_timeout);
        if (!bytes || bytes->empty()) break;
        const std::size_t end = bytes->find('\n');
        line += bytes->substr(0, std::min(end, max_control_line + 1));
        if (end == std::string_view::npos) continue;
        if (line.ends_with('\r')) line.pop_back();
        if (line.size() <= max_control_line) co_return line;
    }
    co_return std::string();
}

io::Task<void> answer_list(io::Stream& stream, spool::Spool& spool, io::World& world, Request request) {
    QueueId after = request.id;
    std::size_t left = request.limit;
    while (left > 0) {
        io::Completion<store::Stored<std::vector<store::Listed>>> listed(world);
        spool.engine().list(after, std::min(left, page), listed.callback());
        const store::Stored<std::vector<store::Listed>> messages = co_await listed.take();
        if (messages && messages->empty()) co_return;
        std::string out;
        if (messages) {
            for (const store::Listed& message : *messages) out += listed_json(message) + '\n';
        } else {
            out = error_json("the list ends here: " + messages.error().message);
        }
        const io::IoResult<void> written = co_await stream.write(out, request_timeout);
        if (!written || !messages) co_return;
        after = messages->back().id;
        left -= std::min(left, messages->size());
    }
}

io::Task<std::string> show(spool::Spool& spool, io::World& world, QueueId id) {
    io::Completion<store::Stored<store::Listed>> got(world);
    spool.engine().get(id, got.callback());
    const store::Stored<store::Listed> message = co_await got.take();
    if (!message) co_return error_json("no message " + ph::to_text(id) + ": " + message.error().message);
    co_return listed_json(*message) + '\n';
}

}  // namespace

void append_recipients(JsonWriter& json, const Result<spool::JobData>& data) {
    json.key("recipients").begin_array();
    if (data) {
        for (const spool::PendingRecipient& pending : data->recipients) json.string(mail::to_text(pending.recipient.address));
    }
    json.end_array();
}

std::string listed_json(const store::Listed& listed) {
    const Result<spool::MessageInfo> info = spool::decode_message_info(*listed.meta);
    std::string out;
    JsonWriter json(out);
    json.begin_object().field("id", ph::to_text(listed.id)).field("arrived", rfc3339_date(listed.created));
    json.count("size", static_cast<std::int64_t>(listed.size));
    if (info) {
        json.field("from", mail::to_text(info->envelope.reverse_path)).field("client", info->origin.client);
        json.field("message_id", info->origin.arrived_with).flag("notice", info->notice);
    } else {
        json.field("damaged", info.error().message);
    }
    json.key("jobs").begin_array();
    for (std::size_t i = 0; i < listed.jobs.size(); ++i) append_job(json, listed.jobs[i], i < listed.claimed.size() && listed.claimed[i]);
    json.end_array().end_object();
    return out;
}

io::Task<void> answer_control(std::unique_ptr<io::Stream> stream, spool::Spool& spool, io::World& world) {
    const std::string line = co_await read_line(*stream);
    const std::optional<Request> request = parse_request(line);
    std::string out;
    if (!request) {
        out = error_json("not understood: " + line);
    } else if (request->verb == "list") {
        co_await answer_list(*stream, spool, world, *request);
    } else if (request->verb == "show") {
        out = co_await show(spool, world, request->id);
    } else if (request->verb == "status") {
        out = status_json(spool);
    } else {
        out = error_json("no such request: " + request->verb);
    }
    if (!out.empty()) {
        const io::IoResult<void> written = co_await stream->write(out, request_timeout);
        static_cast<void>(written);  // who asked and left needs no answer
    }
    stream->close();
}

}  // namespace ph::server

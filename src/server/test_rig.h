// server/test_rig.h: a whole server in a world of its own, for the tests of this room: a spool in memory that can be told to fail, a queue that
// is held, so that what was accepted can be looked at, and clients that speak line by line.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/builtin.h"
#include "io/completion.h"
#include "io/test_world.h"
#include "server/server.h"
#include "server/snapshot.h"
#include "store/memory/engine.h"

namespace ph::server {

// What the engines of a rig do, as the test wants it; outlives them.
struct Disk {
    store::Space space;                             // what is told at MAIL, unless all is well
    std::optional<store::StoreFault> commit_fault;  // what a commit comes back with
    std::optional<store::StoreFault> append_fault;  // what a draft comes back with
    bool hangs = false;                             // nothing is answered before answer_all()
    std::vector<std::function<void()>> held;
    bool closed = false;
    std::size_t used_after_close = 0;

    void answer_all() {
        for (const auto& answer : std::exchange(held, {})) answer();
    }
    template <typename T>
    std::function<void(T)> late(std::function<void(T)> then) {
        if (!hangs) return then;
        return [this, then = std::move(then)](T value) {
            held.push_back([then, value = std::make_shared<T>(std::move(value))] { then(std::move(*value)); });
        };
    }
};

class FailingDraft final : public store::Draft {
  public:
    FailingDraft(std::unique_ptr<store::Draft> draft, Disk& disk) : draft_(std::move(draft)), disk_(disk) {}
    bool append(std::string_view bytes) override {
        if (disk_.closed) ++disk_.used_after_close;
        return draft_->append(bytes) && !disk_.append_fault && !disk_.hangs;
    }
    void writable(std::function<void(store::Stored<void>)> then) override {
        if (!disk_.append_fault) return draft_->writable(disk_.late(std::move(then)));
        draft_->writable([then = std::move(then), fault = *disk_.append_fault](const auto&) { then(tl::unexpected(fault)); });
    }
    std::uint64_t size() const override { return draft_->size(); }
    std::unique_ptr<store::Draft> take() { return std::move(draft_); }

  private:
    std::unique_ptr<store::Draft> draft_;
    Disk& disk_;
};

class FailingEngine final : public store::Engine {
  public:
    FailingEngine(std::unique_ptr<store::Engine> engine, Disk& disk) : engine_(std::move(engine)), disk_(disk) {}

    QueueId next_id(TimePoint now) override { return used().next_id(now); }
    std::unique_ptr<store::Draft> draft() override { return std::make_unique<FailingDraft>(used().draft(), disk_); }
    void commit(store::Batch batch, std::function<void(store::Stored<store::Committed>)> then) override {
        for (store::NewMessage& message : batch.messages) {
            if (auto* draft = dynamic_cast<FailingDraft*>(message.draft.get())) message.draft = draft->take();
        }
        if (!disk_.commit_fault) return used().commit(std::move(batch), disk_.late(std::move(then)));
        used().commit({}, [then = std::move(then), fault = *disk_.commit_fault](const auto&) { then(tl::unexpected(fault)); });
    }
    void claim(std::string_view queue, std::size_t limit, TimePoint now, TimePoint lease,
               std::function<void(store::Stored<std::vector<store::Claim>>)> then) override {
        used().claim(queue, limit, now, lease, std::move(then));
    }
    void release(store::JobRef ref, TimePoint next_at) override { used().release(ref, next_at); }
    std::vector<store::QueueCount> due(TimePoint now, std::string_view after, std::size_t limit) const override {
        return engine_->due(now, after, limit);
    }
    std::optional<TimePoint> next_due() const override { return engine_->next_due(); }
    std::vector<store::QueueCount> queues() const override { return engine_->queues(); }
    void open_body(QueueId id, std::function<void(store::Stored<std::unique_ptr<store::BodyReader>>)> then) override {
        used().open_body(id, std::move(then));
    }
    void list(QueueId after, std::size_t limit, std::function<void(store::Stored<std::vector<store::Listed>>)> then) override {
        used().list(after, limit, disk_.late(std::move(then)));
    }
    void get(QueueId id, std::function<void(store::Stored<store::Listed>)> then) override { used().get(id, std::move(then)); }
    void remove(QueueId id, std::function<void(store::Stored<void>)> then) override { used().remove(id, std::move(then)); }
    store::Space space() const override { return disk_.space.full || disk_.space.failing ? disk_.space : engine_->space(); }
    store::Totals totals() const override { return engine_->totals(); }
    void close(std::function<void()> then) override {
        used().close(std::move(then));
        disk_.closed = true;
    }

  private:
    store::Engine& used() {
        if (disk_.closed) ++disk_.used_after_close;
        return *engine_;
    }
    std::unique_ptr<store::Engine> engine_;
    Disk& disk_;
};

inline io::Endpoint endpoint(const std::string& text) {
    return *io::parse_endpoint(text);
}

// A client of the server; its answers come as they were sent, without the last line end.
class Peer {
  public:
    Peer(io::TestWorld& world, std::unique_ptr<io::MemoryStream> stream) : world_(world), stream_(std::move(stream)) {}

    void send(const std::string& text) {
        const std::string line = text + "\r\n";
        const io::IoResult<void> written = world_.wait_for(stream_->write(line, Seconds(60)));
        static_cast<void>(written);  // a server that closed has said why
    }
    // The next reply, all its lines; "" at the end of the session.
    std::string receive() { return world_.wait_for(reply(*this)); }
    std::string say(const std::string& line) {
        send(line);
        return receive();
    }
    // Everything up to the end of the session.
    std::string rest() { return world_.wait_for(to_the_end(*this)); }
    io::MemoryStream& stream() { return *stream_; }
    void leave() { stream_.reset(); }

    void begin(const std::string& to, const std::string& from = "a@there.example") {
        say("EHLO there.example");
        say("MAIL FROM:<" + from + ">");
        say("RCPT TO:<" + to + ">");
    }
    std::string message(const std::string& header = "From: a@there.example\r\n") {
        const std::string go = say("DATA");
        return go.starts_with("354") ? say(header + "\r\nHello\r\n.") : go;
    }

  private:
    static io::Task<std::string> reply(Peer& self) {
        while (true) {
            for (std::size_t at = 0, end = self.in_.find("\r\n"); end != std::string::npos; at = end + 2, end = self.in_.find("\r\n", at)) {
                if (end < at + 4 || self.in_[at + 3] != ' ') continue;
                std::string whole = self.in_.substr(0, end);
                self.in_.erase(0, end + 2);
                co_return whole;
            }
            const io::IoResult<std::string_view> bytes = co_await self.stream_->read(std::chrono::hours(1));
            if (!bytes || bytes->empty()) co_return std::string();
            self.in_ += *bytes;
        }
    }
    static io::Task<std::string> to_the_end(Peer& self) {
        while (true) {
            const io::IoResult<std::string_view> bytes = co_await self.stream_->read(std::chrono::hours(1));
            if (!bytes || bytes->empty()) co_return std::exchange(self.in_, {});
            self.in_ += *bytes;
        }
    }

    io::TestWorld& world_;
    std::unique_ptr<io::MemoryStream> stream_;
    std::string in_;
};

class Rig {
  public:
    Rig()
        : log(
              obs::Level::debug, obs::Format::text, [this] { return world.now(); }, [this](std::string_view text) { log_text += text; }),
          catalogue(catalogue::builtin()) {
        config.server.hostname = "mx.here.example";
        config.directory.local_domains = {"here.example"};
        config.directory.local_users = "any";
        config.directory.local_maildir = "/m/{user}/";
        config.directory.local_aliases = "";
        config.directory.local_transport = "lmtp:unix:/run/lmtp";
        config.queue.hold = true;
    }
    ~Rig() { server.reset(); }

    void start() {
        auto memory = store::make_memory_engine([this](std::function<void()> run) { world.post(std::move(run)); });
        auto failing = std::make_unique<FailingEngine>(std::move(memory), disk);
        engine = failing.get();
        server = std::make_unique<Server>(world, log, catalogue, std::move(failing), snapshot());
        listen("192.0.2.25:25", smtp::Dialect::smtp);
        listen("192.0.2.25:587", smtp::Dialect::submission);
        listen("unix:/run/lmtp-in", smtp::Dialect::lmtp);
        server->serve_control(*world.listen(endpoint("unix:/run/control")));
    }
    std::shared_ptr<const Snapshot> snapshot() {
        auto made = make_snapshot(config, {world, log});
        PH_ASSERT(made.has_value());
        return *std::move(made);
    }
    Peer connect(const std::string& from = "203.0.113.5:4000", const std::string& to = "192.0.2.25:25") {
        if (server == nullptr) start();
        auto stream = world.dial(endpoint(to), to.starts_with("unix:") ? io::Endpoint{} : endpoint(from));
        PH_ASSERT(stream != nullptr);
        return {world, std::move(stream)};
    }
    // After the greeting.
    Peer client(const std::string& from = "203.0.113.5:4000", const std::string& to = "192.0.2.25:25") {
        Peer peer = connect(from, to);
        peer.receive();
        return peer;
    }
    // What the control socket answers.
    std::string ask(const std::string& request) {
        Peer peer = connect({}, "unix:/run/control");
        peer.send(request);
        return peer.rest();
    }
    // The message of a "250 2.0.0 ... <id>" as it is kept.
    std::string kept() {
        const std::string list = ask("list");
        const std::size_t at = list.rfind("{\"id\":\"");
        if (at == std::string::npos) return {};
        const auto id = QueueId::parse(list.substr(at + 7, list.find('"', at + 7) - at - 7));
        return world.wait_for(body(*engine, world, *id));
    }
    std::size_t count() {
        const std::string list = ask("list");
        return static_cast<std::size_t>(std::count(list.begin(), list.end(), '\n'));
    }

    io::TestWorld world;
    std::string log_text;
    obs::Log log;
    status::Catalogue catalogue;
    Config config;
    Disk disk;
    store::Engine* engine = nullptr;
    std::unique_ptr<Server> server;

  private:
    void listen(const std::string& at, smtp::Dialect dialect) { server->serve(*world.listen(endpoint(at)), dialect); }
    static io::Task<std::string> body(store::Engine& engine, io::World& world, QueueId id) {
        io::Completion<store::Stored<std::unique_ptr<store::BodyReader>>> opened(world);
        engine.open_body(id, opened.callback());
        store::Stored<std::unique_ptr<store::BodyReader>> reader = co_await opened.take();
        std::string text;
        while (reader) {
            io::Completion<store::Stored<std::string>> chunk(world);
            (*reader)->next(chunk.callback());
            const store::Stored<std::string> bytes = co_await chunk.take();
            if (!bytes || bytes->empty()) break;
            text += *bytes;
        }
        co_return text;
    }
};

}  // namespace ph::server

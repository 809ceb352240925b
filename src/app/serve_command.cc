// app/serve_command.cc: `posthorn serve`: the mail server in the foreground, as a service manager wants it. Ports are bound first, then root's
// powers go, then the spool is opened, then the doors are.
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

#include "app/catalogue_source.h"
#include "app/command.h"
#include "app/console.h"
#include "app/files.h"
#include "app/settings.h"
#include "io/real_world.h"
#include "server/check.h"
#include "server/inherited_sockets.h"
#include "server/privileges.h"
#include "server/restart_only.h"
#include "server/server.h"
#include "server/snapshot.h"
#include "store/log/engine.h"

namespace ph::app {
namespace {

void write_to_standard_error(std::string_view lines) {
    while (!lines.empty()) {
        const ssize_t written = write(STDERR_FILENO, lines.data(), lines.size());
        if (written <= 0) return;  // nowhere is left to complain to
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Each session and each delivery needs a descriptor; the soft limit of a shell is made for shells.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

constexpr std::size_t max_config_file = 1024 * 1024;

struct Door {
    std::unique_ptr<io::Listener> listener;
    smtp::Dialect dialect;
};

class Serving {
  public:
    explicit Serving(Context& context)
        : context_(context),
          config_(context.settings.server),
          log_(
              *obs::parse_level(config_.server.log_level), *obs::parse_format(config_.server.log_format), [this] { return world_.now(); },
              write_to_standard_error) {}

    Exit run();

  private:
    std::optional<Exit> prepare();
    std::optional<Exit> open_doors();
    std::optional<Exit> bind(const std::vector<io::Endpoint>& endpoints, smtp::Dialect dialect);
    std::optional<Exit> bind_inherited(const std::vector<server::InheritedSocket>& sockets);
    std::optional<Exit> bind_control();
    std::optional<Exit> become_user();
    std::optional<Exit> open_spool();
    void start();
    std::vector<Fault> read_again(Settings& settings) const;
    void reload();
    void stop();
    io::Task<void> finish();
    io::Task<void> flush_log();
    void report(const store::log::Report& report);
    Exit fail(const Fault& fault) { return context_.console.fail(Exit::config, to_text(fault)); }

    Context& context_;
    server::Config config_;
    io::RealWorld world_;
    obs::Log log_;
    policy::FullMailboxes full_mailboxes_{world_, server::mailbox_usage(world_)};
    status::Catalogue catalogue_;
    std::vector<Door> doors_;
    std::unique_ptr<io::Listener> control_;
    std::shared_ptr<const server::Snapshot> snapshot_;
    std::unique_ptr<store::Engine> engine_;
    std::unique_ptr<server::Server> server_;
    bool stopping_ = false;
};

std::optional<Exit> Serving::prepare() {
    std::vector<Fault> faults;
    catalogue_ = load_catalogue(context_.settings.app.catalogue_directory, faults);
    if (!faults.empty()) return context_.console.fail(Exit::config, faults);
    if (const Result<void> dns = world_.use_dns(config_.dns); !dns) return fail(dns.error());
    auto snapshot = server::make_snapshot(config_, {world_, log_, &full_mailboxes_});
    if (!snapshot) return context_.console.fail(Exit::config, snapshot.error());
    snapshot_ = *std::move(snapshot);
    return std::nullopt;
}

std::optional<Exit> Serving::bind(const std::vector<io::Endpoint>& endpoints, smtp::Dialect dialect) {
    for (const io::Endpoint& endpoint : endpoints) {
        auto listener = world_.listen(endpoint);
        if (!listener) {
            const bool low = endpoint.port < 1024 && !server::is_root();
            return context_.console.fail(Exit::config, "cannot listen on " + to_text(endpoint) + ": " + listener.error().message +
                                                           (low ? "; ports below 1024 need root, or a socket from systemd" : ""));
        }
        doors_.push_back({*std::move(listener), dialect});
    }
    return std::nullopt;
}

std::optional<Exit> Serving::bind_inherited(const std::vector<server::InheritedSocket>& sockets) {
    for (const server::InheritedSocket& socket : sockets) {
        auto listener = world_.listen_on(socket.descriptor);
        if (!listener) return context_.console.fail(Exit::config, "the socket '" + socket.name + "' from systemd: " + listener.error().message);
        const smtp::Dialect dialect = socket.name.starts_with("lmtp")         ? smtp::Dialect::lmtp
                                      : socket.name.starts_with("submission") ? smtp::Dialect::submission
                                                                              : smtp::Dialect::smtp;
        doors_.push_back({*std::move(listener), dialect});
    }
    return std::nullopt;
}

std::optional<Exit> Serving::bind_control() {
    const std::string& path = config_.server.control_socket;
    if (path.empty()) return std::nullopt;
    io::Endpoint endpoint;
    endpoint.path = path;
    auto listener = world_.listen(endpoint);
    if (!listener) return context_.console.fail(Exit::config, "server.control_socket " + path + ": " + listener.error().message);
    control_ = *std::move(listener);
    return std::nullopt;
}

// Sockets that systemd opened take the place of the parameters.
std::optional<Exit> Serving::open_doors() {
    const auto inherited = server::take_inherited_sockets();
    if (!inherited.empty()) {
        if (auto failed = bind_inherited(inherited)) return failed;
    } else {
        const server::Doors doors = server::doors_of(config_.server);
        if (auto failed = bind(doors.smtp, smtp::Dialect::smtp)) return failed;
        if (auto failed = bind(doors.submission, smtp::Dialect::submission)) return failed;
        if (auto failed = bind(doors.lmtp, smtp::Dialect::lmtp)) return failed;
    }
    if (doors_.empty()) return context_.console.fail(Exit::config, "nothing to listen on: set server.smtp_listen");
    return std::nullopt;
}

// The folders are made while we still can.
std::optional<Exit> Serving::become_user() {
    server::Account account{getuid(), getgid(), "the current user"};
    if (server::is_root()) {
        const Result<server::Account> found = server::find_account(config_.server.user);
        if (!found) return fail(found.error());
        account = *found;
    }
    const std::string control_folder = std::filesystem::path(config_.server.control_socket).parent_path().string();
    for (const std::string& directory : {config_.store.directory, control_folder}) {
        if (const Result<void> made = server::make_private_directory(directory, account); !made) return fail(made.error());
    }
    if (auto failed = bind_control()) return failed;
    // Mailboxes that belong to others than server.user, and programs that run as others.
    const directory::DirectoryParams& places = config_.directory;
    const bool mailboxes =
        places.local_users != "any" || !places.local_owner.empty() || !places.virtual_mailboxes.empty() || !places.pipe_commands.empty();
    const Result<void> dropped = server::drop_privileges(account, mailboxes ? server::Keep::mailboxes : server::Keep::nothing);
    if (!dropped) return fail(dropped.error());
    return std::nullopt;
}

std::optional<Exit> Serving::open_spool() {
    store::LogOptions options;
    options.directory = config_.store.directory;
    options.segment_size = config_.store.segment_size;
    options.max_size = config_.store.max_size;
    options.reserve = config_.store.reserve;
    options.on_report = [this](const store::log::Report& found) { report(found); };
    Result<store::OpenedLog> opened = store::open_log(options, [this](std::function<void()> run) { world_.post(std::move(run)); });
    if (!opened) return fail(opened.error());
    for (const store::log::Report& found : opened->reports) report(found);
    engine_ = std::move(opened->engine);
    return std::nullopt;
}

void Serving::report(const store::log::Report& found) {
    log_.write(found.damage ? obs::Level::error : obs::Level::notice, found.damage ? "spool.damaged" : "spool.note", {{"what", found.message}});
}

void Serving::start() {
    const store::Totals totals = engine_->totals();
    server_ = std::make_unique<server::Server>(world_, log_, catalogue_, std::move(engine_), snapshot_);
    for (Door& door : doors_) {
        log_.write(obs::Level::notice, "server.listening", {{"at", to_text(door.listener->local())}});
        server_->serve(std::move(door.listener), door.dialect);
    }
    if (control_ != nullptr) server_->serve_control(std::move(control_));
    log_.write(obs::Level::notice, "server.started",
               {{"hostname", snapshot_->hostname}, {"version", PH_VERSION}, {"waiting", std::to_string(totals.messages)}});
    log_.flush();
}

// As at the start, the default file may be missing. One that is there and cannot be read any more (it was root who read it first) must not
// turn into a configuration of defaults.
std::vector<Fault> Serving::read_again(Settings& settings) const {
    const auto text = read_file(context_.config_file, max_config_file);
    if (text) return read_settings(settings, *text, context_.config_file);
    const bool may_be_missing = !context_.arguments.value("config") && access(context_.config_file.c_str(), F_OK) != 0 && errno == ENOENT;
    if (may_be_missing) return {};
    return {text.error()};
}

// The old configuration stays when the new one has a mistake.
void Serving::reload() {
    if (stopping_) return;
    Settings settings;
    const std::vector<Fault> faults = read_again(settings);
    const std::vector<server::HeldBack> held_back = server::keep_what_needs_restart(config_, settings.server);
    auto snapshot = faults.empty() ? server::make_snapshot(settings.server, {world_, log_, &full_mailboxes_}) : tl::unexpected(faults);
    if (!snapshot) {
        for (const Fault& fault : snapshot.error()) log_.write(obs::Level::error, "server.reload_refused", {{"why", to_text(fault)}});
        return;
    }
    for (const server::HeldBack& held : held_back) {
        log_.write(obs::Level::notice, "server.restart_needed", {{"parameter", held.name}, {"now", held.now}, {"asked", held.asked}});
    }
    if (const auto level = obs::parse_level(settings.server.server.log_level)) log_.set_level(*level);
    server_->reload(*std::move(snapshot));
    log_.flush();
}

void Serving::stop() {
    if (stopping_) return;
    stopping_ = true;
    world_.spawn(finish());
}

io::Task<void> Serving::finish() {
    co_await server_->stop();
    log_.flush();
    world_.stop();
}

io::Task<void> Serving::flush_log() {
    while (true) {
        co_await world_.sleep(Milliseconds(250));
        log_.flush();
    }
}

Exit Serving::run() {
    raise_descriptor_limit();
    for (const auto step : {&Serving::prepare, &Serving::open_doors, &Serving::become_user, &Serving::open_spool}) {
        if (const auto failed = (this->*step)()) return *failed;
    }
    start();
    world_.on_signal(SIGTERM, [this] { stop(); });
    world_.on_signal(SIGINT, [this] { stop(); });
    world_.on_signal(SIGHUP, [this] { reload(); });
    world_.spawn(flush_log());
    world_.run_loop();
    return Exit::ok;
}

}  // namespace

Exit run_serve(Context& context) {
    if (!context.arguments.words().empty()) return context.console.fail(Exit::usage, "serve takes no words");
    return Serving(context).run();
}

}  // namespace ph::app

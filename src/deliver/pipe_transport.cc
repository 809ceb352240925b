// deliver/pipe_transport.cc: one program, one recipient, one exit status. The program's environment has what its arguments can have, and
// nothing of ours.
#include "deliver/pipe_transport.h"

#include <utility>

#include "deliver/finding.h"
#include "deliver/local_text.h"
#include "deliver/pipe_status.h"
#include "directory/pipe_commands.h"

namespace ph::deliver {
namespace {

constexpr std::size_t piece_size = 256UL * 1024;
constexpr std::uint32_t program_crashed = 129;

// As the directory does it: the extension begins at the first delimiter that is not the first character.
directory::PipeValues values_of(const spool::Work& work, const mail::Mailbox& recipient, std::string_view delimiters) {
    directory::PipeValues values;
    values.sender = to_text(work.data.reverse_path);
    values.recipient = to_text(recipient);
    values.user = recipient.local_part;
    const std::size_t at = delimiters.empty() ? std::string::npos : recipient.local_part.find_first_of(delimiters, 1);
    if (at != std::string::npos) {
        values.user = recipient.local_part.substr(0, at);
        values.extension = recipient.local_part.substr(at + 1);
    }
    values.domain = recipient.domain;
    values.queue_id = to_text(work.id);
    return values;
}

std::vector<std::string> environment_of(const directory::PipeValues& values) {
    return {"PATH=/usr/local/bin:/usr/bin:/bin",
            "LC_ALL=C.UTF-8",
            "SENDER=" + values.sender,
            "RECIPIENT=" + values.recipient,
            "USER=" + values.user,
            "DOMAIN=" + values.domain,
            "EXTENSION=" + values.extension,
            "QUEUE_ID=" + values.queue_id};
}

// The header first, then the pieces, then the end.
class Input {
  public:
    Input(std::string header, const std::vector<std::string>& pieces) : header_(std::move(header)), pieces_(&pieces) {}
    std::string operator()() {
        if (!header_.empty()) return std::exchange(header_, {});
        return next_ < pieces_->size() ? (*pieces_)[next_++] : std::string();
    }

  private:
    std::string header_;
    const std::vector<std::string>* pieces_;
    std::size_t next_ = 0;
};

Attempt same_for_all(std::size_t count, const RecipientOutcome& outcome) {
    Attempt attempt;
    attempt.outcomes.assign(count, outcome);
    attempt.facts.host_trouble = true;
    return attempt;
}

}  // namespace

PipeTransport::PipeTransport(io::World& world, CurrentDirectory directory, BodyOpener& bodies, std::string delimiters)
    : world_(world), directory_(std::move(directory)), bodies_(bodies), delimiters_(std::move(delimiters)) {}

io::Task<Attempt> PipeTransport::attempt(const spool::Work& work, const directory::Route& route) {
    const Milliseconds start = world_.ticks();
    const std::shared_ptr<directory::Directory> directory = directory_();
    const directory::PipeCommand* command = directory->pipe_command(route.argument);
    if (command == nullptr) {
        co_return same_for_all(work.data.recipients.size(), finding({4, 3, 5}, 0, "no command " + one_line(route.argument) + " is configured"));
    }
    const store::Stored<Text> text = co_await read(work);
    if (!text) co_return same_for_all(work.data.recipients.size(), finding(text.error()));
    Attempt attempt;
    attempt.facts.reached = true;
    for (const spool::PendingRecipient& pending : work.data.recipients) {
        RecipientOutcome outcome = co_await run(work, *command, pending.recipient.address, *text);
        attempt.facts.host_trouble = attempt.facts.host_trouble || outcome.situation == program_crashed;
        attempt.outcomes.push_back(std::move(outcome));
    }
    attempt.facts.took = world_.ticks() - start;
    co_return attempt;
}

// Whole: the program's input is asked for piece by piece at any time, and the spool answers later.
io::Task<store::Stored<PipeTransport::Text>> PipeTransport::read(const spool::Work& work) {
    store::Stored<std::unique_ptr<BodySource>> source = co_await bodies_.open(work);
    if (!source) co_return tl::unexpected(source.error());
    Text text;
    LineEnds ends;
    std::string piece;
    while (true) {
        const store::Stored<std::string_view> next = co_await (*source)->next();
        if (!next) co_return tl::unexpected(next.error());
        if (next->empty()) break;
        ends.append(piece, *next);
        if (piece.size() >= piece_size) text.push_back(std::exchange(piece, {}));
    }
    ends.finish(piece);
    if (!piece.empty()) text.push_back(std::move(piece));
    co_return text;
}

io::Task<RecipientOutcome> PipeTransport::run(const spool::Work& work, const directory::PipeCommand& command, const mail::Mailbox& recipient,
                                              const Text& text) {
    const directory::PipeValues values = values_of(work, recipient, delimiters_);
    std::optional<std::vector<std::string>> argv = command.argv(values);
    if (!argv) co_return finding({5, 1, 3}, 126, "command " + command.name + " does not take an address that begins with \"-\"");
    io::Program program;
    program.argv = *std::move(argv);
    program.environment = environment_of(values);
    program.directory = command.directory;
    program.user = command.uid;
    program.group = command.gid;
    program.timeout = command.timeout;
    std::function<std::string()> input = Input(final_header(work.data.reverse_path, recipient), text);
    const Result<io::ProgramResult> result = co_await world_.run(std::move(program), std::move(input));
    if (!result) co_return finding({4, 3, 0}, program_crashed, "command " + command.name + " cannot be run: " + one_line(result.error().message));
    co_return outcome_of(*result, command.name);
}

}  // namespace ph::deliver
